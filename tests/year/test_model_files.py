"""The files of the model: styles, its reader, equal bytes for a seed, no foreign import."""

import ast
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.year.model.days import ZONE
from tests.year.model.files import (
    Cell,
    File,
    Month,
    Style,
    Sum,
    read,
    read_readings,
    read_registry,
    write,
)
from tests.year.supplier_files import play

MODEL = Path(__file__).parent / "model"


def test_the_model_imports_nothing_but_the_standard_library():
    foreign = {
        (file.name, name)
        for file in MODEL.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for name in imported(node)
        if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == set()


def imported(node: ast.AST) -> list[str]:
    """Absolute names; those of the package itself are relative, by one level."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level != 1:
        return ["." * node.level + (node.module or "")]
    return []


@pytest.mark.parametrize("seed", range(12))
def test_a_table_in_any_style_is_read_with_its_values(seed: int):
    style = Style.random(Random(seed))
    for file in play(seed, 2, style)[1]:
        plain, styled = (
            values(file, content) for content in (write(file.table, Style()), file.content)
        )
        assert (styled, len(styled)) == (plain, len(file.table.rows)), file.name


def values(file: File, content: bytes) -> list[str]:
    """The rows of a file as values of their columns' types, in an order of their own."""
    types = {
        name: next((row[name] for row in file.table.rows if row[name] is not None), None)
        for name in file.table.columns
    }
    return sorted(
        repr({name: parsed(row[name], cell) for name, cell in types.items()})
        for row in read(content)
    )


def parsed(text: str, cell: Cell) -> object:
    """The value of a text, given a value of its type."""
    if isinstance(cell, bool):
        return text in ("1", "да", "true")
    if isinstance(cell, Sum | Decimal) and text:
        return Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    if isinstance(cell, datetime) and text[2] == ".":
        return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=ZONE).isoformat()
    if isinstance(cell, date | Month) and "." in text:
        return "-".join(reversed(text.split(".")))
    return text


def test_the_same_seed_writes_the_same_bytes():
    script = (
        "import hashlib, sys; from random import Random;"
        "from tests.year.model.files import Style; from tests.year.supplier_files import play;"
        "_, files = play(5, 3, Style.random(Random(5)));"
        "print([hashlib.sha256(file.content).hexdigest() for file in files])"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": hash_seed},
            cwd=MODEL.parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(prints) == 1
    assert prints.pop().count(b"'") == 2 * len(play(5, 3, Style())[1])


def test_the_cabinets_exports_are_read_as_docs_import_md_describes_them():
    registry = (
        "external_id;account;amount;period;happened_at\n"
        "ЛК-0000008-1;0800000001;100.00;2026-10;2026-11-22T14:05:00+07:00\n"
        "ЛК-0000008-1В1;0800000001;-40.00;;2026-11-23T00:00:00Z\n"
    )
    readings = (
        "reading;account;meter;zone;value;taken_on;taken_at;received_at;period;state\n"
        "0b1c;0800000001;77;DAY;123.5;2026-11-20;;2026-11-20T10:00:00Z;2026-11;ACCEPTED\n"
    )
    assert [(row.amount, row.period) for row in read_registry(registry.encode())] == [
        (100_00, date(2026, 10, 1)),
        (-40_00, None),
    ]
    assert [row.value for row in read_readings(readings.encode())] == [Decimal("123.5")]

"""Round trip of examples/import: the samples are imported and exported unchanged."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import asyncpg
import pytest

from lk_graphql.demo.data.import_samples import write_samples
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.records import Records
from tests.support.import_runner import ImportRunner

SAMPLES = Path(__file__).parents[2] / "examples" / "import"


def sample(records: Records) -> str:
    return (SAMPLES / f"{records.name}.csv").read_text("utf-8")


def in_small_letters(records: Records) -> str:
    """The sample file with the names of all choices in lower case."""
    names = {column.name for column in records.columns if column.value.code == "BAD_CHOICE"}
    rows = csv.DictReader(StringIO(sample(records)), delimiter=";")
    changed = StringIO()
    writer = csv.DictWriter(changed, rows.fieldnames or (), delimiter=";")
    writer.writeheader()
    for row in rows:
        writer.writerow({n: v.lower() if n in names else v for n, v in row.items()})
    return changed.getvalue()


@pytest.mark.parametrize("written", [sample, in_small_letters])
async def test_the_samples_come_in_and_go_out_the_same(
    importer: ImportRunner,
    database: str,
    opened: asyncpg.Connection,
    written: Callable[[Records], str],
):
    for kind in KINDS.values():
        files = [importer.put(f"{one.name}.csv", written(one)) for one in kind.records]
        outcome = await importer.load(kind.kind, *files)
        assert outcome.faults == [], importer.faults()[:5]
    await opened.execute("UPDATE account SET data_as_of = (SELECT max(as_of) FROM account_balance)")
    for path in await write_samples(database, importer.folder):
        exported, original = path.read_text(), (SAMPLES / path.name).read_text()
        assert sorted(exported.splitlines()) == sorted(original.splitlines())
    open_bills = "SELECT sum(unpaid) FROM invoice"
    owed_total = "SELECT sum(debt + penalty) FROM account_balance"
    assert await opened.fetchval(open_bills) <= await opened.fetchval(owed_total)

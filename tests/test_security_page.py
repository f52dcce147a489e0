"""The page about security: what it names exists, and its counts are those of its rows."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from lk_graphql.settings import Settings, variable_of

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
TEXT = PAGE.read_text()
REQUIREMENTS = {
    "V1": 27, "V2": 11, "V3": 19, "V4": 10, "V5": 9, "V6": 35, "V7": 18, "V8": 7, "V9": 7,
    "V10": 29, "V11": 14, "V12": 9, "V13": 13, "V14": 9, "V15": 13, "V16": 16, "V17": 7,
}  # fmt: skip
"""Of level 1 and 2 in each chapter of ASVS 5.0.0."""
NUMBER = r"\d+\.\d+\.\d+"
EVIDENCE = re.compile(r"`[\w/.]+(?:::\w+)?`|\]\([^)]+\)|make check|the same (?:test|page)")


class Row(NamedTuple):
    """A requirement in a table of the page."""

    number: str
    level: str
    status: str
    place: str


ROW = re.compile(rf"^\| ({NUMBER}) \| (\S+) \| [^|]+ \| (\S+) \| (.+) \|$", re.MULTILINE)
ROWS = [Row(*cells) for cells in ROW.findall(TEXT)]


@cache
def is_test(name: str) -> bool:
    """Whether `folder/test_file.py` or `folder/test_file.py::test_name` exists."""
    path, _, function = name.partition("::")
    file = ROOT / "tests" / path.removeprefix("tests/")
    found = file.is_file()
    return found and (not function or f"def {function}(" in file.read_text())


def is_module(name: str) -> bool:
    path = ROOT / "src" / "lk_graphql" / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def is_link(target: str) -> bool:
    """Whether a page and its heading exist."""
    path, _, heading = target.partition("#")
    file = (PAGE.parent / path).resolve() if path else PAGE
    titles = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE) if file.is_file() else []
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    return file.is_file() and (not heading or heading in anchors)


def chapters() -> dict[str, str]:
    """The text of each chapter of requirements."""
    tables = TEXT.partition("\n## Deviations")[0]
    parts = re.split(r"^### (V\d+) .*$", tables, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def numbers_of(heading: str) -> list[str]:
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(rf"\*\*({NUMBER})\*\*", section)


def test_every_test_that_is_named_exists():
    names = re.findall(r"`((?:[\w-]+/)*test_\w+\.py(?:::\w+)?)`", TEXT)

    assert len(names) > 200
    assert [name for name in names if not is_test(name)] == []


def test_every_module_setting_and_link_exists():
    modules = re.findall(r"`(logs|[a-z_]+(?:\.(?!py`)[a-z_]+)+)`", TEXT)
    settings = {variable_of(name) for name in Settings.model_fields}
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in link]

    assert [name for name in modules if not is_module(name)] == []
    assert set(re.findall(r"LK_\w+", TEXT)) <= settings
    assert [link for link in links if not is_link(link)] == []


@pytest.mark.parametrize("level", ["1", "2"])
def test_the_counts_at_the_top_are_those_of_the_rows(level: str):
    counts = Counter(row.status for row in ROWS if row.level == level)
    top = re.search(rf"^\| {level} \| (\d+) \| (\d+) \| (\d+) \|$", TEXT, re.MULTILINE)

    assert top is not None
    assert tuple(map(int, top.groups())) == (counts["met"], counts["argued"], counts["open"])


def test_every_row_is_well_formed_and_names_its_evidence():
    assert len({row.number for row in ROWS}) == len(ROWS)
    assert {row.level for row in ROWS} == {"1", "2"}
    assert {row.status for row in ROWS} <= {"met", "argued", "open"}
    assert [row.number for row in ROWS if not EVIDENCE.search(row.place)] == []


def test_every_deviation_and_every_gap_is_explained():
    for heading, status in (("Deviations", "argued"), ("Open", "open")):
        explained = numbers_of(heading)
        assert sorted(explained) == sorted(row.number for row in ROWS if row.status == status)


def test_every_requirement_of_the_two_levels_has_a_row_or_does_not_apply():
    found = {
        chapter: int(all_of_it.group(1))
        if (all_of_it := re.search(r"^Doesn't apply: all (\d+)", text, re.MULTILINE))
        else len(set(re.findall(NUMBER, text)))
        for chapter, text in chapters().items()
    }
    chapter_of = {row.number: f"V{row.number.partition('.')[0]}" for row in ROWS}

    assert found == REQUIREMENTS
    assert all(number in chapters()[chapter] for number, chapter in chapter_of.items())

"""Direct COPY of plain files gives the same rows as `SourceReader`."""

from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lk_graphql.exchange.service import loading
from lk_graphql.import_formats.service.catalog import inspect_file
from lk_graphql.tabular import plain_files
from lk_graphql.tabular.table_files import FileRefused, Source, SourceReader

STAGE = """CREATE TEMP TABLE stage_things (file smallint,
    line integer DEFAULT nextval('pg_temp.import_line'), a text, b text, c text) ON COMMIT DROP"""
Rows = list[tuple[int, tuple[str | None, ...]]]

cells = st.text(st.sampled_from('ая1.-\\№ \t"\n\r;,\u00a0\u202f\u2009\u0085\u000b'), max_size=4)
plain = st.text(st.sampled_from("ая1.-№"), max_size=4)
rows = st.lists(st.lists(plain, min_size=3, max_size=3) | st.lists(cells, max_size=4), max_size=4)


def ignore_progress(position: int, rows: int) -> None:
    """Ignore progress."""


async def copy_file(
    connection: asyncpg.Connection, source: Source, size: int | None
) -> Rows | None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(loading.LINE_SEQUENCE)
        await connection.execute(STAGE)
        place = connection, "stage_things"
        count = await loading.copy_raw(*place, source, 7, ignore_progress, size)
        records = await connection.fetch(
            "SELECT file, line, a, b, c FROM stage_things ORDER BY line"
        )
        assert {row["file"] for row in records} <= {7}
        assert len(records) == (count or 0)
        return None if count is None else [(row[1], tuple(row[2:])) for row in records]
    finally:
        await transaction.rollback()


def read_lines(source: Source) -> Rows:
    return [(line.number, line.cells) for line in SourceReader(source).lines(source.columns)]


def write_source(path: Path, text: bytes) -> Source:
    path.write_bytes(text)
    return inspect_file(path)


async def is_copied(connection: asyncpg.Connection, path: Path, text: bytes) -> bool:
    """Whether the file was copied directly; if so, compare the rows with `SourceReader`'s."""
    source = write_source(path, text)
    rows = await copy_file(connection, source, None)
    assert await copy_file(connection, source, 10) == rows  # by COPYs of some lines
    if rows is not None:
        assert rows == read_lines(source)
    return rows is not None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1251"]))
@example([["x", "", "1"]], "\n", "utf-8")
async def test_a_directly_copied_file_has_the_rows_of_the_reader(
    opened: asyncpg.Connection, tmp_path: Path, lines: list[list[str]], end: str, encoding: str
):
    text = end.join(["a;b;c", *map(";".join, lines)])
    try:
        await is_copied(opened, tmp_path / "a.csv", text.encode(encoding, errors="replace"))
    except FileRefused:
        return  # refused by `SourceReader`, after COPY was not possible


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["a;b;c", "sep=;\na;b;c"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
async def test_a_plain_file_goes_directly(
    opened: asyncpg.Connection, tmp_path: Path, head: str, end: str, encoding: str
):
    text = f"{head}\nИванова;;1,5\n2;№ 7;\n".replace("\n", end)
    assert await is_copied(opened, tmp_path / "a.csv", text.encode(encoding))


@pytest.mark.parametrize(
    "line",
    [
        "1;2",
        "1;2;3;4",
        ";;",
        "",
        "1; 2;3",
        ' "1";2;3',
        '"1";2;3',
        "1;2;\u00a03",
        "1;2;\\.",
        "1\r;2;3",
        "1;2;\u202e3",
    ],
)
async def test_a_file_that_isn_t_plain_is_not_copied_directly(
    opened: asyncpg.Connection, tmp_path: Path, line: str
):
    text = f"a;b;c\n1;2;3\n{line}\n4;5;6\n"
    assert not await is_copied(opened, tmp_path / "a.csv", text.encode())


async def test_an_irregular_line_between_two_chunks_is_detected(
    opened: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for size in range(1, 12):
        monkeypatch.setattr(plain_files, "_CHUNK", size)
        assert not await is_copied(opened, tmp_path / "a.csv", b"a;b;c\n1;2;3\n;;\n4;5;6\n")
        assert await is_copied(opened, tmp_path / "a.csv", b"a;b;c\n1;2;3\n4;5;6\n")

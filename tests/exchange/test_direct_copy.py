"""What goes to COPY as it is comes out as our own reader would have read it."""

from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lk_graphql.exchange.service import loading
from lk_graphql.exchange.service.files import FileRefused, Source, SourceReader, inspect_file

STAGE = """CREATE TEMP TABLE stage_things (file smallint,
    line integer DEFAULT nextval('pg_temp.import_line'), a text, b text, c text) ON COMMIT DROP"""
Rows = list[tuple[int, tuple[str | None, ...]]]

cells = st.text(st.sampled_from('ая1.-\\№ \t"\n\r;,\u00a0\u202f\u2009\u0085\u000b'), max_size=4)
plain = st.text(st.sampled_from("ая1.-№"), max_size=4)
rows = st.lists(st.lists(plain, min_size=3, max_size=3) | st.lists(cells, max_size=4), max_size=4)


def untold(position: int, rows: int) -> None:
    """Nobody looks at a bar."""


async def copied(connection: asyncpg.Connection, source: Source) -> Rows | None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(loading.LINES)
        await connection.execute(STAGE)
        count = await loading.copy_raw(connection, "stage_things", source, 7, untold)
        found = await connection.fetch("SELECT file, line, a, b, c FROM stage_things ORDER BY line")
        assert {row["file"] for row in found} <= {7}
        assert len(found) == (count or 0)
        return None if count is None else [(row[1], tuple(row[2:])) for row in found]
    finally:
        await transaction.rollback()


def read(source: Source) -> Rows:
    return [(line.number, line.cells) for line in SourceReader(source).lines(source.columns)]


def written(path: Path, text: bytes) -> Source:
    path.write_bytes(text)
    return inspect_file(path)


async def compared(connection: asyncpg.Connection, path: Path, text: bytes) -> bool:
    """Whether the file went directly; then it is what our reader reads."""
    source = written(path, text)
    found = await copied(connection, source)
    if found is not None:
        assert found == read(source)
    return found is not None


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1251"]))
@example([["x", "", "1"]], "\n", "utf-8")
async def test_what_is_copied_directly_is_what_is_read(
    opened: asyncpg.Connection, tmp_path: Path, lines: list[list[str]], end: str, encoding: str
):
    text = end.join(["a;b;c", *map(";".join, lines)])
    try:
        await compared(opened, tmp_path / "a.csv", text.encode(encoding, errors="replace"))
    except FileRefused:
        return  # by our reader, and by nobody before it


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["a;b;c", "sep=;\na;b;c"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
async def test_a_plain_file_goes_directly(
    opened: asyncpg.Connection, tmp_path: Path, head: str, end: str, encoding: str
):
    text = f"{head}\nИванова;;1,5\n2;№ 7;\n".replace("\n", end)
    assert await compared(opened, tmp_path / "a.csv", text.encode(encoding))


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
    ],
)
async def test_what_isn_t_plain_is_left_to_our_reader(
    opened: asyncpg.Connection, tmp_path: Path, line: str
):
    text = f"a;b;c\n1;2;3\n{line}\n4;5;6\n"
    assert not await compared(opened, tmp_path / "a.csv", text.encode())


async def test_it_is_found_where_two_pieces_meet(
    opened: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for size in range(1, 12):
        monkeypatch.setattr(loading, "_CHUNK", size)
        assert not await compared(opened, tmp_path / "a.csv", b"a;b;c\n1;2;3\n;;\n4;5;6\n")
        assert await compared(opened, tmp_path / "a.csv", b"a;b;c\n1;2;3\n4;5;6\n")

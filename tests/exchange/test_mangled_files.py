"""A file that another program has written in its way is read right, or refused by line."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from random import Random

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.exchange.service import accounts, balances
from lk_graphql.exchange.service.exports import dump
from lk_graphql.exchange.service.loading import Loading
from lk_graphql.import_formats.service.balances import BALANCES
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file, recognize
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import FileColumn, ImportFormat, Records
from lk_graphql.kit.viewer import Viewer
from lk_graphql.tabular.table_files import FileRefused
from tests.exchange.mangling import Layout, Row, Writer, read_table, spellings
from tests.exchange.test_appeals_exchange import create_meter_appeal, message_of
from tests.factories.appeals import CORRUPTION
from tests.support.client import COMPANY
from tests.support.import_runner import NOW, ImportRunner
from tests.support.path_comparison import EXAMPLES

SAMPLES = Path(__file__).parents[2] / "examples" / "import"
TABLES = {
    f"{kind.kind}/{records.name}": (kind, records)
    for kind in KINDS.values()
    for records in kind.records
}
ONLY_PART = {"reading_answers", "appeal_answers"}
"""Files without samples; they are loaded alone."""
Good = dict[str, list[Row]]


def ignore_progress(step: str, position: int, total: int, rows: int) -> None:
    """Ignore progress."""


@dataclass
class Outcome:
    """Rows in the tables after an import that is rolled back, and the lines of bad rows."""

    loaded: dict[str, list[str]]
    faults: list[tuple[str, int, str, str]]
    """Records, line, column and code."""


@dataclass
class Cabinet:
    """A database with all samples, into which files of a kind are loaded again and again."""

    connection: asyncpg.Connection
    folder: Path
    good: Good = field(repr=False)
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome], repr=False)

    async def load(self, kind: ImportFormat, files: dict[str, bytes]) -> Outcome:
        """Load files by name into empty tables of this kind. Raises `FileRefused`."""
        paths = [self.folder / f"{name}.csv" for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        sources = [inspect_file(path) for path in paths]
        recognized = tuple((source, recognize(source, kind)) for source in sources)
        async with self._rolled_back(kind, files) as connection:
            loading = Loading(kind, ignore_progress)
            await loading.stage(connection, recognized)
            await loading.check(connection)
            await loading.count(connection)
            if BALANCES.name in loading.tallies:
                await balances.compute_balances(connection, kind)
                await balances.recompute_unpaid(connection, kind)
            for records in kind.records:
                if records is not BALANCES:
                    await loading.write(connection, records)
            if BALANCES.name in loading.tallies:
                await balances.write_balances(connection, kind)
            if kind.kind is ImportKind.ACCOUNTS:
                await accounts.add_holders(connection)
            names = [name for name in files if not (name == BALANCES.name and len(files) > 2)]
            loaded = {name: await self._dump(connection, kind.by_name[name]) for name in names}
            faults = await connection.fetch(
                'SELECT records, line, "column", code FROM fault WHERE NOT is_note'
            )
            return Outcome(loaded, [tuple(fault) for fault in faults])

    def companions(self, kind: ImportFormat, name: str) -> Good:
        """The files that are loaded with one of them, and it."""
        if name in ONLY_PART or kind.stand_alone:
            return {name: self.good[name]}
        names = [records.name for records in kind.records if records.name not in ONLY_PART]
        return {name: self.good[name] for name in names}

    async def expected(self, kind: ImportFormat, good: Good) -> Outcome:
        key = " ".join(good)
        if key not in self.outcomes:
            files = {name: plain(rows) for name, rows in good.items()}
            self.outcomes[key] = await self.load(kind, files)
            assert self.outcomes[key].faults == []
        return self.outcomes[key]

    async def _dump(self, connection: asyncpg.Connection, records: Records) -> list[str]:
        path = self.folder / "dump"
        await dump(connection, records, path)
        return path.read_text().splitlines()[1:]

    @asynccontextmanager
    async def _rolled_back(
        self, kind: ImportFormat, names: Iterable[str]
    ) -> AsyncGenerator[asyncpg.Connection]:
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            for name, value in {
                "datestyle": "ISO, DMY",
                "timezone": COMPANY.zone.key,
                "lk.as_of": NOW.isoformat(),
                "lk.now": NOW.isoformat(),
                "lk.account_number_pattern": f"^(?:{COMPANY.account_number_pattern})$",
            }.items():
                await self.connection.execute("SELECT set_config($1, $2, true)", name, value)
            tables = ", ".join(f'"{kind.by_name[name].table}"' for name in names)
            await self.connection.execute(f"TRUNCATE {tables} CASCADE")
            yield self.connection
        finally:
            await transaction.rollback()


@pytest_asyncio.fixture
async def cabinet(
    importer: ImportRunner, opened: asyncpg.Connection, anna: Viewer
) -> AsyncIterator[Cabinet]:
    for kind in KINDS.values():
        files = [SAMPLES / f"{records.name}.csv" for records in kind.records]
        assert (await importer.load(kind.kind, *files)).faults == []
    appeal = await create_meter_appeal(anna, CORRUPTION, hides=False)
    good = {
        records.name: read_table((SAMPLES / f"{records.name}.csv").read_text())
        for kind in KINDS.values()
        for records in kind.records
    }
    keys = await opened.fetch("SELECT id::text FROM reading ORDER BY id LIMIT 9")
    good["reading_answers"] = [
        {"reading": key, "state": "ACCEPTED", "answer": "RECEIVED", "reason": "", "as_of": ""}
        | ({"answer": "REJECTED", "reason": "Не похоже; 10 %"} if number % 3 == 0 else {})
        | {"as_of": f"2026-11-2{number % 3}T10:05:0{number}.000000Z"}
        for number, (key,) in enumerate(keys)
    ]
    good["appeal_answers"] = [
        {"message": await message_of(appeal), "as_of": "2026-11-21T10:05:00.000000Z"}
    ]
    yield Cabinet(opened, importer.folder, good)


layouts = st.builds(
    Layout,
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    json=st.sampled_from(["", "", "", "lines", "array", "pretty", "values"]),
    quotes_all=st.booleans(),
    has_sep_line=st.booleans(),
    titles=st.integers(0, 2),
    empty_first=st.integers(0, 2),
    has_blank_lines=st.booleans(),
    empty_columns=st.integers(0, 2),
    header=st.sampled_from(["as it is", "upper", "blanks"]),
    has_control_z=st.booleans(),
    shuffle=st.integers(0, 3),
    ends_without_line_end=st.booleans(),
)
DAMAGES = [
    *("cut", "doubled", "bom inside", "header inside", "total", "byte", "NUL", "ragged"),
    *("mixed ends", "CR CR LF", "NEL", "cp866", "read as cp1251", "key twice"),
]
RECOGNISED = 15
"""Russian letters by which a misread text is recognised; fewer may be a foreign name."""
damages = st.sampled_from([*[""] * 8, *DAMAGES])
tables = st.sampled_from([*TABLES])
_SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def profile(examples: int) -> settings:
    return settings(
        max_examples=EXAMPLES or examples,
        deadline=None,
        suppress_health_check=_SUPPRESSED,
        derandomize=not EXAMPLES,
    )


@profile(15)
@given(tables, layouts)
async def test_a_layout_changes_nothing(cabinet: Cabinet, table: str, layout: Layout):
    kind, records = TABLES[table]
    good = cabinet.companions(kind, records.name)
    if records.name == "appeal_answers" and layout.titles:
        layout = replace(layout, titles=0)  # nothing tells a title from the only column's name
    expected = await cabinet.expected(kind, good)
    files = {name: plain(rows) for name, rows in good.items()}
    rows = good[records.name]
    files[records.name] = Writer(layout).write([*rows[0]], rows)

    try:
        outcome = await cabinet.load(kind, files)
    except FileRefused:
        if layout.encoding == "cp1251":  # it has too few letters to be recognised
            return
        raise

    assert outcome.faults == []
    assert {name: Counter(lines) for name, lines in outcome.loaded.items()} == {
        name: Counter(lines) for name, lines in expected.loaded.items()
    }


def plain(rows: list[Row]) -> bytes:
    return Writer(Layout()).write([*rows[0]], rows)


def respelled(
    records: Records, rows: list[Row], chance: Random, *, is_json: bool
) -> tuple[list[Row], set[tuple[int, str]]]:
    """The rows in other spellings: of some cells, of a column, or of all numbers of the file."""
    rows, raw = [{**row} for row in rows], set[tuple[int, str]]()
    for _ in range(chance.choice((1, 1, 2, 4))):
        column = chance.choice(records.columns)
        offered = spellings(column, chance.choice([row[column.name] for row in rows]))
        names = [name for name in offered if is_detectable(name, column, is_json=is_json)]
        if not names:
            continue
        name, columns = chance.choice(names), [column]
        scope = chance.sample(range(len(rows)), chance.randint(1, len(rows)))
        if name in {"comma groups", "point groups"} or chance.random() < 0.4:
            scope = [*range(len(rows))]
        if name in {"comma groups", "point groups"}:  # a setting of the whole program
            columns = [other for other in records.columns if other.value.is_number]
        for number, changed in product(scope, columns):
            text = rows[number][changed.name]
            if spell := spellings(changed, text).get(name):
                with suppress(ValueError, ArithmeticError):  # it is respelled already
                    rows[number][changed.name] = spell(text)
            if name in {"quote", "inner quotes"}:
                raw.add((number, changed.name))
    return rows, raw


def is_detectable(name: str, column: FileColumn, *, is_json: bool) -> bool:
    """Nothing tells other serial numbers without their zeros; JSON has no raw quotation marks."""
    if name == "lost zeros":
        return column.name in {"account", "number"}
    return not (is_json and name in {"quote", "inner quotes"})


def damaged(content: bytes, layout: Layout, damage: str, chance: Random) -> bytes:
    """The file with damage that isn't one of cells."""

    def encoded(text: str) -> bytes:
        encoding = layout.encoding.replace("utf-16", "utf-16-le").removesuffix("-sig")
        return text.encode(encoding, "replace")

    end, place = (
        encoded(layout.line_end).removeprefix(b"\xef\xbb\xbf"),
        chance.randrange(len(content)),
    )
    lines = content.split(end)
    middle = len(lines) // 2
    # a line without its last cell; one with a single cell stays, as a blank line is no row
    shorter = lines[middle].rpartition(encoded(layout.delimiter))[0] or lines[middle]
    variants = {
        "": content,
        "cut": content[:place],
        "doubled": content + content,
        "bom inside": end.join([*lines[:middle], encoded("\ufeff"), *lines[middle:]]),
        "header inside": end.join([*lines[:middle], lines[0], *lines[middle:]]),
        "total": content + end + encoded(layout.delimiter.join(["Итого:", "", "1 234,50"])),
        "NUL": content[:place] + b"\0" + content[place:],
        "ragged": end.join([*lines[:middle], shorter, *lines[middle + 1 :]]),
        "mixed ends": content.replace(end, encoded("\r\n"), middle),
        "CR CR LF": content.replace(end, encoded("\r\r\n")),
        "NEL": content.replace(end, encoded("\x85"), middle),
        "key twice": content.replace(encoded("{"), encoded('{"as_of": null, "as_of": "",'), 1),
        "byte": content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :],
    }
    text = content.decode(layout.encoding, "replace")
    if damage == "cp866":
        return text.encode("cp866", "replace")
    if damage == "read as cp1251" and sum(letter > "\x7f" for letter in text) >= RECOGNISED:
        return text.encode().decode("cp1251", "replace").encode()
    if damage == "read as cp1251":
        return content
    return variants[damage]


def is_cut(line: str, lines: list[str]) -> bool:
    """Whether a line is one of these, of which a cell has lost its end."""
    cells = [(line.split(";"), other.split(";")) for other in lines]
    return any(
        len(cut) == len(whole) and all(map(str.startswith, whole, cut)) for cut, whole in cells
    )


@pytest.mark.fuzz
@profile(40)
@given(tables, layouts, damages, st.integers(0, 2**32))
async def test_a_mangled_file_is_read_right_or_refused_by_line(
    cabinet: Cabinet,
    table: str,
    layout: Layout,
    damage: str,
    seed: int,
):
    kind, records = TABLES[table]
    chance = Random(seed)
    good = cabinet.companions(kind, records.name)
    expected = await cabinet.expected(kind, good)
    rows, raw = respelled(records, good[records.name], chance, is_json=bool(layout.json))
    files = {name: plain(rows) for name, rows in good.items()}
    content = Writer(layout, raw).write([*rows[0]], rows)
    files[records.name] = damaged(content, layout, damage, chance)

    try:
        outcome = await cabinet.load(kind, files)
    except FileRefused as refusal:
        if records.name in str(refusal):
            return
        raise

    for name, lines in expected.loaded.items():
        loaded, true = Counter(outcome.loaded[name]), Counter(lines)
        changed = [*loaded - true]
        if damage == "cut":  # nothing tells that the last cell was longer
            changed = [line for line in changed if not is_cut(line, lines)]
        if damage != "byte":  # another letter or digit is as good as any
            assert changed == []
        bad = {line for records_name, line, *_ in outcome.faults if records_name == name}
        lost = (true - loaded).total()
        if damage not in {"cut", "byte"}:
            assert lost <= len(bad), (name, lost, bad)

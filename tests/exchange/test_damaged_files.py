"""A damaged byte never changes the meaning of other rows."""

import json
import random
from datetime import date
from pathlib import Path

import pytest

from lk_graphql.accounts.models import AccountLink, Holder, LinkState
from lk_graphql.billing.models import PenaltyRate
from lk_graphql.exchange.models import ImportState
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file, recognize
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import ImportFormat
from lk_graphql.kit.viewer import Viewer
from lk_graphql.tabular.table_files import FileRefused, SourceLine, SourceReader
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.accounts import given_link
from tests.support.import_runner import ImportRunner
from tests.support.path_comparison import EXAMPLES

SAMPLES = Path(__file__).parents[2] / "examples" / "import"
FILES = [
    (kind, SAMPLES / f"{name}.csv")
    for name, kind in {
        records.name: kind for kind in KINDS.values() for records in kind.records
    }.items()
]
"""Each file once, though two kinds may have it: it is read in the same way."""
POSITIONS = EXAMPLES or 8
"""Sampled bytes of each file."""


def read(path: Path, kind: ImportFormat) -> list[SourceLine]:
    source = inspect_file(path)
    recognize(source, kind)
    return [*SourceReader(source).lines(source.columns)]


def damaged(content: bytes, position: int, chance: random.Random) -> list[bytes]:
    """Delete a byte, double it, and replace it by others."""
    before, byte, after = content[:position], content[position], content[position + 1 :]
    others = {byte ^ 0x80, byte ^ 1 << chance.randrange(7), chance.randrange(1, 256), *b'";\n\r'}
    return [
        before + after,
        before + bytes([byte, byte]) + after,
        *(before + bytes([other]) + after for other in others - {byte}),
    ]


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("kind", "sample"), FILES, ids=[f"{kind.kind}-{path.stem}" for kind, path in FILES]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_damaged_row_leaves_other_rows_unchanged(
    tmp_path: Path, kind: ImportFormat, sample: Path, encoding: str
):
    content = sample.read_text().encode(encoding)
    path = tmp_path / "damaged.csv"
    path.write_bytes(content)
    try:
        rows = [line.cells for line in read(path, kind)]
    except FileRefused:
        assert encoding == "cp1251"  # it has too few letters to be recognised
        return
    chance = random.Random(f"{sample.stem} {encoding}")
    positions = range(len(content))
    for position in chance.sample(positions, min(POSITIONS, len(content))):
        above = content[:position].count(b"\n")
        for variant in damaged(content, position, chance):
            path.write_bytes(variant)
            try:
                found = read(path, kind)
            except FileRefused:
                continue
            cells = [line.cells for line in found]
            if not above:  # a header that has lost its last columns
                good = {line.cells for line in found if line.number > 2 and not line.fault_code}
                assert good <= {row[:width] for row in rows for width in range(1, len(row) + 1)}
                continue
            kept = max(above - 1, 0)
            assert cells[:kept] == rows[:kept]
            below = len(rows) - kept - 2  # the row itself, and one that it may be joined with
            assert below <= 0 or cells[-below:] == rows[-below:]


LETTERS = [(kind, path) for kind, path in FILES if not path.read_text().isascii()]


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("kind", "sample"), LETTERS, ids=[f"{kind.kind}-{path.stem}" for kind, path in LETTERS]
)
@pytest.mark.parametrize("form", ["csv", "csv with BOM", "jsonl"])
def test_a_character_cut_in_half_is_a_bad_row_with_line_and_column(
    tmp_path: Path, kind: ImportFormat, sample: Path, form: str
):
    source = inspect_file(sample)
    rows = [*SourceReader(source).lines(source.columns)]
    text = sample.read_text()
    if form == "jsonl":
        text = "\n".join(as_json(source.columns, row) for row in rows) + "\n"
    content = text.encode("utf-8-sig" if "BOM" in form else "utf-8")
    path = tmp_path / "cut.csv"
    cuts = [
        position
        for position, byte in enumerate(content)
        if byte > 127 and position > 2  # not the byte order mark
    ]
    chance = random.Random(sample.stem)
    for position in chance.sample(cuts, min(POSITIONS, len(cuts))):
        path.write_bytes(content[:position] + content[position + 1 :])
        found = read(path, kind)
        bad = [line for line in found if line.fault_code]
        assert [(line.number, line.fault_code) for line in bad] == [
            (content[:position].count(b"\n") + 1, "BAD_ENCODING")
        ]
        original = rows[found.index(bad[0])]
        column = source.columns.index(str(bad[0].column))
        assert bad[0].description
        assert "\N{REPLACEMENT CHARACTER}" in bad[0].description
        assert not str(original.cells[column]).isascii()
        good = [line.cells for line in found if not line.fault_code]
        assert good == [row.cells for row in rows if row is not original]


def as_json(columns: tuple[str, ...], row: SourceLine) -> str:
    return json.dumps(dict(zip(columns, row.cells, strict=True)), ensure_ascii=False)


async def test_one_cut_character_affects_one_account(importer: ImportRunner, anna: Viewer):
    """Issue I-01: the file was read as Windows-1251, and all holders were other people."""
    await importer.load(ImportKind.ACCOUNTS, SAMPLES / "accounts.csv")
    holders = Holder.all().order_by("id").values_list("id", "last_name", "first_name", "until")
    before = await holders
    for holder in await Holder.all().prefetch_related("account"):
        await given_link(anna, holder.account)
    content = (SAMPLES / "accounts.csv").read_bytes()
    position = content.index("Новокузнецк".encode(), 2000) + 1
    file = importer.folder / "accounts.csv"
    file.write_bytes(content[:position] + content[position + 1 :])

    outcome = await importer.load(ImportKind.ACCOUNTS, file)

    line = str(content[:position].count(b"\n") + 1)
    ((_, number, column, code, value),) = importer.faults()
    assert (number, column, code) == (line, "address", "BAD_ENCODING")
    assert "\N{REPLACEMENT CHARACTER}овокузнецк" in value
    assert (outcome.run.state, outcome.run.errors, outcome.run.rows_loaded) == (
        ImportState.DONE,
        1,
        0,
    )
    assert await holders == before
    assert await AccountLink.exclude(state=LinkState.ACTIVE).count() == 0


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [
        ("cp866", "seems to be in CP866"),
        ("koi8_r", "seems to be in KOI8-R"),
        ("mac_cyrillic", "seems to be in MacCyrillic"),
        ("utf-32", "is in UTF-32"),
        ("utf-16-le", "seems to be in UTF-16 without a byte order mark"),
    ],
)
def test_another_encoding_is_refused_by_its_name(tmp_path: Path, encoding: str, reason: str):
    path = tmp_path / "accounts.csv"
    path.write_bytes((SAMPLES / "accounts.csv").read_text().encode(encoding))

    with pytest.raises(FileRefused, match=reason):
        inspect_file(path)


def test_a_file_in_two_encodings_is_refused(tmp_path: Path):
    lines = (SAMPLES / "accounts.csv").read_text().splitlines(keepends=True)
    path = tmp_path / "accounts.csv"
    for count in (1, len(lines) // 2, len(lines) - 2):
        head, tail = "".join(lines[:-count]), "".join(lines[-count:])
        path.write_bytes(head.encode() + tail.encode("cp1251"))

        with pytest.raises(FileRefused, match="lines are in UTF-8 and"):
            inspect_file(path)


async def test_a_byte_that_windows_1251_lacks_is_a_bad_row(importer: ImportRunner):
    file = importer.put("a.csv", ACCOUNTS, "cp1251")
    file.write_bytes(file.read_bytes().replace("Пелагея".encode("cp1251"), b"\xcf\x98\xea"))

    outcome = await importer.load(ImportKind.ACCOUNTS, file)

    assert importer.faults() == [
        ("a.csv", "2", "holder_first_name", "BAD_ENCODING", "П\N{REPLACEMENT CHARACTER}к")
    ]
    assert outcome.run.rows_loaded == 1


async def test_a_character_that_was_lost_before_is_a_bad_row(importer: ImportRunner):
    text = ACCOUNTS.replace("Пелагея", "Пел\N{REPLACEMENT CHARACTER}гея")

    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert [fault[1:4] for fault in importer.faults()] == [
        ("2", "holder_first_name", "BAD_ENCODING")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_lines_may_end_in_three_ways(importer: ImportRunner, end: str):
    text = ACCOUNTS.replace('"', "").replace("; кв", " кв").replace("\n", end)

    outcome = await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert (outcome.run.rows_read, outcome.run.rows_loaded) == (2, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
async def test_no_row_is_lost_behind_a_line_that_names_the_delimiter(
    importer: ImportRunner, end: str
):
    row = "2026-01-01;9.5"
    text = "".join(line + end for line in ("sep=;", "valid_from;percent", row))

    outcome = await importer.load(ImportKind.TARIFFS, importer.put("r.csv", text))

    assert (outcome.run.rows_read, outcome.run.rows_loaded) == (1, 1)
    assert await PenaltyRate.all().values_list("valid_from", flat=True) == [date(2026, 1, 1)]


PAYMENTS = [f"0000000001;P-{number};2026-10-07;100;Почта" for number in range(4)]
QUOTED = [
    (1, "Почта", '"Почта'),  # to the end of the file
    (3, "Почта", '"Почта'),
    (1, "0000000001", '"0000000001'),
    (2, "P-2", '"P-2'),
]


@pytest.mark.parametrize(("row", "value", "unpaired"), QUOTED)
@pytest.mark.parametrize("closing", ["", "0000000001;P-9;2026-10-07;100;" + '"Почта"\n'])
def test_an_unpaired_quotation_mark_swallows_no_rows(
    tmp_path: Path, row: int, value: str, unpaired: str, closing: str
):
    lines = list(PAYMENTS)
    lines[row] = lines[row].replace(value, unpaired)
    path = tmp_path / "payments.csv"
    header = "account;external_id;paid_on;amount;agent\n"
    path.write_text(header + "\n".join(lines) + "\n" + closing)

    with pytest.raises(FileRefused, match=f"line {row + 2}:.*never closed"):
        read(path, KINDS[ImportKind.PAYMENTS])


def test_a_cut_file_ends_with_a_bad_row(tmp_path: Path):
    path = tmp_path / "payments.csv"
    path.write_text("a;b;c\n1;2;3\n4;5")

    source = inspect_file(path)

    assert [(line.number, line.fault_code) for line in SourceReader(source).lines(("a",))] == [
        (2, None),
        (3, "FIELD_COUNT"),
    ]


def test_a_nul_in_json_is_a_bad_line(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": "x\\u0000"}\n{"a": "y"}\n')

    lines = [*SourceReader(inspect_file(path)).lines(("a",))]

    assert [(line.fault_code, line.cells) for line in lines] == [("BAD_JSON", ()), (None, ("y",))]


@pytest.mark.parametrize("amount", ["92233720368547758.08", "100000000000"])
async def test_a_sum_beyond_all_bounds_is_a_bad_row(importer: ImportRunner, amount: str):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    text = f"account;external_id;paid_on;amount;agent\n0000000001;P;2026-10-07;{amount};Почта\n"

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", text))

    assert importer.faults() == [("p.csv", "2", "amount", "BAD_MONEY", amount)]

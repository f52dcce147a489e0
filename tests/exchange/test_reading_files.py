"""Formats of files from billing, spreadsheets and people."""

from pathlib import Path

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.cli.import_guide import guide
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file, recognize
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import ImportFormat
from lk_graphql.tabular.table_files import FileRefused, SourceReader
from tests.exchange.billing_files import ACCOUNTS, PAYMENTS
from tests.support.import_runner import ImportRunner

ROOT = Path(__file__).parents[2]
COMMAS = "\n".join(
    line.replace(",", ".").replace('"', "").replace("; кв", " кв").replace(";", ",")
    for line in ACCOUNTS.splitlines()
)
JSON = (
    '{"number": "0000000001", "contract_number": "Э-1", "contract_signed_on": "2019-03-01",'
    ' "address": "ул. Кирова", "house_kind": "APARTMENT", "tariff_category": "URBAN_GAS",'
    ' "residents": 3, "area_m2": 54.5, "has_range_privilege": true, "flat": null}\n\n'
    '{"number": "0000000002", "contract_number": "Э-2", "contract_signed_on": "2019-03-01",'
    ' "address": "ул. Мира", "house_kind": "detached", "tariff_category": "RURAL"}\n'
)


@pytest.mark.parametrize(
    ("text", "encoding", "delimiter"),
    [
        (ACCOUNTS, "utf-8", ";"),
        (ACCOUNTS, "utf-8-sig", ";"),
        (ACCOUNTS, "cp1251", ";"),
        (COMMAS, "cp1251", ","),
        (ACCOUNTS.replace("\n", "\r\n"), "cp1251", ";"),
        ("sep=;\r\n" + ACCOUNTS.replace("\n", "\r\n"), "utf-8-sig", ";"),
        (ACCOUNTS.replace("\n", "\n\n;;;;;;;\n"), "utf-8", ";"),
        (ACCOUNTS.replace("\n", ";;\n"), "utf-8", ";"),
        (JSON, "utf-8", ""),
        (JSON, "utf-8-sig", ""),
        (JSON, "cp1251", ""),
    ],
)
async def test_a_table_is_read_equally_in_all_encodings_and_formats(
    importer: ImportRunner, text: str, encoding: str, delimiter: str
):
    file = importer.put("accounts.any", text, encoding)
    assert inspect_file(file).delimiter == delimiter
    outcome = await importer.load(ImportKind.ACCOUNTS, file)
    assert (outcome.run.rows_read, outcome.run.rows_loaded, outcome.faults) == (2, 2, [])
    first = await Account.get(number="0000000001")
    assert first.address.startswith("ул. Кирова")


@pytest.mark.parametrize(
    ("amount", "kopecks"),
    [
        ("1234.5", 123_450),
        ("1234,50", 123_450),
        ("1 234,50", 123_450),
        ("1\N{NO-BREAK SPACE}234,50", 123_450),
        ("1\N{NARROW NO-BREAK SPACE}234,50", 123_450),
        ("  1234  ", 123_400),
    ],
)
async def test_amounts_are_read_in_usual_notations(
    importer: ImportRunner, amount: str, kopecks: int
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    text = PAYMENTS.replace(";100;", f";{amount};")
    await importer.load(ImportKind.PAYMENTS, importer.put("payments.csv", text))
    payments = ReceivedPayment.filter(external_id="P-1")
    assert await payments.values_list("amount", flat=True) == [kopecks]


async def test_money_that_could_mean_two_things_is_refused(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    for amount in ("1,234", "1,234.50", "1.234,50", "1e3", "0x10", "٣", "100.", "NaN", "--1"):
        text = PAYMENTS.replace(";100;", f";{amount};")
        await importer.load(
            ImportKind.PAYMENTS, importer.put("payments.csv", text), is_dry_run=True
        )
        assert importer.faults() == [("payments.csv", "2", "amount", "BAD_MONEY", amount)]


def test_a_line_number_is_that_of_the_file_even_after_quoted_line_ends(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('a;b\n1;"two\nlines"\n\n2;x\n')
    lines = [*SourceReader(inspect_file(path)).lines(("a", "b"))]
    assert [(line.number, line.cells) for line in lines] == [
        (2, ("1", "two\nlines")),
        (5, ("2", "x")),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        ("number;address".encode("utf-16-be"), "UTF-16 without a byte order mark"),
        (b"PK\x03\x04\x00\x00", "isn't text"),
        (b"{not json}\n", "isn't a JSON object"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, message: str
):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=message):
        inspect_file(path)


def test_an_unclosed_quotation_mark_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('a;b\n1;2\n3;"4\n' + "5;6\n" * 50_000)
    with pytest.raises(FileRefused, match=r"line 3.*never closed"):
        list(SourceReader(inspect_file(path)).lines(("a", "b")))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("account;debt;penalty", "looks like balances.*lacks overpayment"),
        ("account;debt;penalty;overpayment;asof", "did you mean as_of"),
        ("account;debt;debt;penalty;overpayment", "has columns twice: debt"),
    ],
)
def test_columns_that_are_wrong_are_named(tmp_path: Path, header: str, message: str):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n")
    with pytest.raises(FileRefused, match=message):
        recognize(inspect_file(path), KINDS[ImportKind.PAYMENTS])


def test_json_lines_are_refused_one_by_one(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n[1]\n{"a": {}}\n{"c": 1}\n{"a": \n{"a": " x ", "b": false}\n')
    lines = [
        (line.fault_code, line.cells) for line in SourceReader(inspect_file(path)).lines(("a", "b"))
    ]
    assert lines == [
        (None, ("1", None)),
        ("BAD_JSON", ()),
        ("BAD_JSON", ()),
        ("UNKNOWN_COLUMN", ()),
        ("BAD_JSON", ()),
        (None, ("x", "false")),
    ]


def test_the_guide_equals_the_declarations():
    assert (ROOT / "docs" / "import.md").read_text() == guide().rstrip() + "\n", (
        "Run: lk import-guide > docs/import.md"
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])
def test_the_columns_of_a_file_identify_its_table(kind: ImportFormat, tmp_path: Path):
    for records in kind.records:
        for names in (records.names, sorted(records.required)):
            path = tmp_path / "a.csv"
            path.write_text(";".join(names) + "\n")
            assert recognize(inspect_file(path), kind) is records

"""Values as other programs write them: read with one meaning, or refused by line."""

from datetime import date

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import PenaltyRate, ReceivedPayment
from lk_graphql.import_formats.service.catalog import inspect_file
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.metering.models import Meter, Reading
from lk_graphql.tabular.table_files import FileRefused, SourceReader
from lk_graphql.tabular.value_formats import DecimalSign
from tests.exchange.billing_files import ACCOUNTS, PAYMENTS
from tests.support.import_runner import ImportRunner

HEADER = "account;external_id;paid_on;amount;agent"
AMOUNTS = {
    "1234.5": 123_450,
    "1234,50": 123_450,
    "1 234 567,5": 123_456_750,
    "1\N{NARROW NO-BREAK SPACE}234": 123_400,
    "1'234.50": 123_450,
    "1’234": 123_400,
    "+100": 10_000,
    "100,50 ₽": 10_050,
    "100.50\N{NO-BREAK SPACE}руб.": 10_050,
    "100,5 р.": 10_050,
    ".5": 50,
    "100.5000": 10_050,
    "1234,500": 123_450,
    "0,500": 50,
    "100,00": 10_000,
}
NO_AMOUNTS = [
    *("1,234", "1.234", "1,234.50", "1.234,50", "12 34", "1 2345", "1'23", "1 234'567"),
    *("8,01E+05", "1e3", "100.505", "100,", "$100", "100 EUR", "100 руб. 50 коп.", "-", "--1"),
    *("NaN", "٣", "0x10", "9" * 40, "100000000000", "100%"),
]


def payments(amounts: list[str]) -> str:
    rows = (
        f"0000000001;P{number};2026-10-07;{amount};Банк" for number, amount in enumerate(amounts)
    )
    return "\n".join([HEADER, *rows, ""])


async def test_amounts_with_one_meaning_are_read_and_all_others_refused(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    text = payments([*AMOUNTS, *NO_AMOUNTS])

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", text))

    columns = ReceivedPayment.all().values_list("external_id", "amount")
    assert sorted(await columns, key=lambda row: int(str(row[0])[1:])) == [
        (f"P{number}", amount) for number, amount in enumerate(AMOUNTS.values())
    ]
    assert importer.faults() == [
        ("p.csv", str(number), "amount", "BAD_MONEY", amount)
        for number, amount in enumerate(NO_AMOUNTS, start=len(AMOUNTS) + 2)
    ]


@pytest.mark.parametrize(
    "amount", ["-100,50", "100,50-", "(100.50)", "−100.50", "–100,50", "- 100,50"]
)
async def test_a_minus_may_stand_anywhere(importer: ImportRunner, amount: str):
    """Money given back is a payment below zero, however the program writes it."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", payments([amount])))

    assert await ReceivedPayment.all().values_list("amount", flat=True) == [-10050]


RATES = "percent;valid_from\n"


def rates(percents: list[str]) -> str:
    rows = (f"{percent};2026-01-0{day}\n" for day, percent in enumerate(percents, start=1))
    return RATES + "".join(rows)


@pytest.mark.parametrize(
    ("percents", "loaded"),
    [
        (["1,234"], ["1.234"]),
        (["1.234", "9,5"], ["1.234", "9.500"]),
        (["1,2340"], ["1.234"]),
        (["1,234", "9,5", "1,234.5"], ["9.500"]),  # the comma stands between thousands, too
    ],
)
async def test_a_percentage_has_no_thousands(
    importer: ImportRunner, percents: list[str], loaded: list[str]
):
    await importer.load(ImportKind.TARIFFS, importer.put("r.csv", rates(percents)))

    stored = PenaltyRate.all().order_by("valid_from").values_list("percent", flat=True)
    assert [str(percent) for percent in await stored] == loaded


async def test_numbers_in_json_prove_the_decimal_sign_too(importer: ImportRunner):
    days = ("2026-01-01", "2026-01-02")
    text = '{{"percent": 1.234, "valid_from": "{}"}}\n{{"percent": 9.5, "valid_from": "{}"}}'
    text = text.format(*days)

    outcome = await importer.load(ImportKind.TARIFFS, importer.put("r.json", text))

    assert outcome.run.rows_loaded == 2


TAKEN = "account;meter;zone;value;taken_on;period;source\n"
COMMA, POINT = DecimalSign
UNCLEAR: list[tuple[DecimalSign | None, list[str], list[str], list[str]]] = [
    (None, ["798,000"], [], ["798,000"]),
    (None, ["1.234"], [], ["1.234"]),
    (None, ["798,000", "9,5"], ["9.500", "798.000"], []),
    (None, ["798,000", "1234,000"], ["798.000", "1234.000"], []),
    (None, ["1.234", "0.125"], ["0.125", "1.234"], []),
    (None, ["798,0000"], ["798.000"], []),
    (None, ["798,000", "12345"], ["12345.000"], ["798,000"]),  # a cell that has lost its form?
    (None, ["1.234", "9,5"], ["9.500"], ["1.234"]),  # the point is another sign than the comma
    (None, ["798,000", "9,5", "1,234.5"], ["9.500"], ["798,000", "1,234.5"]),  # both signs
    (COMMA, ["798,000", "12"], ["12.000", "798.000"], []),
    (POINT, ["1.234"], ["1.234"], []),
    (POINT, ["798,000"], [], ["798,000"]),
    (COMMA, ["798,000", "1.5"], ["1.500"], ["798,000"]),  # the file has another sign
    (COMMA, ["798,000", "1.5", "2,5"], ["1.500", "2.500", "798.000"], []),
    (COMMA, ["798,000", "1,234,567"], [], ["798,000", "1,234,567"]),
]


@pytest.mark.parametrize(("named", "values", "loaded", "refused"), UNCLEAR)
async def test_three_digits_are_decimals_if_the_sign_is_proven_or_named(
    importer: ImportRunner,
    named: DecimalSign | None,
    values: list[str],
    loaded: list[str],
    refused: list[str],
):
    await given_meters(importer)
    row = "0000000002;76543210;SINGLE;{};2026-01-0{};2026-01;SMART\n"
    rows = [row.format(value, day) for day, value in enumerate(values, start=1)]
    file = importer.put("v.csv", TAKEN + "".join(rows))

    outcome = await importer.load(ImportKind.READINGS, file, decimal_sign=named)

    stored = Reading.all().order_by("value").values_list("value", flat=True)
    assert [str(value) for value in await stored] == loaded
    assert outcome.run.decimal_sign == named
    if refused:
        assert [fault[2:] for fault in importer.faults()] == [
            ("value", "BAD_NUMBER", text) for text in refused
        ]


DAYS = [
    "07.10.2026 0:00:00",
    "2026-10-07T00:00:00",
    "2026-10-07 14:05:33.1234567",
    "07.10.2026 9:05",
]
NO_DAYS = [
    *("07/10/2026", "10/07/2026", "07.10.26", "46302", "20261007", "7.10.2026", "31.12.9999"),
    *("2026-10-07T20:00:00Z", "2026-10-07T25:00:00", "окт.26"),
]


async def test_days_with_times_are_days_and_numbers_are_none(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [f"0000000001;P{number};{day};100;Банк" for number, day in enumerate([*DAYS, *NO_DAYS])]

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", "\n".join([HEADER, *rows, ""])))

    paid_on = await ReceivedPayment.all().values_list("paid_on", flat=True)
    assert paid_on == [date(2026, 10, 7)] * len(DAYS)
    assert [fault[2:] for fault in importer.faults()] == [
        ("paid_on", "BAD_DATE", day) for day in NO_DAYS
    ]


@pytest.mark.parametrize(
    "day", ["  .  .    ", "00.00.0000", "01.01.0001 0:00:00", "0", "30.12.1899", "1900-01-01", "-"]
)
async def test_no_day_has_many_spellings(importer: ImportRunner, day: str):
    header, first, second = ACCOUNTS.splitlines()
    required = second.replace("01.04.2020", day)
    text = f"{header};closed_on\n{first};{day}\n{required};\n"

    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert await Account.all().values_list("number", "closed_on") == [("0000000001", None)]
    assert [fault[1:4] for fault in importer.faults()] == [("3", "contract_signed_on", "REQUIRED")]


async def test_an_account_number_obeys_the_pattern(importer: ImportRunner):
    numbers = ["865247586", "8,65248E+08", "865247586.0", "ЛС-1", "865 247 586"]
    _, first, _ = ACCOUNTS.splitlines()
    text = ACCOUNTS + "".join(first.replace("0000000001", number) + "\n" for number in numbers)

    outcome = await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert outcome.run.rows_loaded == 2
    assert [fault[2:] for fault in importer.faults()] == [
        ("number", "BAD_FORM", number) for number in numbers
    ]


async def test_a_number_without_its_zeros_is_no_new_account(importer: ImportRunner):
    """Issue I-06, where the pattern allows both."""
    text = ACCOUNTS.replace("0000000001", "000865247586")
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    again = text.replace("000865247586", "0865247586")
    await importer.load(ImportKind.ACCOUNTS, importer.put("b.csv", again))

    assert importer.faults() == [("b.csv", "2", "number", "ZEROS_LOST", "0865247586")]
    assert await Account.all().count() == 2


METERS = """\
account;serial;model;installed_on;removed_on
0000000001;01234567;Меркурий;2020-01-01;2026-09-30
0000000002;76543210;Меркурий;2020-01-01;
"""
REGISTERS = """\
account;meter;zone;position;label;digits;fraction_digits
0000000001;01234567;SINGLE;1;T1;5;0
0000000002;76543210;SINGLE;1;T1;5;3
"""


async def given_meters(importer: ImportRunner) -> None:
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    files = importer.put("m.csv", METERS), importer.put("r.csv", REGISTERS)
    assert (await importer.load(ImportKind.METERS, *files)).faults == []


async def test_a_serial_number_that_was_read_as_a_number_is_refused(importer: ImportRunner):
    await given_meters(importer)
    for serial, code in (("1,23457E+11", "BAD_FORM"), ("1234567", "ZEROS_LOST")):
        files = [
            importer.put("m.csv", METERS.replace("01234567", serial)),
            importer.put("r.csv", REGISTERS.replace("01234567", serial)),
        ]

        await importer.load(ImportKind.METERS, *files)

        assert importer.faults()[0] == ("m.csv", "2", "serial", code, serial)
    assert await Meter.all().count() == 2


async def test_a_reading_is_one_that_its_register_can_show(importer: ImportRunner):
    """Issues I-08 and R-05."""
    await given_meters(importer)
    rows = [
        "0000000001;01234567;SINGLE;9528;2026-08-20;2026-08;CONTROLLER",
        "0000000001;01234567;SINGLE;12,345;2026-09-01;2026-09;CONTROLLER",
        "0000000001;01234567;SINGLE;9468.5;2026-09-02;2026-09;CONTROLLER",
        "0000000001;01234567;SINGLE;999999999;2026-09-03;2026-09;CONTROLLER",
        "0000000001;01234567;SINGLE;9600;2026-10-01;2026-10;CONTROLLER",
        "0000000002;76543210;SINGLE;99999.999;2026-10-01;2026-10;CONTROLLER",
        "0000000002;76543210;SINGLE;100000;2026-10-02;2026-10;CONTROLLER",
        "0000000002;76543210;SINGLE;1;2019-12-31;2019-12;CONTROLLER",
    ]
    header = "account;meter;zone;value;taken_on;period;source"

    await importer.load(ImportKind.READINGS, importer.put("v.csv", "\n".join([header, *rows, ""])))

    assert [fault[1:] for fault in importer.faults()] == [
        ("3", "value", "BAD_NUMBER", "12,345"),
        ("4", "value", "TOO_MANY_DECIMALS", "9468.5"),
        ("5", "value", "TOO_MANY_DIGITS", "999999999"),
        ("6", "taken_on", "OUT_OF_SERVICE", "2026-10-01"),
        ("8", "value", "TOO_MANY_DIGITS", "100000"),
        ("9", "taken_on", "OUT_OF_SERVICE", "2019-12-31"),
    ]
    assert await Reading.all().count() == 2


async def test_a_reading_below_the_previous_is_loaded_and_reported(importer: ImportRunner):
    await given_meters(importer)
    header = "account;meter;zone;value;taken_on;period;source\n"
    row = "0000000002;76543210;SINGLE;{};2026-{}-20;2026-{};{}\n"
    first = [("9528.5", "07", "CONTROLLER"), ("9000", "08", "ESTIMATED"), ("9600", "09", "SMART")]
    rows = [row.format(value, month, month, source) for value, month, source in first]
    await importer.load(ImportKind.READINGS, importer.put("v.csv", header + "".join(rows)))

    below = importer.put("w.csv", header + row.format("12.5", "10", "10", "SMART"))
    outcome = await importer.load(ImportKind.READINGS, below, is_atomic=True)

    assert (outcome.run.state, outcome.run.rows_loaded, outcome.run.errors) == ("DONE", 1, 0)
    assert (outcome.faults, outcome.notes) == ([], [("BELOW_PREVIOUS", "value", 1)])
    assert importer.faults() == [("w.csv", "2", "value", "BELOW_PREVIOUS", "12.5")]
    assert outcome.run.report == "faults.csv"
    assert await Reading.all().count() == 4


async def test_a_row_with_wrong_quotation_marks_affects_no_other_row(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [
        '0000000001;P1;2026-10-07;100;"ООО "Ромашка""',
        '0000000001;P2;2026-10-07;100;"ООО ""Ромашка"""',
        '0000000001;P3;2026-10-07;100;ООО "Ромашка"',
        '0000000001;P4;2026-10-07;100; "Ромашка"',
    ]

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", "\n".join([HEADER, *rows, ""])))

    assert await ReceivedPayment.all().order_by("external_id").values_list("agent", flat=True) == [
        'ООО "Ромашка"',
        'ООО "Ромашка"',
    ]
    assert [fault[1:4] for fault in importer.faults()] == [
        ("2", "", "BAD_QUOTES"),
        ("5", "agent", "BAD_QUOTES"),
    ]


async def test_marks_of_spreadsheets_are_removed_and_placeholders_refused(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    agents = ["Сбер\0банк", "Сбербанк\ufeff", "NULL", "#Н/Д", "########", "=A1+B1", "????? ???"]
    rows = [
        f'\'0000000001;="00{number}";2026-10-07;100;{agent}' for number, agent in enumerate(agents)
    ]

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", "\n".join([HEADER, *rows, ""])))

    assert await ReceivedPayment.all().values_list("external_id", "agent") == [("001", "Сбербанк")]
    assert [fault[1:4] for fault in importer.faults()] == [
        ("2", "agent", "BAD_ENCODING"),
        *((str(line), "agent", "PLACEHOLDER") for line in range(4, 8)),
        ("8", "agent", "BAD_ENCODING"),
    ]


async def test_joined_files_are_read_if_their_columns_have_one_order(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    balances = "account;debt;penalty;overpayment\n0000000001;10;1;0\n"

    await importer.load(
        ImportKind.PAYMENTS,
        importer.put("b.csv", balances + "\ufeff" + balances.replace("01;10", "02;20")),
    )
    assert [fault[1:4] for fault in importer.faults()] == [("3", "", "HEADING")]

    other = "account;penalty;debt;overpayment\n0000000002;1;10;0\n"
    with pytest.raises(FileRefused, match="Line 3 of a file with balances"):
        await importer.load(ImportKind.PAYMENTS, importer.put("b.csv", balances + other))


async def test_a_total_is_no_row(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))

    await importer.load(
        ImportKind.PAYMENTS, importer.put("p.csv", PAYMENTS + "Итого: 2;;;140,00;\n")
    )

    assert [fault[1:4] for fault in importer.faults()] == [("4", "", "TOTAL_ROW")]


async def test_totals_have_a_bound(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))

    with pytest.raises(FileRefused, match=r"The total of payments\.amount is beyond all bounds"):
        await importer.load(
            ImportKind.PAYMENTS, importer.put("p.csv", payments(["99999999999.99"] * 10_001))
        )

    assert await ReceivedPayment.all().count() == 0


MISREAD = "number;address\n1;ул. Кирова, Новокузнецк\n".encode().decode("cp1251").encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + b"\0" * 99, "a workbook or an archive. Open it and save its sheet as CSV"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "a workbook or an archive"),
        (b"\x1f\x8b\x08\0", "compressed by gzip"),
        (b"<html><table>", "XML or a web page"),
        (b"\0" * 99, "it isn't text"),
        (MISREAD, "wrong encoding"),
        (b"1;2;3;4\nnumber;address;flat;residents\n", "line 1 is above the names of the columns"),
        ("number;address\n1;Кирова\n".encode("utf-16")[:-1], "UTF-16, and damaged or cut off"),
        (b"number;address\n" + b"x" * (1 << 21), "line 2 is longer than"),
        (b'[{"number": 1}, {"number": ', "line 1: this isn't a JSON object"),
        (b'[{"number": 1}', "the array isn't closed"),
        (b'[{"number": 1}] {"number": 2}', "text after the array"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(importer: ImportRunner, content: bytes, message: str):
    path = importer.folder / "accounts.csv"
    path.write_bytes(content)

    with pytest.raises(FileRefused, match=message):
        list(SourceReader(inspect_file(path)).lines(("number",)))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": {"b": 1}}',
        '{"a": "\\ud800"}',
        '{"a": 1},',
        '{"a": "x\ty"}',
    ],
)
def test_an_object_with_two_meanings_is_a_bad_line(importer: ImportRunner, text: str):
    source = inspect_file(importer.put("a.json", '{"a": 9007199254740993}\n' + text + "\n"))

    lines = [*SourceReader(source).lines(("a",))]

    assert [(line.cells, line.fault_code) for line in lines] == [
        (("9007199254740993",), None),
        ((), "BAD_JSON"),
    ]

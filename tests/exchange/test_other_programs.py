"""Values that another program has lost, guessed or misread: never another value in silence."""

import os
from datetime import date

import pytest

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkState
from lk_graphql.billing.models import ReceivedPayment, Tariff, VatRate
from lk_graphql.exchange.models import ImportFile, ImportRun
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter, Reading
from lk_graphql.tabular.table_files import FileRefused
from tests.exchange.billing_files import ACCOUNTS
from tests.exchange.test_spellings import METERS, REGISTERS, TAKEN, given_meters
from tests.factories.accounts import given_link
from tests.support.cli_process import lk
from tests.support.import_runner import ImportRunner

HEADER = "account;external_id;paid_on;amount;agent"
GOOD = "0000000001;P-0;2026-10-07;100;Сбербанк"
RUSSIAN = [
    f"0000000001;R-{number};2026-10-07;100;Отделение связи на улице Кирова" for number in range(5)
]
"""Rows that show the encoding of the file."""


async def load_payments(importer: ImportRunner, *rows: str, encoding: str = "utf-8") -> None:
    """Load a good row and others into a cabinet with two accounts."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    path = importer.put("p.csv", "\n".join([HEADER, *rows, GOOD, ""]), encoding)
    await importer.load(ImportKind.PAYMENTS, path)


async def loaded_payments() -> list[str]:
    payments = ReceivedPayment.all().order_by("external_id")
    return [str(number) for number in await payments.values_list("external_id", flat=True)]


@pytest.mark.parametrize("value", ["true", "false"])
async def test_a_boolean_of_json_is_no_number(importer: ImportRunner, value: str):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    row = (
        '{{"account": "0000000001", "external_id": "{}", "paid_on": "2026-10-07", "amount": {},'
        ' "agent": "Банк"}}\n'
    )
    text = row.format("P-0", "1.50") + row.format("P-1", value)

    await importer.load(ImportKind.PAYMENTS, importer.put("p.json", text))

    assert importer.faults() == [("p.json", "2", "amount", "BAD_MONEY", value)]
    assert await loaded_payments() == ["P-0"]


@pytest.mark.parametrize("value", ["true", "false"])
async def test_a_boolean_of_json_is_read(importer: ImportRunner, value: str):
    names, cells = (line.split(";") for line in ACCOUNTS.splitlines()[:2])
    pairs = [f'"{name}": "{cell}"' for name, cell in zip(names, cells, strict=True)]
    text = "{" + ", ".join([*pairs, f'"has_range_privilege": {value}']) + "}\n"

    await importer.load(ImportKind.ACCOUNTS, importer.put("a.json", text))

    assert await Account.all().values_list("has_range_privilege", flat=True) == [value == "true"]


@pytest.mark.parametrize(
    "word",
    [
        *("<NA>", r"\N", "DBNull", "<null>", "(пусто)", "(blank)", "Неопределено"),
        *("[object Object]", "System.Object[]", "Err:502", "#GETTING_DATA"),
        "<Объект не найден> (5:8f2c)",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
async def test_a_placeholder_is_no_text(importer: ImportRunner, word: str, encoding: str):
    await load_payments(importer, f"0000000001;P-1;2026-10-07;100;{word}", encoding=encoding)

    assert importer.faults() == [("p.csv", "2", "agent", "PLACEHOLDER", word)]
    assert await loaded_payments() == ["P-0"]


def misread(text: str, written: str, read: str) -> str:
    return text.encode(written).decode(read)


MISREAD = [
    misread("Новый банк", "utf-8", "cp1251"),
    misread("Почта", "utf-8", "cp1252"),
    misread("Новый банк", "utf-8", "latin-1"),
    misread("Новый банк", "cp1251", "latin-1"),
]


@pytest.mark.parametrize("agent", MISREAD, ids=["1251", "1252", "latin", "1251 as latin"])
async def test_one_misread_value_is_a_bad_row(importer: ImportRunner, agent: str):
    await load_payments(importer, f"0000000001;P-1;2026-10-07;100;{agent}", *RUSSIAN)

    assert [fault[1:4] for fault in importer.faults()] == [("2", "agent", "BAD_ENCODING")]
    assert await loaded_payments() == ["P-0", "R-0", "R-1", "R-2", "R-3", "R-4"]


async def test_one_value_in_utf_8_is_a_bad_row_of_a_file_in_windows_1251(importer: ImportRunner):
    agent = f"Отделение связи на улице {misread('Кирова', 'utf-8', 'cp1251')}"

    row = f"0000000001;P-1;2026-10-07;100;{agent}"
    await load_payments(importer, row, *RUSSIAN, encoding="cp1251")

    assert [fault[1:4] for fault in importer.faults()] == [("2", "agent", "BAD_ENCODING")]
    assert await loaded_payments() == ["P-0", "R-0", "R-1", "R-2", "R-3", "R-4"]


async def test_letters_of_other_languages_are_no_damage(importer: ImportRunner):
    agents = ["Zürich Rück", "Société Générale", "Банк «РОСТ» — №1", "РСФСР", "Čačak"]
    rows = [f"0000000001;P-{n};2026-10-07;100;{agent}" for n, agent in enumerate(agents, 1)]

    await load_payments(importer, *rows, *RUSSIAN)

    assert not importer.report.exists()
    assert len(await loaded_payments()) == len(agents) + len(RUSSIAN) + 1


@pytest.mark.parametrize(
    "flat",
    ["05.окт", "окт.05", "5-Oct", "Oct-05", "янв.23", "май.26", "2026-10-05 00:00:00", "NaN"],
)
async def test_a_day_that_a_spreadsheet_has_made_is_no_number_of_a_thing(
    importer: ImportRunner, flat: str
):
    header, first, second = ACCOUNTS.splitlines()
    text = f"{header};flat\n{first};{flat}\n{second};5/10\n"

    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert importer.faults() == [("a.csv", "2", "flat", "BAD_FORM", flat)]
    assert await Account.all().values_list("flat", flat=True) == ["5/10"]


@pytest.mark.parametrize("dash", ["-", "—", "--", "."])
async def test_a_dash_is_no_number_of_a_thing(importer: ImportRunner, dash: str):
    header, first, second = ACCOUNTS.splitlines()
    text = f"{header};flat\n{first};{dash}\n{second.replace('Э-2', dash)};7\n"

    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))

    assert [fault[1:4] for fault in importer.faults()] == [("3", "contract_number", "REQUIRED")]
    assert await Account.all().values_list("number", "flat") == [("0000000001", None)]


@pytest.mark.parametrize("patronymic", ["-", "—", ".", "нет", "Нет", "отсутствует", "NaN"])
async def test_a_sign_for_no_patronymic_makes_no_other_holder(
    importer: ImportRunner, anna: Viewer, patronymic: str
):
    await load_holder(importer, "Иванова;Пелагея;Ильинична")
    link = await given_link(anna, await Account.get())

    await load_holder(importer, f"Иванова;Пелагея;{patronymic}")

    assert not importer.report.exists()
    assert await Holder.all().values_list("patronymic", "until") == [("Ильинична", None)]
    assert (await AccountLink.get(id=link.id)).state is LinkState.ACTIVE


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Ив\N{LATIN SMALL LETTER A}нова;Пелагея;Ильинична", "holder_last_name"),
        ("Иванова;Пел?гея;Ильинична", "holder_first_name"),
        ("Иванова;Пелагея;\N{LATIN SMALL LETTER O}Ильинична", "holder_patronymic"),
    ],
)
async def test_a_look_alike_in_a_name_makes_no_other_holder(
    importer: ImportRunner, anna: Viewer, name: str, column: str
):
    await load_holder(importer, "Иванова;Пелагея;Ильинична")
    link = await given_link(anna, await Account.get())

    await load_holder(importer, name)

    assert [fault[1:4] for fault in importer.faults()] == [("2", column, "BAD_NAME")]
    assert await Holder.all().values_list("last_name", "until") == [("Иванова", None)]
    assert (await AccountLink.get(id=link.id)).state is LinkState.ACTIVE


async def load_holder(importer: ImportRunner, name: str) -> None:
    header = (
        "number;contract_number;contract_signed_on;address;house_kind;tariff_category;"
        "holder_last_name;holder_first_name;holder_patronymic\n"
    )
    row = f"0000000001;Э-1;2019-03-01;ул. Мира, д. 1;APARTMENT;RURAL;{name}\n"
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", header + row))


async def test_a_reading_of_the_future_is_refused(importer: ImportRunner):
    await given_meters(importer)
    row = "0000000002;76543210;SINGLE;{};{};{};{}\n"
    rows = [
        ("10", "2026-11-23", "2026-11", "SMART"),  # tomorrow, in a zone to the east
        ("20", "2026-11-24", "2026-11", "SMART"),
        ("30", "2062-11-20", "2026-11", "CONTROLLER"),
        ("40", "2026-11-20", "2062-11", "CONTROLLER"),
        ("50", "2026-11-30", "2026-12", "ESTIMATED"),
    ]

    text = TAKEN + "".join(row.format(*values) for values in rows)
    await importer.load(ImportKind.READINGS, importer.put("v.csv", text))

    assert importer.faults() == [
        ("v.csv", "3", "taken_on", "IN_FUTURE", "2026-11-24"),
        ("v.csv", "4", "taken_on", "IN_FUTURE", "2062-11-20"),
        ("v.csv", "5", "period", "IN_FUTURE", "2062-11-01"),
    ]
    stored = await Reading.all().order_by("value").values_list("value", flat=True)
    assert [int(str(value).partition(".")[0]) for value in stored] == [10, 50]


@pytest.mark.parametrize("value", ["120 руб.", "120 ₽", "120,5 р."])
async def test_a_sum_in_rubles_is_no_reading(importer: ImportRunner, value: str):
    await given_meters(importer)
    rows = [
        f"0000000002;76543210;SINGLE;{number};2026-11-0{day};2026-11;SMART\n"
        for day, number in enumerate([value, "1 200"], start=1)
    ]

    await importer.load(ImportKind.READINGS, importer.put("v.csv", TAKEN + "".join(rows)))

    assert importer.faults() == [("v.csv", "2", "value", "BAD_NUMBER", value)]
    assert await Reading.all().values_list("value", flat=True) == [1200]


async def test_a_price_may_have_its_currency(importer: ImportRunner):
    header = "category;zone;range_number;rubles_per_kwh;valid_from;order_reference\n"
    row = "RURAL;SINGLE;1;4,44 руб.;2026-01-01;приказ\n"

    await importer.load(ImportKind.TARIFFS, importer.put("t.csv", header + row))

    prices = await Tariff.all().values_list("rubles_per_kwh", flat=True)
    assert [f"{price:.2f}" for price in prices] == ["4.44"]


async def test_a_meter_with_a_planned_removal_still_counts(importer: ImportRunner):
    await given_meters(importer)
    removed, planned = "76543210;Меркурий;2020-01-01;", "76543210;Меркурий;2020-01-01;2026-12-10"
    files = [
        importer.put("m.csv", METERS.replace(removed, planned)),
        importer.put("r.csv", REGISTERS),
    ]

    await importer.load(ImportKind.METERS, *files)

    assert importer.faults() == [
        ("m.csv", "3", "removed_on", "IN_FUTURE", "2026-12-10"),
        ("r.csv", "3", "meter", "DOCUMENT_MISSING", "0000000002 76543210"),
    ]
    assert await Meter.filter(removed_on=None).values_list("serial", flat=True) == ["76543210"]


async def test_a_payment_of_the_future_is_refused(importer: ImportRunner):
    await load_payments(importer, "0000000001;P-1;2062-10-07;100;Банк")

    assert importer.faults() == [("p.csv", "2", "paid_on", "IN_FUTURE", "2062-10-07")]
    assert await loaded_payments() == ["P-0"]


async def test_a_serial_in_another_spelling_is_no_second_meter(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    header = "account;serial;model;installed_on\n"
    meter = "{};{};Меркурий;2020-01-01\n"
    known = importer.put("m.csv", header + meter.format("0000000001", "СЕ-101"))
    await importer.load(ImportKind.METERS, known)
    others = [
        ("0000000001", "CE-101"),  # Latin letters
        ("0000000001", "се-101"),
        ("0000000001", "СЕ -101"),
        ("0000000001", "СЕ-102"),
        ("0000000002", "CE-101"),
        ("0000000002", "х-1"),
        ("0000000002", "X-1"),
    ]

    text = header + "".join(meter.format(*pair) for pair in others)
    await importer.load(ImportKind.METERS, importer.put("n.csv", text))

    assert [fault[1:] for fault in importer.faults()] == [
        (str(line), "serial", "SPELT_OTHERWISE", serial)
        for line, (_, serial) in enumerate(others, start=2)
        if line not in {5, 6}
    ]
    assert await Meter.all().order_by("serial").count() == 3


async def test_a_fraction_is_no_percentage(importer: ImportRunner):
    text = "percent;valid_from;reference\n0,22;2027-01-01;НК\n22;2027-02-01;НК\n0;2027-03-01;НК\n"

    await importer.load(ImportKind.RULES, importer.put("v.csv", text))

    assert importer.faults() == [("v.csv", "2", "percent", "FRACTION", "0.22")]
    days = VatRate.filter(valid_from__gte=date(2027, 1, 1)).order_by("valid_from")
    assert await days.values_list("valid_from", flat=True) == [date(2027, 2, 1), date(2027, 3, 1)]


@pytest.mark.parametrize("line", [2, 40])
async def test_a_value_beyond_all_bounds_is_refused_with_its_line(
    importer: ImportRunner, line: int
):
    rows = [f"0000000001;Q-{number};2026-10-07;100;Банк" for number in range(2, line)]
    rows.append(f"0000000001;P-1;2026-10-07;100;{'х' * 200_000}")
    await load_payments(importer, *rows)
    assert [fault[1:4] for fault in importer.faults()] == [(str(line), "agent", "TOO_LONG")]
    assert len(await loaded_payments()) == line - 1


@pytest.mark.parametrize("line", [2, 40])
async def test_a_value_beyond_all_bounds_is_refused_with_its_line_among_quoted_ones(
    importer: ImportRunner, line: int
):
    rows = [f'0000000001;Q-{number};2026-10-07;100;"Банк"' for number in range(2, line)]
    rows.append(f"0000000001;P-1;2026-10-07;100;{'х' * 200_000}")
    rows.append('0000000001;P-2;2026-10-07;100;"Банк"')

    with pytest.raises(FileRefused, match=f"line {line} has a value of over 131072 characters"):
        await load_payments(importer, *rows)

    assert await loaded_payments() == []


async def test_a_hundred_thousand_columns_are_refused(importer: ImportRunner):
    names = ";".join(f"c{number}" for number in range(100_000))

    with pytest.raises(FileRefused, match="looks like payments, but isn't"):
        await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", f"{HEADER};{names}\n"))


async def test_a_file_s_name_need_not_be_utf_8(importer: ImportRunner):
    name = os.fsdecode("счета.csv".encode("cp1251"))
    file = importer.put("a.csv", ACCOUNTS.replace("APARTMENT", "FLAT", 1))
    file = file.rename(importer.folder / name)

    outcome = await importer.load(ImportKind.ACCOUNTS, file)

    assert outcome.run.rows_loaded == 1
    shown = "\N{REPLACEMENT CHARACTER}" * 5 + ".csv"
    assert await ImportFile.all().values_list("name", flat=True) == [shown]
    assert importer.faults() == [(shown, "2", "house_kind", "BAD_CHOICE", "FLAT")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--report", "p.csv"], "--report p.csv is one of the files: choose another name."),
        (
            ["--report", "away/f.csv"],
            "away/f.csv can't be written: name another file with --report.",
        ),
        (["--as-of", "0001-01-01"], "--as-of 01.01.1 is before 1990."),
        (["--expect-changes", "99999999999"], "--expect-changes"),
    ],
)
async def test_an_option_that_can_t_be_is_refused_before_anything_else(
    importer: ImportRunner, database: str, options: list[str], message: str
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    file = importer.put("p.csv", f"{HEADER}\n{GOOD}\n0000000009;P-1;2026-10-07;100;Банк\n")
    before = file.read_bytes()

    command = lk(
        *("import", "payments", "p.csv", *options),
        folder=importer.folder,
        LK_DATABASE_URL=database,
    )

    assert command.returncode in {1, 2}
    assert message in " ".join(command.stderr.replace("│", " ").split())
    assert "Traceback" not in command.stderr
    assert file.read_bytes() == before
    assert await loaded_payments() == []
    assert await ImportRun.filter(kind=ImportKind.PAYMENTS).count() == 0

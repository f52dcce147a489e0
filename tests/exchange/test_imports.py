"""Effects of imports on the cabinet's data."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkState
from lk_graphql.billing.models import AccountBalance, Invoice, InvoiceLine
from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.exchange.service.runs import ImportAlreadyRunning, find_loaded
from lk_graphql.import_formats.service.catalog import inspect_file
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from lk_graphql.notifications.service.texts import NoticeFacts, notice_text
from tests.exchange.billing_files import ACCOUNTS, INVOICES, LINES, PAYMENTS, PENALTIES
from tests.factories.accounts import given_account, given_bare_account, given_link
from tests.support.import_runner import NOW, ImportRunner, Rows

VERSIONS = """
SELECT 'invoice', id, xmin::text FROM invoice UNION ALL SELECT 'line', id, xmin::text
FROM invoice_line UNION ALL SELECT 'account', id, xmin::text FROM account UNION ALL
SELECT 'payment', id, xmin::text FROM received_payment UNION ALL
SELECT 'balance', id, xmin::text FROM account_balance ORDER BY 1, 2
"""
"""The transaction that wrote each row; it changes with every write."""


async def bills(importer: ImportRunner) -> None:
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    await importer.load(ImportKind.INVOICES, *bill_files(importer))


def bill_files(importer: ImportRunner, invoices: str = INVOICES, lines: str = LINES):
    files = (("i.csv", invoices), ("l.csv", lines), ("p.csv", PENALTIES))
    return [importer.put(name, text) for name, text in files]


async def test_accounts_come_with_their_holders(importer: ImportRunner):
    outcome = await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    assert (outcome.run.state, outcome.run.rows_loaded) == (ImportState.DONE, 2)
    account = await Account.get(number="0000000002")
    assert (account.address, account.contract_signed_on) == (
        "ул. Кирова, д. 2; кв. 3",
        date(2020, 4, 1),
    )
    assert account.data_as_of == NOW
    holder = await Holder.get(account=account)
    assert (holder.last_name, holder.surname_key, holder.since) == (
        "Ёлкин",
        "ЕЛКИН",
        date(2020, 4, 1),
    )


async def test_bills_come_with_their_lines_and_open_amounts(importer: ImportRunner, rows: Rows):
    await bills(importer)
    columns = ("charged", "recalculated", "closing_balance", "unpaid")
    assert await Invoice.filter(number="A-2").values_list(*columns) == [
        (120_000, -1_000, 104_525, 104_525)
    ]
    lines = InvoiceLine.filter(invoice__number="A-2").order_by("position")
    assert await lines.values_list("zone", "amount") == [
        ("DAY", 80_000),
        ("NIGHT", 40_000),
        (None, -1_000),
    ]
    balance = await AccountBalance.get(account__number="0000000002")
    balances = AccountBalance.filter(account__number="0000000002")
    assert await balances.values_list("debt", "penalty", "overpayment") == [(104_525, 0, 0)]
    # the month ends at 17:00 UTC of its last day in Novokuznetsk
    assert balance.as_of == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert await rows("SELECT count(*) FROM invoice_penalty") == [(1,)]


async def test_a_repeated_import_touches_no_row(importer: ImportRunner, rows: Rows):
    await bills(importer)
    await importer.load(ImportKind.PAYMENTS, importer.put("payments.csv", PAYMENTS))
    before = await rows(VERSIONS)
    for kind, *files in (
        (ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS)),
        (ImportKind.INVOICES, *bill_files(importer)),
        (ImportKind.PAYMENTS, importer.put("payments.csv", PAYMENTS)),
    ):
        outcome = await importer.load(kind, *files)
        assert (outcome.run.state, outcome.run.rows_loaded) == (ImportState.DONE, 0)
    assert await rows(VERSIONS) == before


async def test_a_loaded_file_is_recognised_by_its_hash(importer: ImportRunner):
    file = importer.put("accounts.csv", ACCOUNTS)
    assert await find_loaded([inspect_file(file).sha256]) is None
    await importer.load(ImportKind.ACCOUNTS, file, is_dry_run=True)
    assert await find_loaded([inspect_file(file).sha256]) is None
    await importer.load(ImportKind.ACCOUNTS, file)
    assert await find_loaded([inspect_file(file).sha256]) == NOW
    assert await find_loaded([inspect_file(file).sha256, "0" * 64]) is None


FACTORS = """\
invoice;position;kind;service;amount;basis;factor
A-1;1;ENERGY;Электроэнергия;67;NORM;
A-1;2;RAISING_FACTOR;Электроэнергия;33,50;;1,5
A-2;1;RAISING_FACTOR;Электроэнергия;1200;METER;
A-2;2;RECALCULATION;Электроэнергия;-10;;0.9
"""


async def test_a_line_has_its_basis_and_its_raising_factor(importer: ImportRunner, rows: Rows):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    bills = importer.put("i.csv", INVOICES)
    lines, penalties = importer.put("l.csv", FACTORS), importer.put("p.csv", PENALTIES)
    await importer.load(ImportKind.INVOICES, bills, lines, penalties)
    assert [fault[1:] for fault in importer.faults() if fault[0] == "l.csv"] == [
        ("4", "factor", "REQUIRED", ""),
        ("4", "basis", "NOT_OF_THIS_KIND", "METER"),
        ("5", "factor", "NOT_OF_THIS_KIND", "0.9"),
        ("5", "factor", "BELOW_ONE", "0.9"),
    ]
    query = "SELECT basis, factor::text FROM invoice_line ORDER BY position"
    assert await rows(query) == [("NORM", None), (None, "1.50")]


CORRECTED = """\
invoice;position;kind;service;amount;reason_code;corrects_from;corrects_to;document
A-1;1;ENERGY;Электроэнергия;110,50;;;;
A-1;2;RECALCULATION;Электроэнергия;-10;meter_checked;2026-07;09.2026;Акт № 15 от 03.10.2026
A-2;1;ENERGY;Электроэнергия;1200;OTHER;2026-09;2026-09;Акт
A-2;2;RECALCULATION;Электроэнергия;-4;WEATHER;;;
A-2;3;RECALCULATION;Электроэнергия;-3;;2026-09;;
A-2;4;RECALCULATION;Электроэнергия;-3;;2026-09;2026-08;
"""


async def test_a_recalculation_has_its_reason_its_months_and_its_document(
    importer: ImportRunner, rows: Rows
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    bills = importer.put("i.csv", INVOICES.replace(";0;100,50;0;0;0;", ";0;110,50;-10;0;0;"))
    lines, penalties = importer.put("l.csv", CORRECTED), importer.put("p.csv", PENALTIES)
    await importer.load(ImportKind.INVOICES, bills, lines, penalties)
    assert sorted(fault[1:4] for fault in importer.faults() if fault[0] == "l.csv") == [
        ("4", "corrects_from", "NOT_OF_THIS_KIND"),
        ("4", "corrects_to", "NOT_OF_THIS_KIND"),
        ("4", "document", "NOT_OF_THIS_KIND"),
        ("4", "reason_code", "NOT_OF_THIS_KIND"),
        ("5", "reason_code", "BAD_CHOICE"),
        ("6", "corrects_to", "REQUIRED"),
        ("7", "corrects_to", "ENDS_BEFORE_IT_BEGINS"),
    ]
    query = "SELECT reason_code, corrects_from, corrects_to, document FROM invoice_line ORDER BY id"
    assert await rows(query) == [
        (None, None, None, None),
        ("METER_CHECKED", date(2026, 7, 1), date(2026, 9, 1), "Акт № 15 от 03.10.2026"),
    ]


async def test_an_id_of_another_length_is_refused(importer: ImportRunner):
    """The table's column has a fixed length; a longer value would fail the whole import."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    first, second, _ = INVOICES.splitlines()
    bills = importer.put("i.csv", f"{first};gis_document_id\n{second};80RR822802-01\n")
    await importer.load(ImportKind.INVOICES, bills, importer.put("l.csv", LINES.split("A-2")[0]))
    assert importer.faults()[0] == ("i.csv", "2", "gis_document_id", "BAD_FORM", "80RR822802-01")


async def test_a_bill_that_comes_again_has_only_its_new_lines(importer: ImportRunner):
    await bills(importer)
    lines_of = InvoiceLine.filter(invoice__number="A-2").order_by("position")
    line_ids = await lines_of.values_list("id", flat=True)
    header, *lines = LINES.splitlines()
    corrected = "\n".join([header, *lines[:2], lines[2].replace(";400;", ";390;")])
    invoices = INVOICES.replace("1 200.00;-10;", "1190;0;").replace("1045.25", "1045,25")
    await importer.load(ImportKind.INVOICES, *bill_files(importer, invoices, corrected))
    assert await lines_of.values_list("position", "amount") == [(1, 80_000), (2, 39_000)]
    assert await lines_of.values_list("id", flat=True) == line_ids[:2]


async def test_an_older_file_leaves_newer_rows_alone(importer: ImportRunner):
    await bills(importer)
    older = INVOICES.replace("A-1;2026-10", "A-9;2026-10")
    lines = LINES.replace("A-1;", "A-9;")
    outcome = await importer.load(
        ImportKind.INVOICES, *bill_files(importer, older, lines), as_of=NOW - timedelta(days=1)
    )
    assert (outcome.run.rows_loaded, outcome.run.errors) == (0, 0)
    assert await Invoice.filter(number="A-9").count() == 0
    assert await InvoiceLine.filter(invoice__number="A-1").count() == 1


@pytest.mark.parametrize("has_other_lines", [False, True])
async def test_a_row_repeated_by_a_newer_file_is_as_new_as_that_file(
    importer: ImportRunner, rows: Rows, *, has_other_lines: bool
):
    """Monday's file doesn't replace Sunday's bill that Tuesday's file repeated."""
    await bills(importer)
    repeated_lines = (
        LINES.replace("Электроэнергия;SINGLE", "Свет;SINGLE") if has_other_lines else LINES
    )
    before = await rows(VERSIONS)
    outcome = await importer.load(
        ImportKind.INVOICES,
        *bill_files(importer, lines=repeated_lines),
        as_of=NOW + timedelta(days=2),
    )
    assert outcome.run.rows_loaded == int(has_other_lines)
    changed_tables = {
        previous[0]
        for previous, current in zip(before, await rows(VERSIONS), strict=True)
        if previous != current
    }
    assert changed_tables == {"invoice", *(["line"] if has_other_lines else [])}
    versions = await rows(VERSIONS)
    older = INVOICES.replace("A-1;2026-10", "A-9;2026-10").replace("A-2;10.2026", "A-8;10.2026")
    lines = LINES.replace("A-1;", "A-9;").replace("A-2;", "A-8;")
    files = [importer.put("i.csv", older), importer.put("l.csv", lines)]
    penalties = importer.put("p.csv", PENALTIES.replace("A-2;", "A-8;"))
    older_outcome = await importer.load(
        ImportKind.INVOICES, *files, penalties, as_of=NOW + timedelta(days=1)
    )
    assert (older_outcome.run.rows_loaded, older_outcome.run.errors) == (0, 0)
    assert await rows(VERSIONS) == versions


async def test_good_rows_are_loaded_and_bad_ones_listed(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    lines = LINES.replace(";400;", ";4O0;")
    outcome = await importer.load(ImportKind.INVOICES, *bill_files(importer, lines=lines))
    assert importer.faults() == [
        ("i.csv", "3", "invoice_lines", "PART_REFUSED", "A-2"),
        ("l.csv", "3", "invoice", "DOCUMENT_MISSING", "A-2"),
        ("l.csv", "4", "amount", "BAD_MONEY", "4O0"),
        ("l.csv", "5", "invoice", "DOCUMENT_MISSING", "A-2"),
        ("p.csv", "2", "invoice", "DOCUMENT_MISSING", "A-2"),
    ]
    assert (outcome.run.state, outcome.run.errors) == (ImportState.DONE, 5)
    assert await Invoice.all().values_list("number", flat=True) == ["A-1"]
    assert await InvoiceLine.all().count() == 1


@pytest.mark.parametrize("is_dry_run", [True, False])
async def test_atomic_and_dry_runs_leave_nothing_behind(
    importer: ImportRunner, *, is_dry_run: bool
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    lines = LINES.replace(";400;", ";4O0;")
    outcome = await importer.load(
        ImportKind.INVOICES,
        *bill_files(importer, lines=lines),
        is_dry_run=is_dry_run,
        is_atomic=not is_dry_run,
    )
    run = await ImportRun.get(kind=ImportKind.INVOICES)
    assert run.state is (ImportState.CHECKED if is_dry_run else ImportState.REFUSED)
    assert (run.errors, run.finished_at, run.report) == (5, NOW, "faults.csv")
    assert outcome.faults[0] == ("DOCUMENT_MISSING", "invoice", 3)
    assert await Invoice.all().count() == await AccountBalance.all().count() == 0


FAULTS = [
    ("0000000001;A-1;", "0000000009;A-1;", [("account", "ACCOUNT_UNKNOWN", "0000000009")]),
    ("0;0;0;100,50;20", "0;0;0;100,51;20", [("closing_balance", "DOESNT_ADD_UP", "10051")]),
    ("2026-10;2026-11-03", "2026-13;2026-11-03", [("period", "BAD_PERIOD", "2026-13")]),
    ("2026-10;2026-11-03", "2026-10;2026-02-30", [("issued_on", "BAD_DATE", "2026-02-30")]),
    ("2026-10;2026-11-03", "2026-10;now", [("issued_on", "BAD_DATE", "now")]),
    (
        "0;100,50;0;0;0;100,50;20",
        "0;99,50;0;0;0;99,50;20",
        [("charged", "PARTS_DONT_ADD_UP", "99.50 <> 100.50")],
    ),
    ("0;100,50;0", "0;1.100,50;0", [("charged", "BAD_MONEY", "1.100,50")]),
    ("0;100,50;0", "0;;0", [("charged", "REQUIRED", "")]),
    (";100,50;20", ";100,50;20;1", [("", "FIELD_COUNT", '"0000000001')]),
    (
        ";100,50;0;0;0;100,50;20",
        ";100.5;0;0;0;100,50;NaN",
        [("consumption_kwh", "BAD_NUMBER", "NaN")],
    ),
]


@pytest.mark.parametrize(("valid", "invalid", "faults"), FAULTS)
async def test_every_fault_is_reported_by_line_column_code_and_value(
    importer: ImportRunner, valid: str, invalid: str, faults: list[tuple[str, ...]]
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    assert valid in INVOICES
    await importer.load(
        ImportKind.INVOICES, *bill_files(importer, INVOICES.replace(valid, invalid))
    )
    reported = [fault[2:] for fault in importer.faults() if fault[:2] == ("i.csv", "2")]
    assert reported == faults
    assert await Invoice.all().values_list("number", flat=True) == ["A-2"]


async def test_of_two_rows_with_one_key_neither_is_believed(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    text = PAYMENTS + "0000000001;P-1;2026-10-07;999;Сбербанк\n"
    outcome = await importer.load(ImportKind.PAYMENTS, importer.put("payments.csv", text))
    assert [fault[1:] for fault in importer.faults()] == [
        ("2", "external_id", "DUPLICATE", "P-1"),
        ("4", "external_id", "DUPLICATE", "P-1"),
    ]
    assert outcome.run.rows_loaded == 1


async def test_a_number_that_another_bill_has_is_refused(importer: ImportRunner):
    await bills(importer)
    lines = INVOICES.splitlines()[:2]
    lines[1] = lines[1].replace("2026-10;", "2026-11;")
    files = bill_files(importer, "\n".join(lines), "\n".join(LINES.splitlines()[:2]))[:2]
    await importer.load(ImportKind.INVOICES, *files)
    assert importer.faults()[0] == ("i.csv", "2", "number", "TAKEN", "A-1")


async def test_control_totals_must_come_out(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    file = importer.put("payments.csv", PAYMENTS)
    refused_outcome = await importer.load(
        ImportKind.PAYMENTS, file, controls=["payments.amount=140.01"]
    )
    assert refused_outcome.run.state is ImportState.REFUSED
    assert refused_outcome.run.reason == "payments.amount should be 140.01, but is 140.00."
    controls = ["payments=2", "payments.amount=140"]
    assert (await importer.load(ImportKind.PAYMENTS, file, controls=controls)).run.rows_loaded == 2
    with pytest.raises(CommandError, match=r"There is no total payment\.sum"):
        await importer.load(ImportKind.PAYMENTS, file, controls=["payment.sum=1"])


async def test_a_payment_belongs_to_the_bill_of_its_month(importer: ImportRunner, rows: Rows):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    await importer.load(ImportKind.PAYMENTS, importer.put("payments.csv", PAYMENTS))
    await importer.load(ImportKind.INVOICES, *bill_files(importer))
    linked = "SELECT p.external_id, i.number FROM received_payment p LEFT JOIN invoice i"
    assert await rows(f"{linked} ON i.id = p.invoice_id ORDER BY 1") == [
        ("P-1", "A-2"),
        ("P-2", None),
    ]


async def test_refunded_money_and_a_cancelled_penalty_are_loaded(
    importer: ImportRunner, rows: Rows
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    given_back = (
        f"{PAYMENTS}0000000001;P-3;2026-11-06;-40,00;Касса\n0000000002;P-4;2026-11-06;0;Касса\n"
    )
    invoices = INVOICES.replace("1 200.00;-10;5,25;100;1045.25", "1 200.00;-10;-5,25;-100;1234.75")
    penalties = PENALTIES.replace(";5.25", ";-5.25")
    files = (("i.csv", invoices), ("l.csv", LINES), ("p.csv", penalties))

    payments = await importer.load(ImportKind.PAYMENTS, importer.put("payments.csv", given_back))
    bills_ = await importer.load(ImportKind.INVOICES, *(importer.put(*file) for file in files))

    assert payments.faults == bills_.faults == []
    assert await rows("SELECT external_id, amount FROM received_payment ORDER BY 1") == [
        ("P-1", 100_00),
        ("P-2", 40_00),
        ("P-3", -40_00),
        ("P-4", 0),
    ]
    assert await rows(
        "SELECT penalty, paid, closing_balance, unpaid FROM invoice ORDER BY number"
    ) == [
        (0, 0, 100_50, 100_50),
        (-5_25, -100_00, 1234_75, 1190_00),
    ]
    assert await rows("SELECT amount FROM invoice_penalty") == [(-5_25,)]


async def test_another_holder_suspends_the_links(importer: ImportRunner, anna: Viewer):
    account = await given_account("0000000001")
    await given_link(anna, account)
    same_holder = ACCOUNTS.replace("Иванова;Пелагея", "ИВАНОВА;П.")
    outcome = await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", same_holder))
    assert (outcome.new_holders, (await AccountLink.get()).state) == (0, LinkState.ACTIVE)
    new_holder = ACCOUNTS.replace("Иванова;Пелагея", "Петров;Олег")
    for is_dry_run, state in ((True, LinkState.ACTIVE), (False, LinkState.SUSPENDED)):
        file = importer.put("a.csv", new_holder)
        outcome = await importer.load(ImportKind.ACCOUNTS, file, is_dry_run=is_dry_run)
        assert (outcome.new_holders, (await AccountLink.get()).state) == (1, state)
    assert (await Holder.get(account=account, until=None)).surname_key == "ПЕТРОВ"


async def test_a_new_bill_sends_one_notice(importer: ImportRunner, anna: Viewer):
    await given_link(anna, await given_bare_account("0000000001"))
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    counts = [
        (
            await importer.load(ImportKind.INVOICES, *bill_files(importer), is_dry_run=is_dry_run)
        ).notified
        for is_dry_run in (True, False, False)
    ]
    assert counts == [1, 1, 0]
    notices = await Notice.all().values_list("user_id", "amount", "day")
    assert notices == [(anna.id, 10_050, date(2026, 12, 15))]


async def test_the_notice_of_a_prepaid_bill_requests_no_payment(
    importer: ImportRunner, anna: Viewer
):
    await given_link(anna, await given_bare_account("0000000001"))
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    invoices = INVOICES.replace("15;0;100,50;0;0;0;100,50", "15;-200;100,50;0;0;0;-99,50")

    await importer.load(ImportKind.INVOICES, *bill_files(importer, invoices))

    ((kind, period, amount),) = await Notice.all().values_list("kind", "period", "amount")
    facts = NoticeFacts("0000000001", period, amount=Kopecks(amount))
    assert [notice_text(kind, facts, language).text for language in Language] == [
        "Лицевой счёт 0000000001, октябрь 2026: оплачивать нечего.",
        "Account 0000000001, October 2026: there is nothing to pay.",
    ]


async def test_an_archive_of_bills_sends_no_notice(importer: ImportRunner, anna: Viewer):
    await given_link(anna, await given_bare_account("0000000001"))
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    invoices = INVOICES.replace("2026-12-15", "2026-11-16")
    assert (await importer.load(ImportKind.INVOICES, *bill_files(importer, invoices))).notified == 0


async def test_one_import_runs_at_a_time(importer: ImportRunner, database: str):
    lock_connection = await asyncpg.connect(database)
    async with lock_connection.transaction():
        await lock_connection.execute("SELECT pg_advisory_xact_lock($1)", 0x6C6B_696D)
        with pytest.raises(ImportAlreadyRunning, match="Another import is running"):
            await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
        assert await ImportRun.all().count() == 0
    await lock_connection.close()
    assert (
        await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    ).run.rows_loaded == 2

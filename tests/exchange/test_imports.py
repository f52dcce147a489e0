"""What an import does to the cabinet, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkState
from lk_graphql.billing.models import AccountBalance, Invoice, InvoiceLine
from lk_graphql.exchange.models import ImportKind, ImportRun, ImportState
from lk_graphql.exchange.service.files import examine
from lk_graphql.exchange.service.runs import AnotherImport, loaded_before
from lk_graphql.kit.errors import Obstacle
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from tests.exchange.billing_files import ACCOUNTS, INVOICES, LINES, PAYMENTS, PENALTIES
from tests.factories.accounts import given_account, given_bare_account, given_link
from tests.support.import_runner import NOW, Desk, Rows

VERSIONS = """
SELECT 'invoice', id, xmin::text FROM invoice UNION ALL SELECT 'line', id, xmin::text
FROM invoice_line UNION ALL SELECT 'account', id, xmin::text FROM account UNION ALL
SELECT 'payment', id, xmin::text FROM received_payment UNION ALL
SELECT 'balance', id, xmin::text FROM account_balance ORDER BY 1, 2
"""
"""Which transaction wrote each row: a row that was touched has another."""


async def bills(desk: Desk) -> None:
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    await desk.load(ImportKind.INVOICES, *bill_files(desk))


def bill_files(desk: Desk, invoices: str = INVOICES, lines: str = LINES):
    files = (("i.csv", invoices), ("l.csv", lines), ("p.csv", PENALTIES))
    return [desk.put(name, text) for name, text in files]


async def test_accounts_come_with_their_holders(desk: Desk):
    outcome = await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
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


async def test_bills_come_with_their_lines_and_what_is_open_of_them(desk: Desk, rows: Rows):
    await bills(desk)
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
    owed = AccountBalance.filter(account__number="0000000002")
    assert await owed.values_list("debt", "penalty", "overpayment") == [(104_525, 0, 0)]
    # the day of issue begins in Novokuznetsk seven hours before it does in London
    assert balance.as_of == datetime(2026, 11, 2, 17, tzinfo=UTC)
    assert await rows("SELECT count(*) FROM invoice_penalty") == [(1,)]


async def test_a_repeated_import_touches_no_row(desk: Desk, rows: Rows):
    await bills(desk)
    await desk.load(ImportKind.PAYMENTS, desk.put("payments.csv", PAYMENTS))
    before = await rows(VERSIONS)
    for kind, *files in (
        (ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS)),
        (ImportKind.INVOICES, *bill_files(desk)),
        (ImportKind.PAYMENTS, desk.put("payments.csv", PAYMENTS)),
    ):
        outcome = await desk.load(kind, *files)
        assert (outcome.run.state, outcome.run.rows_loaded) == (ImportState.DONE, 0)
    assert await rows(VERSIONS) == before


async def test_the_same_file_is_known_by_its_hash(desk: Desk):
    file = desk.put("accounts.csv", ACCOUNTS)
    assert await loaded_before([examine(file).sha256]) is None
    await desk.load(ImportKind.ACCOUNTS, file, is_dry_run=True)
    assert await loaded_before([examine(file).sha256]) is None
    await desk.load(ImportKind.ACCOUNTS, file)
    assert await loaded_before([examine(file).sha256]) == NOW
    assert await loaded_before([examine(file).sha256, "0" * 64]) is None


FACTORS = """\
invoice;position;kind;service;amount;basis;factor
A-1;1;ENERGY;Электроэнергия;67;NORM;
A-1;2;RAISING_FACTOR;Электроэнергия;33,50;;1,5
A-2;1;RAISING_FACTOR;Электроэнергия;1200;METER;
A-2;2;RECALCULATION;Электроэнергия;-10;;0.9
"""


async def test_a_line_says_what_its_volume_rests_on_and_how_it_was_raised(desk: Desk, rows: Rows):
    await desk.load(ImportKind.ACCOUNTS, desk.put("a.csv", ACCOUNTS))
    bills = desk.put("i.csv", INVOICES)
    lines, penalties = desk.put("l.csv", FACTORS), desk.put("p.csv", PENALTIES)
    await desk.load(ImportKind.INVOICES, bills, lines, penalties)
    assert [fault[1:] for fault in desk.faults() if fault[0] == "l.csv"] == [
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


async def test_a_recalculation_has_its_reason_its_months_and_its_document(desk: Desk, rows: Rows):
    await desk.load(ImportKind.ACCOUNTS, desk.put("a.csv", ACCOUNTS))
    bills = desk.put("i.csv", INVOICES.replace(";0;100,50;0;0;0;", ";0;110,50;-10;0;0;"))
    lines, penalties = desk.put("l.csv", CORRECTED), desk.put("p.csv", PENALTIES)
    await desk.load(ImportKind.INVOICES, bills, lines, penalties)
    assert sorted(fault[1:4] for fault in desk.faults() if fault[0] == "l.csv") == [
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


async def test_an_id_of_another_length_is_refused(desk: Desk):
    """The table takes no other, and the whole import would fail."""
    await desk.load(ImportKind.ACCOUNTS, desk.put("a.csv", ACCOUNTS))
    first, second, _ = INVOICES.splitlines()
    bills = desk.put("i.csv", f"{first};gis_document_id\n{second};80RR822802-01\n")
    await desk.load(ImportKind.INVOICES, bills, desk.put("l.csv", LINES.split("A-2")[0]))
    assert desk.faults()[0] == ("i.csv", "2", "gis_document_id", "BAD_FORM", "80RR822802-01")


async def test_a_bill_that_comes_again_has_only_its_new_lines(desk: Desk):
    await bills(desk)
    lines_of = InvoiceLine.filter(invoice__number="A-2").order_by("position")
    kept = await lines_of.values_list("id", flat=True)
    header, *lines = LINES.splitlines()
    corrected = "\n".join([header, *lines[:2], lines[2].replace(";400;", ";390;")])
    invoices = INVOICES.replace("1 200.00;-10;", "1190;0;").replace("1045.25", "1045,25")
    await desk.load(ImportKind.INVOICES, *bill_files(desk, invoices, corrected))
    assert await lines_of.values_list("position", "amount") == [(1, 80_000), (2, 39_000)]
    assert await lines_of.values_list("id", flat=True) == kept[:2]


async def test_an_older_file_leaves_newer_rows_alone(desk: Desk):
    await bills(desk)
    older = INVOICES.replace("A-1;2026-10", "A-9;2026-10")
    lines = LINES.replace("A-1;", "A-9;")
    outcome = await desk.load(
        ImportKind.INVOICES, *bill_files(desk, older, lines), as_of=NOW - timedelta(days=1)
    )
    assert (outcome.run.rows_loaded, outcome.run.errors) == (0, 0)
    assert await Invoice.filter(number="A-9").count() == 0
    assert await InvoiceLine.filter(invoice__number="A-1").count() == 1


@pytest.mark.parametrize("has_other_lines", [False, True])
async def test_what_a_newer_file_repeats_is_as_new_as_that_file(
    desk: Desk, rows: Rows, *, has_other_lines: bool
):
    """A bill of Sunday, said again on Tuesday, isn't replaced by Monday's."""
    await bills(desk)
    again = LINES.replace("Электроэнергия;SINGLE", "Свет;SINGLE") if has_other_lines else LINES
    before = await rows(VERSIONS)
    repeated = await desk.load(
        ImportKind.INVOICES, *bill_files(desk, lines=again), as_of=NOW + timedelta(days=2)
    )
    assert repeated.run.rows_loaded == int(has_other_lines)
    touched = {old[0] for old, new in zip(before, await rows(VERSIONS), strict=True) if old != new}
    assert touched == {"invoice", *(["line"] if has_other_lines else [])}
    known = await rows(VERSIONS)
    older = INVOICES.replace("A-1;2026-10", "A-9;2026-10").replace("A-2;10.2026", "A-8;10.2026")
    lines = LINES.replace("A-1;", "A-9;").replace("A-2;", "A-8;")
    files = [desk.put("i.csv", older), desk.put("l.csv", lines)]
    penalties = desk.put("p.csv", PENALTIES.replace("A-2;", "A-8;"))
    outcome = await desk.load(ImportKind.INVOICES, *files, penalties, as_of=NOW + timedelta(days=1))
    assert (outcome.run.rows_loaded, outcome.run.errors) == (0, 0)
    assert await rows(VERSIONS) == known


async def test_good_rows_are_loaded_and_bad_ones_listed(desk: Desk):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    lines = LINES.replace(";400;", ";4O0;")
    outcome = await desk.load(ImportKind.INVOICES, *bill_files(desk, lines=lines))
    assert desk.faults() == [
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
async def test_atomic_and_dry_runs_leave_nothing_behind(desk: Desk, *, is_dry_run: bool):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    lines = LINES.replace(";400;", ";4O0;")
    outcome = await desk.load(
        ImportKind.INVOICES,
        *bill_files(desk, lines=lines),
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


@pytest.mark.parametrize(("good", "bad", "found"), FAULTS)
async def test_every_fault_is_told_by_line_column_code_and_value(
    desk: Desk, good: str, bad: str, found: list[tuple[str, ...]]
):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    assert good in INVOICES
    await desk.load(ImportKind.INVOICES, *bill_files(desk, INVOICES.replace(good, bad)))
    mine = [fault[2:] for fault in desk.faults() if fault[:2] == ("i.csv", "2")]
    assert mine == found
    assert await Invoice.all().values_list("number", flat=True) == ["A-2"]


async def test_of_two_rows_with_one_key_neither_is_believed(desk: Desk):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    twice = PAYMENTS + "0000000001;P-1;2026-10-07;999;Сбербанк\n"
    outcome = await desk.load(ImportKind.PAYMENTS, desk.put("payments.csv", twice))
    assert [fault[1:] for fault in desk.faults()] == [
        ("2", "external_id", "DUPLICATE", "P-1"),
        ("4", "external_id", "DUPLICATE", "P-1"),
    ]
    assert outcome.run.rows_loaded == 1


async def test_a_number_that_another_bill_has_is_refused(desk: Desk):
    await bills(desk)
    later = INVOICES.splitlines()[:2]
    later[1] = later[1].replace("2026-10;", "2026-11;")
    files = bill_files(desk, "\n".join(later), "\n".join(LINES.splitlines()[:2]))[:2]
    await desk.load(ImportKind.INVOICES, *files)
    assert desk.faults()[0] == ("i.csv", "2", "number", "TAKEN", "A-1")


async def test_control_totals_must_come_out(desk: Desk):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    file = desk.put("payments.csv", PAYMENTS)
    wrong = await desk.load(ImportKind.PAYMENTS, file, controls=["payments.amount=140.01"])
    assert wrong.run.state is ImportState.REFUSED
    assert wrong.run.reason == "payments.amount should be 140.01, but is 140.00."
    right = ["payments=2", "payments.amount=140"]
    assert (await desk.load(ImportKind.PAYMENTS, file, controls=right)).run.rows_loaded == 2
    with pytest.raises(Obstacle, match=r"There is no total payment\.sum"):
        await desk.load(ImportKind.PAYMENTS, file, controls=["payment.sum=1"])


async def test_a_payment_belongs_to_the_bill_of_its_month(desk: Desk, rows: Rows):
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    await desk.load(ImportKind.PAYMENTS, desk.put("payments.csv", PAYMENTS))
    await desk.load(ImportKind.INVOICES, *bill_files(desk))
    linked = "SELECT p.external_id, i.number FROM received_payment p LEFT JOIN invoice i"
    assert await rows(f"{linked} ON i.id = p.invoice_id ORDER BY 1") == [
        ("P-1", "A-2"),
        ("P-2", None),
    ]


async def test_another_holder_suspends_the_links(desk: Desk, anna: Viewer):
    account = await given_account("0000000001")
    await given_link(anna, account)
    same = ACCOUNTS.replace("Иванова;Пелагея", "ИВАНОВА;П.")
    outcome = await desk.load(ImportKind.ACCOUNTS, desk.put("a.csv", same))
    assert (outcome.new_holders, (await AccountLink.get()).state) == (0, LinkState.ACTIVE)
    sold = ACCOUNTS.replace("Иванова;Пелагея", "Петров;Олег")
    for is_dry_run, state in ((True, LinkState.ACTIVE), (False, LinkState.SUSPENDED)):
        file = desk.put("a.csv", sold)
        outcome = await desk.load(ImportKind.ACCOUNTS, file, is_dry_run=is_dry_run)
        assert (outcome.new_holders, (await AccountLink.get()).state) == (1, state)
    assert (await Holder.get(account=account, until=None)).surname_key == "ПЕТРОВ"


async def test_new_bills_are_told_once(desk: Desk, anna: Viewer):
    await given_link(anna, await given_bare_account("0000000001"))
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    told = [
        (await desk.load(ImportKind.INVOICES, *bill_files(desk), is_dry_run=dry)).told
        for dry in (True, False, False)
    ]
    assert told == [1, 1, 0]
    notices = await Notice.all().values_list("user_id", "amount", "day")
    assert notices == [(anna.id, 10_050, date(2026, 12, 15))]


async def test_of_an_archive_nobody_is_told(desk: Desk, anna: Viewer):
    await given_link(anna, await given_bare_account("0000000001"))
    await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
    old = INVOICES.replace("2026-12-15", "2026-11-16")
    assert (await desk.load(ImportKind.INVOICES, *bill_files(desk, old))).told == 0


async def test_one_import_runs_at_a_time(desk: Desk, database: str):
    other = await asyncpg.connect(database)
    async with other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock($1)", 0x6C6B_696D)
        with pytest.raises(AnotherImport, match="Another import is running"):
            await desk.load(ImportKind.ACCOUNTS, desk.put("accounts.csv", ACCOUNTS))
        assert await ImportRun.all().count() == 0
    await other.close()
    assert (await desk.load(ImportKind.ACCOUNTS, desk.put("a.csv", ACCOUNTS))).run.rows_loaded == 2

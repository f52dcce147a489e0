"""Imports by which customers would lose something on too many accounts stop."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkState
from lk_graphql.exchange.models import ImpactOfKind, ImportImpact, ImportRun, ImportState
from lk_graphql.exchange.service.runs import ImportResult
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.accounts import given_link
from tests.support.cli_process import lk
from tests.support.client import COMPANY
from tests.support.import_runner import NOW, ImportRunner, Rows

LINKED, UNLINKED = 13, 4
LIMIT = 6  # half of the linked accounts
NUMBERS = [f"{number:010}" for number in range(1, LINKED + UNLINKED + 1)]
LATER = NOW + timedelta(days=1)
RUNS = {"import_run", "import_file"}
Files = dict[str, str]

ACCOUNT = (
    "number;contract_number;contract_signed_on;address;house_kind;tariff_category;"
    "holder_last_name;holder_first_name;closed_on"
)
METER = "account;serial;model;installed_on;removed_on"
REGISTER = "account;meter;zone;position;label;digits"
READING = "account;meter;zone;value;taken_on;period;source"
ANSWER = "reading;state;answer;reason"
INVOICE = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh"
)
LINE = "invoice;position;kind;service;amount"
BALANCE = "account;debt;penalty;overpayment"
PAYMENT = "account;external_id;paid_on;amount;agent"


def table(header: str, row: Callable[[str], str], numbers: list[str]) -> str:
    return "\n".join([header, *map(row, numbers)]) + "\n"


def accounts(numbers: list[str], holder: str = "Ким;Олег", closed_on: str = "") -> Files:
    row = "{0};Э-{0};2019-03-01;ул. Мира;APARTMENT;RURAL;{1};{2}"
    return {"a.csv": table(ACCOUNT, lambda n: row.format(n, holder, closed_on), numbers)}


def meters(numbers: list[str], removed_on: str = "") -> Files:
    return {
        "m.csv": table(METER, lambda n: f"{n};M{n};СЕ-101;2019-03-01;{removed_on}", numbers),
        "r.csv": table(REGISTER, lambda n: f"{n};M{n};SINGLE;1;T;6", numbers),
    }


def readings(numbers: list[str], value: int = 100, source: str = "CONTROLLER") -> Files:
    row = f"{{0}};M{{0}};SINGLE;{value};2026-10-20;2026-10;{source}"
    return {"g.csv": table(READING, row.format, numbers)}


def bills(numbers: list[str], charged: int = 50) -> Files:
    row = f"{{0}};B{{0}};2026-10;2026-11-03;2026-11-16;0;{charged};0;0;0;{charged};1"
    line = f"B{{0}};1;ENERGY;Энергия;{charged}"
    return {
        "i.csv": table(INVOICE, row.format, numbers),
        "l.csv": table(LINE, line.format, numbers if charged else []),
    }


def balances(numbers: list[str], amounts: str) -> Files:
    return {"b.csv": table(BALANCE, lambda n: f"{n};{amounts}", numbers)}


def payments(numbers: list[str], amount: int = 40, offset: int = 0) -> Files:
    """Payments of each account, or those of accounts before it."""

    def row(number: str) -> str:
        other = f"{int(number) + offset:010}"
        return f"{other};P{number};2026-08-07;{amount};Почта"

    return {"p.csv": table(PAYMENT, row, numbers)}


@dataclass(frozen=True)
class Drastic:
    """Files that are imported before, and those by which customers lose something."""

    change: ImportChangeKind
    kind: ImportKind
    before: tuple[tuple[ImportKind, Files], ...]
    files: Callable[[list[str]], Files]

    async def given(self, importer: ImportRunner, anna: Viewer) -> None:
        await load(importer, ImportKind.ACCOUNTS, accounts(NUMBERS))
        for account in await Account.all().order_by("number").limit(LINKED):
            await given_link(anna, account)
        for kind, files in self.before:
            await load(importer, kind, files)


C, K = ImportChangeKind, ImportKind
_METERS = (K.METERS, meters(NUMBERS))
CASES = [
    Drastic(C.HOLDER_CHANGED, K.ACCOUNTS, (), lambda n: accounts(n, "Пак;Пётр")),
    Drastic(C.ACCOUNT_CLOSED, K.ACCOUNTS, (), lambda n: accounts(n, closed_on="2026-10-31")),
    Drastic(C.METERS_REMOVED, K.METERS, (_METERS,), lambda n: meters(n, "2026-10-31")),
    Drastic(
        C.READING_CHANGED,
        K.READINGS,
        (_METERS, (K.READINGS, readings(NUMBERS))),
        lambda n: readings(n, 200),
    ),
    Drastic(
        C.BILL_CANCELLED,
        K.INVOICES,
        ((K.INVOICES, bills(NUMBERS) | balances(NUMBERS, "50;0;0")),),
        lambda n: bills(n, 0),
    ),
    Drastic(C.BILL_CHANGED, K.INVOICES, ((K.INVOICES, bills(NUMBERS)),), lambda n: bills(n, 500)),
    Drastic(
        C.BALANCE_CLEARED,
        K.PAYMENTS,
        ((K.PAYMENTS, balances(NUMBERS, "50;0;0")),),
        lambda n: balances(n, "0;0;0"),
    ),
    Drastic(
        C.BALANCE_CLEARED,
        K.INVOICES,
        ((K.PAYMENTS, balances(NUMBERS, "0;0;70")),),
        lambda n: balances(n, "0;0;0"),
    ),
    Drastic(
        C.PAYMENT_MOVED,
        K.PAYMENTS,
        ((K.PAYMENTS, payments(NUMBERS)),),
        lambda n: payments(n, offset=1),
    ),
    Drastic(
        C.PAYMENT_MOVED,
        K.PAYMENTS,
        ((K.PAYMENTS, payments(NUMBERS)),),
        lambda n: payments(n, 1),
    ),
]
each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.change}-{case.kind}-{number}" for number, case in enumerate(CASES)]
)


def put(importer: ImportRunner, files: Files) -> list[Path]:
    return [importer.put(name, text) for name, text in files.items()]


async def load(
    importer: ImportRunner, kind: ImportKind, files: Files, expected: int | None = None
) -> ImportResult:
    return await importer.load(kind, *put(importer, files), as_of=LATER, expected_changes=expected)


async def contents(rows: Rows) -> dict[str, tuple[object, ...]]:
    """Number of rows and hash of each table except the imports' own."""
    names = await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    query = """SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM "{0}" t"""
    return {name: (await rows(query.format(name)))[0] for (name,) in names if name not in RUNS}


def impact(change: ImportChangeKind, affected: int) -> ImportImpact:
    return ImportImpact(LINKED, affected, [ImpactOfKind(change, affected, affected)], NUMBERS[:5])


@each_case
async def test_too_many_changes_stop_the_import_and_nothing_is_written(
    importer: ImportRunner, rows: Rows, anna: Viewer, case: Drastic
):
    await case.given(importer, anna)
    before = await contents(rows)
    affected = LIMIT + 1
    files = case.files(NUMBERS[:affected])

    for expected in (None, affected - 1, affected + 1, 0):
        outcome = await load(importer, case.kind, files, expected)

        run = await ImportRun.all().order_by("-id").first()
        assert run
        assert (run.state, run.rows_loaded) == (ImportState.NEEDS_CONFIRMATION, 0)
        assert outcome.impact == impact(case.change, affected)
        assert run.impact == outcome.impact.as_json()
        assert run.reason == outcome.objection
        assert f"on {affected} of {LINKED} linked accounts" in str(run.reason)
        assert await contents(rows) == before


@each_case
async def test_the_expected_number_of_changes_is_loaded(
    importer: ImportRunner, rows: Rows, anna: Viewer, case: Drastic
):
    await case.given(importer, anna)
    before = await contents(rows)
    affected = LIMIT + 2
    files = case.files(NUMBERS[:affected])

    outcome = await load(importer, case.kind, files, affected)

    assert (outcome.run.state, outcome.objection) == (ImportState.DONE, None)
    assert outcome.impact == impact(case.change, affected)
    assert await contents(rows) != before


@each_case
async def test_a_few_changes_and_those_of_unlinked_accounts_need_no_confirmation(
    importer: ImportRunner, anna: Viewer, case: Drastic
):
    await case.given(importer, anna)

    outcome = await load(importer, case.kind, case.files(NUMBERS[LINKED - LIMIT : -1]))

    assert outcome.run.state is ImportState.DONE
    assert (outcome.impact.linked, outcome.impact.affected) == (LINKED, LIMIT)


@each_case
async def test_a_dry_run_shows_the_same_numbers(
    importer: ImportRunner, rows: Rows, anna: Viewer, case: Drastic
):
    await case.given(importer, anna)
    before = await contents(rows)
    affected = LIMIT + 1
    files = put(importer, case.files(NUMBERS[:affected]))

    outcome = await importer.load(case.kind, *files, as_of=LATER, is_dry_run=True)

    assert (outcome.run.state, outcome.impact) == (
        ImportState.CHECKED,
        impact(case.change, affected),
    )
    assert outcome.run.reason == outcome.objection
    assert outcome.objection
    assert await contents(rows) == before


@each_case
async def test_a_repeated_import_has_no_impact(importer: ImportRunner, anna: Viewer, case: Drastic):
    await case.given(importer, anna)
    files = case.files(NUMBERS[:LINKED])
    await load(importer, case.kind, files, LINKED)

    outcome = await load(importer, case.kind, files)

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)
    assert outcome.run.impact is None


async def test_rejected_readings_are_counted(importer: ImportRunner, rows: Rows, anna: Viewer):
    case = replace(CASES[0], before=(_METERS, (K.READINGS, readings(NUMBERS, source="CUSTOMER"))))
    await case.given(importer, anna)
    linked = Reading.filter(register__meter__account__number__in=NUMBERS[:LINKED])
    keys = await linked.values_list("id", flat=True)
    files = {
        "x.csv": table(ANSWER, lambda key: f"{key};ACCEPTED;REJECTED;Ошибка", [*map(str, keys)])
    }
    before = await contents(rows)

    outcome = await load(importer, K.READINGS, files)

    assert outcome.run.state is ImportState.NEEDS_CONFIRMATION
    assert outcome.impact == impact(C.READING_REJECTED, LINKED)
    assert await contents(rows) == before
    outcome = await load(importer, K.READINGS, files, LINKED)
    assert (outcome.run.state, outcome.answered) == (ImportState.DONE, LINKED)


def test_each_kind_of_change_is_tested():
    tested = {(case.change, case.kind) for case in CASES}
    tested.add((C.READING_REJECTED, K.READINGS))
    declared = {(change.kind, kind) for kind in KINDS for change in KINDS[kind].drastic_changes}
    assert declared == tested
    assert {change for change, _ in declared} == set(ImportChangeKind)


async def test_an_account_with_two_changes_is_counted_once(
    importer: ImportRunner, anna: Viewer, boris: Viewer
):
    await CASES[0].given(importer, anna)
    await given_link(boris, await Account.get(number=NUMBERS[0]))
    files = accounts(NUMBERS[:LINKED], "Пак;Пётр", "2026-10-31")

    outcome = await load(importer, K.ACCOUNTS, files)

    assert outcome.impact.affected == LINKED
    assert outcome.impact.changes == [
        ImpactOfKind(C.HOLDER_CHANGED, LINKED, LINKED + 1),
        ImpactOfKind(C.ACCOUNT_CLOSED, LINKED, LINKED + 1),
    ]


async def test_another_spelling_is_no_other_holder(importer: ImportRunner, anna: Viewer):
    await CASES[0].given(importer, anna)

    outcome = await load(importer, K.ACCOUNTS, accounts(NUMBERS, "КИМ;О."))

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)


async def test_a_replaced_meter_is_no_loss(importer: ImportRunner, anna: Viewer):
    await replace(CASES[0], before=(_METERS,)).given(importer, anna)
    files = meters(NUMBERS, "2026-10-31")
    files["m.csv"] += "".join(f"{number};N{number};СЕ-208;2026-10-31;\n" for number in NUMBERS)

    outcome = await load(importer, K.METERS, files)

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)


async def test_a_debt_that_was_paid_is_no_loss(importer: ImportRunner, anna: Viewer):
    debts = (K.PAYMENTS, balances(NUMBERS, "50;0;0"))
    await replace(CASES[0], before=(debts,)).given(importer, anna)
    files = payments(NUMBERS, 50) | balances(NUMBERS, "0;0;0")
    files["p.csv"] = files["p.csv"].replace("2026-08", "2026-11")

    outcome = await load(importer, K.PAYMENTS, files)

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)


@pytest.mark.parametrize(("number", "amount"), [("B", -70), ("P", 0)])
async def test_a_refunded_or_cancelled_advance_isn_t_reported_as_cleared(
    importer: ImportRunner, anna: Viewer, number: str, amount: int
):
    advances = (K.PAYMENTS, balances(NUMBERS, "0;0;70") | payments(NUMBERS, 70))
    await replace(CASES[0], before=(advances,)).given(importer, anna)
    files = payments(NUMBERS, amount) | balances(NUMBERS, "0;0;0")
    files["p.csv"] = files["p.csv"].replace(";P", f";{number}")

    outcome = await load(importer, K.PAYMENTS, files)

    assert C.BALANCE_CLEARED not in [change.kind for change in outcome.impact.changes]


@pytest.mark.parametrize("amount", [-50, 0])
async def test_a_debt_that_only_a_refund_explains_is_reported_as_cleared(
    importer: ImportRunner, anna: Viewer, amount: int
):
    debts = (K.PAYMENTS, balances(NUMBERS, "50;0;0"))
    await replace(CASES[0], before=(debts,)).given(importer, anna)

    outcome = await load(
        importer, K.PAYMENTS, payments(NUMBERS, amount) | balances(NUMBERS, "0;0;0")
    )

    assert [change.kind for change in outcome.impact.changes] == [C.BALANCE_CLEARED]


async def test_an_advance_that_was_billed_is_no_loss(importer: ImportRunner, anna: Viewer):
    advances = (K.PAYMENTS, balances(NUMBERS, "0;0;50"))
    await replace(CASES[0], before=(advances,)).given(importer, anna)

    outcome = await load(importer, K.INVOICES, bills(NUMBERS) | balances(NUMBERS, "0;0;0"))

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)


async def test_an_older_file_has_no_impact(importer: ImportRunner, anna: Viewer):
    await CASES[0].given(importer, anna)
    files = put(importer, accounts(NUMBERS, "Пак;Пётр", "2026-10-31"))

    outcome = await importer.load(K.ACCOUNTS, *files, as_of=NOW)

    assert (outcome.run.state, outcome.impact.affected) == (ImportState.DONE, 0)
    assert await Holder.filter(last_name="Пак").count() == 0


@pytest.mark.parametrize(
    ("linked", "share", "minimum", "most"),
    [
        (1, 2, 10, 2),  # one of one may change
        (2, 2, 10, 2),
        (5, 2, 10, 2),
        (20, 2, 10, 10),
        (500, 2, 10, 10),
        (1000, 2, 10, 20),
        (100_000, 2, 10, 2000),
        (100_000, 0, 0, 0),
        (1000, 100, 10, 1000),
        (1000, 0.25, 0, 2),
    ],
)
def test_the_largest_number_of_changed_accounts_depends_on_the_linked_ones(
    linked: int, share: float, minimum: int, most: int
):
    company = replace(COMPANY, import_drastic_share=share, import_drastic_minimum=minimum)

    assert ImportImpact(linked, most).objection(None, company) is None
    assert ImportImpact(linked, most + 1).objection(None, company)
    assert ImportImpact(linked, most + 1).objection(most + 1, company) is None
    assert ImportImpact(linked, most).objection(most + 1, company)


async def test_the_command_stops_with_the_numbers_and_goes_on_with_the_right_one(
    importer: ImportRunner, database: str, rows: Rows, anna: Viewer
):
    await CASES[0].given(importer, anna)
    before = await contents(rows)
    (file,) = put(importer, accounts(NUMBERS, "Пак;Пётр"))

    def run(*options: str) -> CompletedProcess[str]:
        return lk(
            *("import", "accounts", str(file), "--as-of", "2026-11-29", *options),
            folder=importer.folder,
            LK_DATABASE_URL=database,
        )

    for options in ((), ("--expect-changes", "12"), ("--dry-run",)):
        done = run(*options)
        assert done.returncode == 4
        assert f"HOLDER_CHANGED  {LINKED}               {LINKED}" in done.stdout
        assert "Accounts such as 0000000001, 0000000002, 0000000003" in done.stdout
        assert f"on {LINKED} of {LINKED} linked accounts" in done.stderr
        assert f"To confirm the changes: --expect-changes {LINKED}" in done.stderr
        assert ("Nothing was loaded." in done.stderr) == (options != ("--dry-run",))
        assert await contents(rows) == before

    assert run("--expect-changes", str(LINKED)).returncode == 0
    assert await AccountLink.filter(state=LinkState.ACTIVE).count() == 0


async def test_the_share_is_a_setting(
    importer: ImportRunner, database: str, rows: Rows, anna: Viewer
):
    await CASES[0].given(importer, anna)
    (file,) = put(importer, accounts(NUMBERS, "Пак;Пётр"))

    done = lk(
        *("import", "accounts", str(file), "--as-of", "2026-11-29"),
        folder=importer.folder,
        LK_DATABASE_URL=database,
        LK_IMPORT_DRASTIC_SHARE="100",
    )

    assert done.returncode == 0
    assert await rows("SELECT count(*) FROM account_link WHERE state = 'SUSPENDED'") == [(LINKED,)]


async def test_a_first_import_needs_no_confirmation(importer: ImportRunner):
    outcome = await importer.load(K.ACCOUNTS, importer.put("a.csv", ACCOUNTS))

    assert (outcome.run.state, outcome.impact) == (ImportState.DONE, ImportImpact())

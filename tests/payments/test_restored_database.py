"""Payments at the acquirer that a database restored to an earlier moment lacks."""

import asyncio
import csv
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import httpx
import pytest
import stamina

from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Difference, Payment, PaymentState, RegistryRow
from lk_graphql.payments.service import restore_report
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.payments.service.restore_report import Remedy
from lk_graphql.ports.acquiring import yookassa_json
from tests.factories.accounts import NOW
from tests.factories.payments import PaymentScenario, request_refund
from tests.support.cli_process import lk
from tests.support.sandbox_acquirer import GOOD, POOR, Sandbox, given_order, given_refund, running

CHILDREN = (
    *("registry_row", "ledger_line", "ledger_entry", "fiscal_receipt", "refund_line", "refund"),
    *("payment_event", "payment_line", "payment_part", "payment_difference"),
)
STATE = """SELECT (SELECT count(*) FROM payment) AS payments, (SELECT count(*) FROM job) AS jobs,
    (SELECT count(*) FROM payment_difference) AS differences,
    (SELECT last_value FROM payment_number) AS payment_number,
    (SELECT last_value FROM appeal_number) AS appeal_number,
    (SELECT last_value FROM contract_application_number) AS application_number,
    (SELECT md5(string_agg(payment::text, '' ORDER BY id)) FROM payment) AS sum"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Generator[Sandbox]:
    """A sandbox of this test only: the command lists all its orders."""
    with stamina.set_testing(True, attempts=2), running(tmp_path / "books.sqlite") as sandbox:
        yield sandbox


async def restore_to_before(opened: asyncpg.Connection, payment: Payment) -> None:
    """Remove a payment, which no statement of the cabinet can do."""
    await opened.execute("SET session_replication_role = replica")
    for table in CHILDREN:
        if "entry_id" in await columns_of(opened, table):
            entries = "SELECT id FROM ledger_entry WHERE payment_id = $1"
            await opened.execute(f"DELETE FROM {table} WHERE entry_id IN ({entries})", payment.id)
        elif "payment_id" in await columns_of(opened, table):
            await opened.execute(f"DELETE FROM {table} WHERE payment_id = $1", payment.id)
    await opened.execute("DELETE FROM payment WHERE id = $1", payment.id)
    await opened.execute("SET session_replication_role = origin")
    await opened.execute("DELETE FROM job")


async def columns_of(opened: asyncpg.Connection, table: str) -> set[str]:
    statement = "SELECT column_name FROM information_schema.columns WHERE table_name = $1"
    return {row["column_name"] for row in await opened.fetch(statement, table)}


async def after_restore(
    scenario: PaymentScenario, database: str, folder: Path, *words: str, since: str = ""
) -> CompletedProcess[str]:
    await Payment.all().update(provider="yookassa")  # the provider of a shop in production
    moment = since or f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%d %H:%M:%S}+00"
    return await asyncio.to_thread(
        lk, "payments", "after-restore", "--since", moment, *words,
        folder=folder, LK_DATABASE_URL=database, LK_ACQUIRER_SHOP="shop",
        LK_ACQUIRER_SECRET="secret", LK_ACQUIRER_URL=f"{scenario.sandbox.url}/v3",
        LK_TIMEZONE="Asia/Novokuznetsk",
    )  # fmt: skip


async def state_of(opened: asyncpg.Connection) -> dict[str, Any]:
    (row,) = await opened.fetch(STATE)
    return {**row}


def rows_in(folder: Path) -> list[dict[str, str]]:
    with (folder / "payments_after_restore.csv").open(encoding="utf-8-sig") as file:
        return [*csv.DictReader(file, delimiter=";")]


async def test_a_paid_payment_is_listed_and_nothing_is_changed(
    scenario: PaymentScenario, opened: asyncpg.Connection, database: str, tmp_path: Path
):
    started = (await scenario.start())["payment"]
    scenario.sandbox.pay(started["pageUrl"], GOOD)
    payment = await Payment.get(number=started["number"])
    await scenario.reconcile(payment.id)
    await restore_to_before(opened, payment)
    before = await state_of(opened)
    done = await after_restore(scenario, database, tmp_path)

    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    (row,) = rows_in(tmp_path)
    created = datetime.fromisoformat(row.pop("Created"))
    assert created.utcoffset() == timedelta(hours=7)
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=5)
    assert row == {
        "Reference": payment.reference, "Kind": "payment", "Amount": "1140.00",
        "Currency": "RUB", "Acquirer": "SUCCEEDED", "Cabinet": "unknown",
        "Payment": started["number"], "Accounts": "0012345678", "Next step": "POST_OR_REFUND",
    }  # fmt: skip
    assert str(payment.reference) in done.stdout
    assert f"highest payment number at the acquirer is {int(started['number'][3:])}" in done.stderr
    assert await state_of(opened) == before
    assert before["payments"] == 0


async def test_orders_are_listed_over_several_pages(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    for start in range(0, 250, 10):
        orders = (given_order(description=f"Платёж ЛК-{start + n:07}") for n in range(10))
        await asyncio.gather(*map(scenario.acquirer.register, orders))
    done = await after_restore(scenario, database, tmp_path)

    assert done.returncode == 0, done.stderr
    rows = rows_in(tmp_path)
    assert len({row["Reference"] for row in rows}) == len(rows) == 250
    assert {row["Next step"] for row in rows} == {"WAIT"}


async def test_orders_of_others_unpaid_ones_and_earlier_ones_are_left_out(
    scenario: PaymentScenario, opened: asyncpg.Connection, database: str, tmp_path: Path
):
    unpaid = await scenario.begun()
    scenario.sandbox.pay(unpaid.page_url or "", POOR)
    await restore_to_before(opened, unpaid)
    await scenario.paid()
    body: dict[str, Any] = {**yookassa_json.order(given_order()), "metadata": {}}
    async with httpx.AsyncClient(auth=("shop", "secret"), trust_env=False) as client:
        url, key = f"{scenario.sandbox.url}/v3/payments", {"Idempotence-Key": "other"}
        (await client.post(url, json=body, headers=key)).raise_for_status()
    done = await after_restore(scenario, database, tmp_path)
    assert "\n0 rows: " in done.stdout
    agree = "1 payments and refunds agree, 1 unknown ones moved no money, 1 are of other systems."
    assert agree in done.stdout

    later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M}"
    done = await after_restore(scenario, database, tmp_path, since=later)
    assert agree.replace("1 ", "0 ") in done.stdout


async def test_a_check_applies_what_happened_to_known_payments(
    scenario: PaymentScenario, opened: asyncpg.Connection, database: str, tmp_path: Path
):
    paid, refunded = await scenario.begun(), await scenario.paid(50_000)
    scenario.sandbox.pay(paid.page_url or "", GOOD)
    await Payment.filter(id=refunded.id).update(next_check_at=None)
    await scenario.acquirer.refund(given_refund(refunded.reference or "", 20_000))
    await opened.execute("DELETE FROM job")
    done = await after_restore(scenario, database, tmp_path)

    rows = [(row["Kind"], row["Amount"], row["Cabinet"]) for row in rows_in(tmp_path)]
    assert sorted(rows) == [
        ("payment", "1140.00", "REGISTERED"),
        ("payment", "500.00", "SUCCEEDED"),
        ("refund", "200.00", "unknown"),
    ]
    assert {row["Next step"] for row in rows_in(tmp_path)} == {"CHECK"}
    assert await opened.fetchval("SELECT count(*) FROM job") == 0

    done = await after_restore(scenario, database, tmp_path, "--check")
    await Payment.all().update(provider="sandbox")
    await scenario.do_jobs()
    assert "2 payments will be checked." in done.stdout
    assert (await Payment.get(id=paid.id)).state is PaymentState.SUCCEEDED
    difference = await Difference.get()
    assert (difference.payment_id, difference.kind) == (refunded.id, "REFUNDED")
    assert (difference.ours, difference.theirs) == ("0..0", "20000")


async def test_an_order_that_no_check_can_find_any_more_is_like_an_unknown_one(
    scenario: PaymentScenario,
):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    now, day = datetime.now(UTC), timedelta(hours=24)
    await Payment.filter(id=payment.id).update(
        reference=None, page_url=None, state=PaymentState.CREATED, created_at=now
    )
    remedies = [
        [row.remedy for row in (await restore_report.compare(
            scenario.acquirer, since=now, now=moment)).rows]
        for moment in (now, now + day)
    ]  # fmt: skip

    assert remedies == [[Remedy.CHECK], [Remedy.POST_OR_REFUND]]


async def test_a_refund_of_an_unknown_payment_follows_it(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    payment = await scenario.paid()
    claim = RefundClaim(payment.id, 1, Kopecks(30_000), "Оплачено дважды", new_key().hex)
    await request_refund(scenario.acquirer, claim)
    await scenario.do_jobs()
    report = await restore_report.compare(scenario.acquirer, since=NOW, now=datetime.now(UTC))
    assert (report.rows, report.agreeing) == ((), 2)

    await restore_to_before(opened, payment)
    report = await restore_report.compare(scenario.acquirer, since=NOW, now=datetime.now(UTC))
    assert [(row.is_refund, row.amount, row.number, row.remedy) for row in report.rows] == [
        (False, 114_000, payment.number, Remedy.POST_OR_REFUND),
        (True, 30_000, payment.number, Remedy.POST_REFUND),
    ]


async def restore_to_before_refunds(
    opened: asyncpg.Connection, payment: Payment, *, are_requested: bool
) -> None:
    """Remove the refunds of a payment, or their success only; no statement of the cabinet can."""
    entries = "SELECT id FROM ledger_entry WHERE payment_id = $1 AND kind = 'REFUND'"
    success = (
        "DELETE FROM registry_row WHERE payment_id = $1 AND amount < 0",
        f"DELETE FROM ledger_line WHERE entry_id IN ({entries})",
        "DELETE FROM ledger_entry WHERE payment_id = $1 AND kind = 'REFUND'",
        "DELETE FROM fiscal_receipt WHERE payment_id = $1 AND refund_id IS NOT NULL",
        "DELETE FROM payment_event WHERE payment_id = $1 AND kind = 'REFUND_SUCCEEDED'",
        "UPDATE payment_part SET refunded = 0 WHERE payment_id = $1",
        "UPDATE payment SET state = 'SUCCEEDED', refunded = 0 WHERE id = $1",
    )
    request = (
        "DELETE FROM refund_line WHERE refund_id IN (SELECT id FROM refund WHERE payment_id = $1)",
        "DELETE FROM refund WHERE payment_id = $1",
        "DELETE FROM payment_event WHERE payment_id = $1 AND kind = 'REFUND_REQUESTED'",
    )
    pending = (
        "UPDATE refund SET state = 'REQUESTED', reference = NULL, ended_at = NULL"
        " WHERE payment_id = $1"
    )
    await opened.execute("SET session_replication_role = replica")
    for statement in (*success, pending) if are_requested else (*success, *request):
        await opened.execute(statement, payment.id)
    await opened.execute("SET session_replication_role = origin")
    await opened.execute("DELETE FROM job")


async def refunded(scenario: PaymentScenario, payment: Payment, amount: int) -> str:
    """Refund a part of a payment; return the number of its movement."""
    claim = RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)
    await request_refund(scenario.acquirer, claim)
    await scenario.reconcile(payment.id)
    return (await RegistryRow.get(payment_id=payment.id, amount=-amount)).number


async def test_a_refund_after_the_restore_has_not_the_number_of_a_lost_one(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    payment = await scenario.paid(100_000)
    lost = await refunded(scenario, payment, 30_000)  # exported, and posted by billing
    await restore_to_before_refunds(opened, payment, are_requested=False)

    numbers = [await refunded(scenario, payment, amount) for amount in (20_000, 50_000)]

    assert len({lost, *numbers}) == 3
    assert all(number.startswith(f"{payment.number}-1В") for number in (lost, *numbers))
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 100_000
    movements = await RegistryRow.all().order_by("amount").values_list("amount", flat=True)
    assert movements == [-50_000, -20_000, 100_000]


async def test_a_refund_whose_success_was_lost_has_its_number_again(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    payment = await scenario.paid(100_000)
    earlier = await refunded(scenario, payment, 10_000)
    exported = await refunded(scenario, payment, 30_000)
    await restore_to_before_refunds(opened, payment, are_requested=True)
    await ReceivedPayment.create(  # of a file of billing that is imported again before the check
        account=scenario.account, external_id=exported, paid_on=NOW.date(), amount=-30_000,
        agent="Кабинет",
    )  # fmt: skip
    await scenario.reconcile(payment.id)

    movements = await RegistryRow.filter(amount__lt=0).order_by("-amount")
    assert [movement.number for movement in movements] == [earlier, exported]
    assert [movement.posted_at is None for movement in movements] == [True, False]
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 40_000
    assert await Difference.all().count() == 0


async def test_numbers_are_skipped_by_the_owner_of_the_database_only(
    scenario: PaymentScenario, opened: asyncpg.Connection, database: str, tmp_path: Path
):
    payment = await scenario.begun()
    await restore_to_before(opened, payment)
    highest = int(payment.number[3:])
    await opened.execute("SELECT setval('payment_number', 1)")
    appeals = await opened.fetchval("SELECT nextval('appeal_number')")
    await opened.execute("CREATE ROLE lk_without_sequences LOGIN")
    grants = ("USAGE ON ALL SEQUENCES", "SELECT ON ALL TABLES")
    try:
        for grant in grants:
            await opened.execute(f"GRANT {grant} IN SCHEMA public TO lk_without_sequences")
        before = await state_of(opened)
        other = database.replace("//postgres@", "//lk_without_sequences@")
        done = await after_restore(scenario, other, tmp_path, "--skip-numbers")
        assert (done.returncode, done.stderr.startswith("Only the owner")) == (1, True), done.stderr
        assert await state_of(opened) == before
    finally:
        await opened.execute("DROP OWNED BY lk_without_sequences; DROP ROLE lk_without_sequences")

    done = await after_restore(scenario, database, tmp_path, "--skip-numbers")
    assert done.returncode == 0, done.stderr
    first = highest + restore_report.SKIPPED + 1
    assert f"payment_number: the next number is {first}." in done.stdout
    assert await opened.fetchval("SELECT nextval('payment_number')") == first
    skipped = await opened.fetchval("SELECT nextval('appeal_number')")
    assert skipped == appeals + restore_report.SKIPPED + 1


def test_the_acquirer_and_the_moment_are_required():
    done = lk("payments", "after-restore", "--since", "yesterday")
    assert done.returncode == 2
    assert "write it as 2026-11-30 11:55:00+07" in done.stderr

    done = lk("payments", "after-restore", "--since", "2026-11-30 11:55:00+07")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no acquirer: set LK_ACQUIRER_SHOP")

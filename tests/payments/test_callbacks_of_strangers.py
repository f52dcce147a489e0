"""Callbacks that are early, repeated, forged, or about something else."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from lk_graphql.kit.ids import new_key
from lk_graphql.payments.models import Payment, PaymentState
from lk_graphql.payments.routes import CallbackOutcome
from lk_graphql.payments.service import reconciliation
from lk_graphql.ports.acquiring import AcquirerNotification
from tests.factories.accounts import LINKS
from tests.factories.payments import PaymentScenario
from tests.support.sandbox_acquirer import NEVER

PAID = "payment.succeeded"
JOBS = """SELECT payload->>'payment_id' AS payment,
    round(extract(epoch FROM execute_after - created)) AS delay
    FROM (SELECT convert_from(payload, 'UTF8')::jsonb AS payload, execute_after, created, id,
    entrypoint FROM job) AS job WHERE entrypoint = 'payments.check' ORDER BY id"""


async def check_delays(opened: asyncpg.Connection) -> list[int]:
    """The delays of the checks in the queue, in seconds."""
    return [int(row["delay"]) for row in await opened.fetch(JOBS)]


async def test_an_early_callback_doesn_t_hide_the_true_one(scenario: PaymentScenario):
    payment = await scenario.begun()
    await scenario.callback(PAID, payment.reference or "")
    await scenario.do_jobs()
    assert (await Payment.get(id=payment.id)).state is PaymentState.REGISTERED

    scenario.sandbox.pay(payment.page_url or "", NEVER)
    await scenario.callback(PAID, payment.reference or "")
    await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state is PaymentState.SUCCEEDED


@pytest.mark.parametrize("second", [0, 1, 29, 30, 45, 59])
async def test_a_flood_of_callbacks_is_five_checks_and_one_within_half_a_minute(
    scenario: PaymentScenario, opened: asyncpg.Connection, second: int
):
    payment = await scenario.begun()
    await opened.execute("DELETE FROM job")
    now = datetime(2026, 11, 21, 9, 0, second, 500_000, UTC)
    for number in range(200):
        notice = AcquirerNotification("refund.succeeded", f"r{number}", payment.reference or "")
        await reconciliation.receive_callback(
            notice, provider=payment.provider, signer=LINKS, now=now
        )

    delays = await check_delays(opened)
    assert delays[:5] == [0] * 5
    (delay,) = delays[5:]
    assert 0 < delay <= 30


async def test_a_genuine_callback_after_a_flood_is_checked(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    payment = await scenario.begun()
    now = datetime.now(UTC)
    notice = AcquirerNotification(PAID, payment.reference or "", payment.reference or "")
    for _ in range(50):
        await reconciliation.receive_callback(
            notice, provider=payment.provider, signer=LINKS, now=now
        )
    await scenario.do_jobs()
    await opened.execute("UPDATE job SET execute_after = now() WHERE execute_after > now()")
    await scenario.do_jobs()
    scenario.sandbox.pay(payment.page_url or "", NEVER)
    later = now + timedelta(seconds=31)
    await reconciliation.receive_callback(
        notice, provider=payment.provider, signer=LINKS, now=later
    )
    assert [delay <= 30 for delay in await check_delays(opened)] == [True]
    await opened.execute("UPDATE job SET execute_after = now() WHERE execute_after > now()")
    await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state is PaymentState.SUCCEEDED


async def test_a_flood_about_one_payment_delays_no_other(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    first, second = await scenario.begun(), await scenario.begun(500)
    for _ in range(20):
        await scenario.callback(PAID, first.reference or "")
    await opened.execute("DELETE FROM job")
    await scenario.callback(PAID, second.reference or "")

    assert await check_delays(opened) == [0]


async def test_each_outcome_of_callbacks_is_counted_from_zero(scenario: PaymentScenario):
    """An increase from nothing is none for Prometheus."""
    registry: CollectorRegistry = scenario.api.app.state.registry
    for outcome in CallbackOutcome:
        labels = {"service": "acquirer", "outcome": outcome}
        assert registry.get_sample_value("lk_graphql_callbacks_total", labels) == 0


async def test_callbacks_are_counted_by_their_outcome(scenario: PaymentScenario):
    payment = await scenario.begun()
    answers = [
        await scenario.callback(PAID, payment.reference or ""),
        await scenario.callback(PAID, str(new_key())),
        await scenario.callback("payment_method.active", str(new_key())),
        await scenario.callback("of.the.future", "\0"),
        await scenario.callback(PAID, "\0"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 400]
    registry: CollectorRegistry = scenario.api.app.state.registry
    counts = {
        outcome: registry.get_sample_value(
            "lk_graphql_callbacks_total", {"service": "acquirer", "outcome": outcome}
        )
        for outcome in ("taken", "unknown_payment", "ignored_event", "invalid")
    }
    assert counts == {"taken": 1, "unknown_payment": 1, "ignored_event": 2, "invalid": 1}

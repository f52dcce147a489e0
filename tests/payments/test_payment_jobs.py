"""Background jobs of payments: repeats, a missing acquirer, and due checks."""

from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from lk_graphql.payments import jobs
from lk_graphql.payments.models import Payment, PaymentEvent
from lk_graphql.ports.acquiring import AcquirerUnavailable
from lk_graphql.ports.jobs import JobContext, enqueue, queue_load, run_until_empty
from tests.factories.payments import PaymentScenario
from tests.support.client import COMPANY
from tests.support.job_delays import without_delays


async def test_a_check_without_an_acquirer_fails_and_leaves_the_payment(
    scenario: PaymentScenario,
):
    payment = await scenario.begun()
    without_acquirer = JobContext(
        replace(scenario.ports, acquirer=None), COMPANY, datetime.now(UTC)
    )

    with pytest.raises(AcquirerUnavailable, match="LK_ACQUIRER_SHOP"):
        await jobs.check_payment(without_acquirer, payment_id=payment.id)
    assert (await Payment.get(id=payment.id)).state == "REGISTERED"


@pytest.mark.parametrize("count", [1, 30])
async def test_checks_of_an_unavailable_acquirer_leave_no_dead_letters(
    scenario: PaymentScenario, opened: asyncpg.Connection, dsn: str, count: int
):
    payment = await scenario.begun()
    away = replace(scenario.ports, acquirer=None)
    await opened.execute("DELETE FROM job")
    for _ in range(count):
        await enqueue("payments.check", payment_id=payment.id)

    async with without_delays(opened):
        await run_until_empty(away, COMPANY, dsn=dsn)

    assert await queue_load() == []
    assert (
        await opened.fetchval("SELECT count(*) FROM job_log WHERE status = 'queued'") >= 6 * count
    )
    assert (await Payment.get(id=payment.id)).next_check_at is not None


@pytest.mark.parametrize("name", ["payments.check", "payments.look"])
async def test_a_check_is_done_under_its_name_of_now_and_of_before(
    scenario: PaymentScenario, name: str
):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", "2200000000000020")
    await enqueue(name, payment_id=payment.id)
    await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state == "DECLINED"


async def test_when_its_time_has_come_a_payment_is_checked(scenario: PaymentScenario):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", "2200000000000020")
    assert payment.next_check_at
    context = JobContext(scenario.ports, COMPANY, payment.next_check_at)
    for _ in range(2):
        # the second time no check is due
        await jobs.reconcile(context)
    await scenario.do_jobs()

    payment = await Payment.get(id=payment.id)
    assert (payment.state, payment.checks) == ("DECLINED", 1)
    assert await PaymentEvent.filter(payment_id=payment.id, kind="DECLINED").count() == 1

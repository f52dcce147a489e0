"""Reminders of unpaid bills before and after the due day, each sent once."""

from datetime import UTC, date, datetime

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.notifications import days_to_pay, notify_of_due, notify_of_overdue
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_bare_account, given_invoice, given_link

NOW = datetime(2026, 11, 15, 3, 11, tzinfo=UTC)


@pytest.fixture
async def bill(anna: Viewer) -> Invoice:
    """The bill of October, due on 16 November."""
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    return await given_invoice(account, 10, charged=64_000, unpaid=14_000)


async def sent_notices(*days: int) -> list[NoticeKind]:
    for day in days:
        for _ in range(2):
            await notify_of_due(date(2026, 11, day), now=NOW)
            await notify_of_overdue(date(2026, 11, day), now=NOW)
    return [notice.kind for notice in await Notice.all().order_by("id")]


async def test_a_bill_has_one_notice_before_and_one_after_its_due_day(bill: Invoice):
    assert await sent_notices(12) == []
    assert await sent_notices(13, 14, 16) == [NoticeKind.PAYMENT_DUE]
    assert await sent_notices(17, 18) == [NoticeKind.PAYMENT_DUE, NoticeKind.PAYMENT_OVERDUE]
    facts = await Notice.all().values_list("subject_id", "period", "day", "amount")
    assert facts == [(bill.id, bill.period, bill.due_on, 14_000)] * 2


async def test_a_long_overdue_bill_sends_no_reminder(bill: Invoice):
    assert await sent_notices(20) == []


async def test_a_paid_bill_sends_no_reminder(bill: Invoice):
    await Invoice.all().update(unpaid=0)
    assert await sent_notices(14, 17) == []


@pytest.mark.parametrize("closed_on", [date(2026, 11, 1), date(2026, 12, 31)])
async def test_a_closing_account_is_reminded_of_its_debt(bill: Invoice, closed_on: date):
    await Account.all().update(closed_on=closed_on)
    assert await sent_notices(14, 17) == [NoticeKind.PAYMENT_DUE, NoticeKind.PAYMENT_OVERDUE]


async def test_an_earlier_holder_s_bill_sends_no_reminder(bill: Invoice, anna: Viewer):
    account = await Account.get()
    for since, notices in ((date(2026, 11, 1), 0), (date(2026, 10, 31), 1)):
        account.visible_days = ((since, None),)
        await account.save()
        assert len(await sent_notices(14)) == notices
        assert len([*await days_to_pay(anna.id, date(2026, 11, 14))]) == notices

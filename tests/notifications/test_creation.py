"""Creation of notices: one for each user of an account and each cause."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.notices import (
    NoticeEvent,
    notify_accounts,
    notify_linked,
    notify_user,
)
from tests.factories.accounts import NOW, given_bare_account, given_link

BILL = NoticeEvent(
    NoticeKind.INVOICE_ISSUED,
    "invoice/1",
    subject_id=new_key(),
    period=date(2026, 10, 1),
    day=date(2026, 11, 16),
    amount=Kopecks(64_000),
)
BILLS = """
SELECT id, 'invoice/' || number, NULL::uuid, date '2026-10-01', date '2026-11-16', 64000::bigint
FROM account WHERE number >= $1
"""


@pytest.fixture
async def account(anna: Viewer, boris: Viewer) -> Account:
    """An account of Anna and Boris."""
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    await given_link(boris, account)
    return account


async def test_each_linked_user_gets_a_notice_with_the_facts(
    account: Account, anna: Viewer, boris: Viewer, clara: Viewer
):
    assert await notify_linked(account.id, BILL, now=NOW) == 2
    assert set(await Notice.all().values_list("user_id", flat=True)) == {anna.id, boris.id}
    facts = ("kind", "cause", "subject_id", "period", "day", "amount", "reference")
    rows = await Notice.all().values_list(*facts, "account_id", "created_at", "read_at")
    assert rows == [(*vars(BILL).values(), account.id, NOW, None)] * 2


async def test_a_repeated_cause_creates_no_second_notice(account: Account, clara: Viewer):
    await notify_linked(account.id, BILL, now=NOW)
    assert await notify_linked(account.id, BILL, now=NOW + timedelta(days=1)) == 0
    await given_link(clara, account)
    assert await notify_linked(account.id, BILL, now=NOW) == 1
    assert await Notice.all().count() == 3


@pytest.mark.parametrize("state", [LinkState.SUSPENDED, LinkState.ENDED])
async def test_a_user_without_the_account_gets_no_notice(
    account: Account, boris: Viewer, state: LinkState
):
    await AccountLink.filter(user_id=boris.id).update(state=state)
    assert await notify_linked(account.id, BILL, now=NOW) == 1
    assert await Notice.filter(user_id=boris.id).count() == 0


async def test_a_notice_without_an_account_goes_to_one_user(account: Account, anna: Viewer):
    answer = NoticeEvent(NoticeKind.APPEAL_ANSWERED, "appeal message/7")
    assert await notify_user(anna.id, answer, now=NOW) == 1
    assert await notify_user(anna.id, answer, now=NOW) == 0
    notice = await Notice.get()
    assert (notice.user_id, notice.account_id) == (anna.id, None)


async def test_notices_for_many_accounts_are_created_by_one_statement(
    account: Account, anna: Viewer, clara: Viewer
):
    other, before = await given_bare_account("0400000002"), await given_bare_account("0300000003")
    await given_link(clara, other)
    await given_link(clara, before)
    kind = NoticeKind.INVOICE_ISSUED
    assert await notify_accounts(kind, BILLS, "0400000000", now=NOW) == 3
    assert await notify_accounts(kind, BILLS, "0300000000", now=NOW) == 1
    causes = await Notice.filter(user_id=clara.id).order_by("cause").values_list("cause", flat=True)
    assert causes == ["invoice/0300000003", "invoice/0400000002"]


async def test_a_rollback_leaves_no_notice(account: Account):
    with suppress(RuntimeError):
        async with in_transaction():
            assert await notify_linked(account.id, BILL, now=NOW) == 2
            raise RuntimeError
    assert await Notice.all().count() == 0


async def test_keys_that_the_database_makes_grow_with_time_as_ours(account: Account):
    before = new_key()
    await notify_linked(account.id, BILL, now=NOW)
    for notice in await Notice.all():
        assert notice.id.version == 7
        assert before.int >> 80 <= notice.id.int >> 80 <= new_key().int >> 80

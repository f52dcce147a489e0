"""Inbox notices of new and suspended account links."""

from datetime import UTC, datetime

import pytest

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkEventKind, LinkRole
from lk_graphql.accounts.service.linking import link_account, sign_token
from lk_graphql.accounts.service.links import suspend
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Delivery, Notice, NoticeKind
from lk_graphql.notifications.service.notices import is_notice_time
from tests.factories.accounts import CLIENT, LINKS, NOW, given_account, given_link
from tests.factories.notifications import ZONE
from tests.support.client import ApiClient


@pytest.fixture
async def shared_account(api: ApiClient, anna: Viewer, boris: Viewer) -> Account:
    """An account of Anna's that Boris has linked too."""
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    holder = await Holder.get()
    token, _ = sign_token(boris, account.id, holder.id, now=NOW, signer=LINKS)
    await link_account(boris, token, client=CLIENT, now=NOW, signer=LINKS)
    return account


async def test_the_first_user_gets_a_notice_of_a_new_link_without_a_second_mail(
    shared_account: Account, anna: Viewer
):
    notice = await Notice.get()
    assert (notice.user_id, notice.kind, notice.account_id) == (
        anna.id, NoticeKind.LINK_ADDED, shared_account.id,
    )  # fmt: skip
    assert await Delivery.all().count() == 0


async def test_a_suspended_user_gets_a_notice(shared_account: Account, boris: Viewer):
    link = await AccountLink.get(user_id=boris.id)
    kind = LinkEventKind.SUSPENDED_BY_NOTICE
    await suspend(link, kind, by=None, client=None, now=NOW)
    notice = await Notice.get(kind=NoticeKind.LINK_SUSPENDED)
    assert (notice.user_id, notice.account_id) == (boris.id, shared_account.id)


def test_the_hours_of_notices_are_three_a_day_in_the_company_s_zone():
    hours = [datetime(2026, 11, 22, hour, 11, tzinfo=UTC) for hour in range(24)]
    assert [hour.hour for hour in hours if is_notice_time(hour, ZONE)] == [3, 7, 11]

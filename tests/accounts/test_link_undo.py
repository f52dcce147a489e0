"""Mails about a new link, and its suspension by another user of the account."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import UndoTokenInvalid
from lk_graphql.accounts.models import (
    Account,
    AccountLink,
    Holder,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
)
from lk_graphql.accounts.service.link_undo import undo_link
from lk_graphql.accounts.service.linking import link_account, sign_token
from lk_graphql.accounts.service.links import end_suspended, restore, unlink
from lk_graphql.accounts.service.personal_data import PERSONAL_DATA
from lk_graphql.database import raw_sql
from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.models import OneTimeLink
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import CLIENT, LINKS, NOW, NUMBER, given_account, given_link

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]
DAY = timedelta(days=1)


async def link(viewer: Viewer, account: Account, after: timedelta = timedelta(0)) -> AccountLink:
    holder, now = await Holder.get(account=account), NOW + after
    token, _ = sign_token(viewer, account.id, holder.id, now=now, signer=LINKS)
    await link_account(viewer, token, client=CLIENT, now=now, signer=LINKS)
    return await AccountLink.get(user_id=viewer.id, state=LinkState.ACTIVE)


async def undo(token: str, after: timedelta = DAY) -> None:
    await undo_link(token, client=CLIENT, now=NOW + after, signer=LINKS)


async def token_of_mail_to(viewer: Viewer) -> str:
    return token_of(await OneTimeLink.get(user_id=viewer.id), LINKS)


async def test_all_other_users_of_the_account_get_an_undo_mail(
    queued: Jobs, anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    await given_link(boris, account)
    newcomer = await link(clara, account)
    undo_links = await OneTimeLink.all().order_by("id")
    assert {row.user_id for row in undo_links} == {anna.id, boris.id}
    assert {row.subject for row in undo_links} == {newcomer.id}
    assert {row.expires_at for row in undo_links} == {NOW + timedelta(days=30)}
    jobs = await queued()
    assert [name for name, _ in jobs] == ["accounts.mail_new_link"] * 2
    assert {UUID(ids["undo_id"]) for _, ids in jobs} == {row.id for row in undo_links}


async def test_the_first_link_of_an_account_sends_no_mail(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(boris, account)
    await AccountLink.all().update(state=LinkState.ENDED)
    await link(anna, account)
    assert await OneTimeLink.all().count() == 0
    assert await queued() == []


async def test_the_link_in_the_notice_suspends_the_newcomer_once(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    owner = await given_link(anna, account, role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    token = await token_of_mail_to(anna)
    await undo(token)
    await newcomer.refresh_from_db()
    await owner.refresh_from_db()
    assert (newcomer.state, owner.state) == (LinkState.SUSPENDED, LinkState.ACTIVE)
    event = await LinkEvent.filter(kind=LinkEventKind.SUSPENDED_BY_NOTICE).get()
    assert await LinkEvent.filter(id=event.id, link_id=newcomer.id, user_id=anna.id).exists()
    assert ("accounts.mail_suspended", {"link_id": str(newcomer.id)}) in await queued()
    with pytest.raises(UndoTokenInvalid):
        await undo(token)
    assert await LinkEvent.filter(kind=LinkEventKind.SUSPENDED_BY_NOTICE).count() == 1


async def test_an_undo_link_expires_after_thirty_days(queued: Jobs, anna: Viewer, boris: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    with pytest.raises(UndoTokenInvalid):
        await undo(await token_of_mail_to(anna), 30 * DAY)
    await newcomer.refresh_from_db()
    assert newcomer.state is LinkState.ACTIVE


async def test_an_undo_link_is_invalid_after_its_recipient_has_left(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    token = await token_of_mail_to(anna)
    await unlink(anna, account.id, client=CLIENT, now=NOW)
    with pytest.raises(UndoTokenInvalid):
        await undo(token)
    await newcomer.refresh_from_db()
    assert (newcomer.state, newcomer.role) == (LinkState.ACTIVE, LinkRole.OWNER)


async def test_an_undo_leaves_the_link_of_a_departed_newcomer_ended(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    await unlink(boris, account.id, client=CLIENT, now=NOW)
    await undo(await token_of_mail_to(anna))
    await newcomer.refresh_from_db()
    assert newcomer.state is LinkState.ENDED


async def test_an_undo_mail_is_invalid_after_staff_have_restored_the_link(
    queued: Jobs, anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    await given_link(clara, account)
    newcomer = await link(boris, account)
    await undo(await token_of_mail_to(anna))
    async with in_transaction():
        assert await restore(newcomer.id, now=NOW + DAY)

    with pytest.raises(UndoTokenInvalid):
        await undo(await token_of_mail_to(clara))

    await newcomer.refresh_from_db()
    assert newcomer.state is LinkState.ACTIVE


async def test_a_restored_newcomer_ends_no_mail_about_others(
    queued: Jobs, anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    await undo(await token_of_mail_to(anna))
    other = await link(clara, account)
    async with in_transaction():
        assert await restore(newcomer.id, now=NOW + DAY)

    await undo(token_of(await OneTimeLink.get(user_id=anna.id, used_at=None), LINKS))

    await other.refresh_from_db()
    assert other.state is LinkState.SUSPENDED


async def history(viewer: Viewer) -> list[tuple[str, str | None, str | None]]:
    """Acts, account and client in the history of links in the viewer's export, in its words."""
    _, listing = PERSONAL_DATA.listings
    words = listing.words()["act"]
    rows = await raw_sql.fetch(f"{listing.sql} ORDER BY 1", viewer.id)
    events = [orjson.loads(row["json_build_object"]) for row in rows]
    return [(words[event["act"]], event["account"], event["clientAddress"]) for event in events]


async def test_an_export_has_the_actions_of_others_on_the_customer_s_links(
    queued: Jobs, anna: Viewer, boris: Viewer, clara: Viewer
):
    await given_link(anna, account := await given_account(), role=LinkRole.OWNER)
    newcomer = await link(boris, account)
    await undo(await token_of_mail_to(anna))
    async with in_transaction():
        assert await restore(newcomer.id, now=NOW + DAY)
    await unlink(anna, account.id, client=CLIENT, now=NOW + DAY)
    await AccountLink.filter(id=newcomer.id).update(state=LinkState.SUSPENDED)
    async with in_transaction():
        assert await end_suspended(newcomer.id, now=NOW + DAY)

    assert await history(boris) == [
        ("Подключён", NUMBER, CLIENT.address),
        ("Доступ закрыт по ссылке из письма", NUMBER, None),
        ("Доступ открыт снова", NUMBER, None),
        ("Вы стали основным пользователем", NUMBER, None),
        ("Отключён сотрудником", NUMBER, None),
    ]
    assert await history(anna) == [
        ("Вы закрыли доступ другому пользователю", NUMBER, CLIENT.address),
        ("Отключён вами", NUMBER, CLIENT.address),
    ]
    assert await history(clara) == []


@pytest.mark.parametrize(("hours", "mails"), [([1, 2, 3], 1), ([1, 23, 26], 2), ([1, 26, 52], 3)])
async def test_repeated_links_of_a_newcomer_are_mailed_once_a_day(
    queued: Jobs, anna: Viewer, boris: Viewer, hours: list[int], mails: int
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    for hour in hours:
        await link(boris, account, timedelta(hours=hour))
        await unlink(boris, account.id, client=CLIENT, now=NOW + timedelta(hours=hour))

    assert len(await queued()) == await OneTimeLink.all().count() == mails


async def test_an_undo_suspends_a_newcomer_who_has_linked_again(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    await link(boris, account)
    token = await token_of_mail_to(anna)
    await unlink(boris, account.id, client=CLIENT, now=NOW)
    again = await link(boris, account, timedelta(hours=1))
    await undo(token)

    await again.refresh_from_db()
    assert again.state is LinkState.SUSPENDED


async def test_a_newcomer_links_an_account_five_times_a_day(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    for number in range(5):
        after = timedelta(minutes=11 * number)
        await link(boris, account, after)
        await unlink(boris, account.id, client=CLIENT, now=NOW + after)
    with pytest.raises(RateLimitExceeded):
        await link(boris, account, timedelta(hours=2))
    assert await AccountLink.all().count() == 5

    await link(anna, account, timedelta(hours=2))
    await link(boris, account, DAY + timedelta(minutes=1))


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ж" * 64])
async def test_a_made_up_token_does_nothing(database: str, token: str):
    with pytest.raises(UndoTokenInvalid):
        await undo(token)

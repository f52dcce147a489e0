"""Renaming and unlinking: names per user, the history, the succession of owners."""

import asyncio
from uuid import UUID

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import AccountNotFound, NameInvalid
from lk_graphql.accounts.models import (
    Account,
    AccountLink,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
)
from lk_graphql.accounts.service.links import end_links_of, rename, unlink
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import CLIENT, NOW, given_account, given_bare_account, given_link

WAITING = """SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""


async def roles_of(account: Account) -> dict[UUID, LinkRole]:
    active = AccountLink.filter(account=account, state=LinkState.ACTIVE)
    return {link.user_id: link.role for link in await active}


async def test_unlinking_ends_the_link_and_keeps_it(anna: Viewer):
    account = await given_account()
    link = await given_link(anna, account, role=LinkRole.OWNER)
    await unlink(anna, account.id, client=CLIENT, now=NOW)
    await link.refresh_from_db()
    assert (link.state, link.changed_at) == (LinkState.ENDED, NOW)
    event = await LinkEvent.get()
    assert event.kind is LinkEventKind.UNLINKED
    assert await LinkEvent.filter(link_id=link.id, user_id=anna.id).exists()


async def test_when_the_owner_leaves_the_longest_member_becomes_owner(
    anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER, day=1)
    await given_link(boris, account, day=3)
    await given_link(clara, account, day=2)
    await unlink(anna, account.id, client=CLIENT, now=NOW)
    assert await roles_of(account) == {boris.id: LinkRole.MEMBER, clara.id: LinkRole.OWNER}
    kinds = await LinkEvent.all().order_by("id").values_list("kind", flat=True)
    assert kinds == [LinkEventKind.MADE_OWNER, LinkEventKind.UNLINKED]


async def test_an_erasure_while_the_owner_leaves_doesn_t_leave_the_account_without_one(
    anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER, day=1)
    await given_link(boris, account, day=2)
    await given_link(clara, account, day=3)
    is_unlinked, may_commit = asyncio.Event(), asyncio.Event()

    async def leave() -> None:
        async with in_transaction():
            await unlink(anna, account.id, client=CLIENT, now=NOW)
            is_unlinked.set()
            await may_commit.wait()

    async def erase() -> int:
        async with in_transaction():
            return await end_links_of(boris.id, NOW)

    leaving = asyncio.create_task(leave())
    await is_unlinked.wait()
    erasing = asyncio.create_task(erase())
    while not await get_connection("default").execute_query_dict(WAITING):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    may_commit.set()
    assert (await leaving, await erasing) == (None, 1)
    assert await roles_of(account) == {clara.id: LinkRole.OWNER}


async def test_when_a_member_leaves_the_owner_stays(anna: Viewer, boris: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    await given_link(boris, account)
    await unlink(boris, account.id, client=CLIENT, now=NOW)
    assert await roles_of(account) == {anna.id: LinkRole.OWNER}


@pytest.mark.parametrize("state", [LinkState.ENDED, LinkState.SUSPENDED])
async def test_only_an_active_link_can_be_ended_or_named(anna: Viewer, state: LinkState):
    account = await given_account()
    await given_link(anna, account)
    await AccountLink.all().update(state=state)
    with pytest.raises(AccountNotFound):
        await unlink(anna, account.id, client=CLIENT, now=NOW)
    with pytest.raises(AccountNotFound):
        await rename(anna, account.id, "дача", now=NOW)
    assert (await AccountLink.get()).state is state
    assert await LinkEvent.all().count() == 0


async def test_anothers_account_is_not_there(anna: Viewer, boris: Viewer):
    account = await given_account()
    await given_link(boris, account, role=LinkRole.OWNER)
    for account_id in (account.id, anna.id, None):
        with pytest.raises(AccountNotFound) as refused:
            await unlink(anna, account_id, client=CLIENT, now=NOW)
        assert refused.value.path == ("accountId",)
    assert await roles_of(account) == {boris.id: LinkRole.OWNER}


async def test_a_name_is_the_viewers_own(anna: Viewer, boris: Viewer):
    account, other = await given_account(), await given_bare_account("0000000001")
    for viewer in (anna, boris):
        await given_link(viewer, account)
    await given_link(anna, other)
    assert await rename(anna, account.id, "  Дача   у моря ", now=NOW) == account.id
    names = await AccountLink.filter(name__isnull=False).values_list("name", "user_id")
    assert names == [("Дача у моря", anna.id)]
    await rename(anna, account.id, None, now=NOW)
    assert await AccountLink.filter(name__isnull=False).count() == 0


@pytest.mark.parametrize("name", ["", "   ", "д" * 61, "да\x00ча", "да\x9bча"])
async def test_a_name_has_one_to_sixty_characters(anna: Viewer, name: str):
    account = await given_account()
    await given_link(anna, account)
    with pytest.raises(NameInvalid) as refused:
        await rename(anna, account.id, name, now=NOW)
    assert refused.value.path == ("name",)
    assert (await AccountLink.get()).name is None

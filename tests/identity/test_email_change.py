"""Change of the e-mail address, confirmed by both mailboxes."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import email_change
from lk_graphql.identity.service.email_change import EmailChange
from lk_graphql.kit.errors import Refusals
from lk_graphql.kit.viewer import Viewer
from tests.factories import identity
from tests.factories.identity import CLIENT, LINKS, NOW, PASSWORD, PASSWORDS

OLD, NEW = LinkPurpose.EMAIL_CHANGE_OLD, LinkPurpose.EMAIL_CHANGE_NEW


async def request(viewer: Viewer, email: str = "new@почта.рф", password: str = PASSWORD) -> None:
    await email_change.request(
        viewer,
        EmailChange(email, password),
        client=CLIENT,
        now=NOW,
        passwords=PASSWORDS,
        signer=LINKS,
    )


async def confirm(user: User, side: LinkPurpose) -> bool:
    return await email_change.confirm(await identity.token(user, side), signer=LINKS, now=NOW)


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
async def test_the_second_confirmation_changes_the_address(
    empty_database: asyncpg.Connection, order: tuple[LinkPurpose, LinkPurpose]
):
    user = await identity.user()
    await request((await identity.session(user)).viewer)
    first, second = order
    assert await confirm(user, first) is False
    assert (await User.get(id=user.id)).email == identity.EMAIL
    assert await confirm(user, second) is True
    changed = await User.get(id=user.id)
    assert (changed.email, changed.email_key) == ("new@почта.рф", "new@xn--80a1acny.xn--p1ai")


async def test_simultaneous_confirmations_change_the_address_once(
    empty_database: asyncpg.Connection,
):
    user = await identity.user()
    await request((await identity.session(user)).viewer)
    assert sorted(await asyncio.gather(confirm(user, OLD), confirm(user, NEW))) == [False, True]


async def test_a_repeated_confirmation_of_one_side_is_not_both(empty_database: asyncpg.Connection):
    user = await identity.user()
    await request((await identity.session(user)).viewer)
    await confirm(user, NEW)
    with pytest.raises(LinkInvalid):
        await confirm(user, NEW)
    assert (await User.get(id=user.id)).email == identity.EMAIL


async def test_a_new_request_replaces_the_old_one(empty_database: asyncpg.Connection):
    user = await identity.user()
    viewer = (await identity.session(user)).viewer
    await request(viewer, "first@example.com")
    stale = await identity.token(user, OLD)
    await confirm(user, NEW)
    await request(viewer, "second@example.com")
    with pytest.raises(LinkInvalid):
        await email_change.confirm(stale, signer=LINKS, now=NOW)
    assert await confirm(user, OLD) is False
    assert await confirm(user, NEW) is True
    assert (await User.get(id=user.id)).email == "second@example.com"


async def test_faults_of_both_fields_are_reported_together(empty_database: asyncpg.Connection):
    user = await identity.user()
    viewer = (await identity.session(user)).viewer
    for email, code in (("nonsense", "EMAIL_MALFORMED"), (identity.EMAIL, "EMAIL_UNCHANGED")):
        with pytest.raises(Refusals) as refused:
            await request(viewer, email, "Wrong1234")
        faults = [(".".join(fault.path), fault.code) for fault in refused.value.refusals]
        assert faults == [("newEmail", code), ("password", "OLD_PASSWORD_WRONG")]
    assert await OneTimeLink.all().count() == 0
    assert await identity.jobs() == []


async def test_an_existing_address_is_not_revealed_and_can_t_be_used(
    empty_database: asyncpg.Connection,
):
    other = await identity.user("other@example.com")
    user = await identity.user()
    await request((await identity.session(user)).viewer, "other@example.com")
    assert [name for name, _ in await identity.jobs()] == ["identity.mail_email_change"] * 2
    await confirm(user, OLD)
    with pytest.raises(LinkInvalid):
        await confirm(user, NEW)
    assert (await User.get(id=user.id)).email == identity.EMAIL
    assert (await User.get(id=other.id)).email == "other@example.com"


async def test_the_links_of_an_email_change_expire_after_a_day(empty_database: asyncpg.Connection):
    user = await identity.user()
    await request((await identity.session(user)).viewer)
    token = await identity.token(user, NEW)
    with pytest.raises(LinkInvalid):
        await email_change.confirm(token, signer=LINKS, now=NOW + timedelta(days=1))

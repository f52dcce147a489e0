"""Activation of a login by the link in the mail."""

from datetime import timedelta

import asyncpg
import pytest

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import registration
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORDS

DAY = timedelta(days=1)


async def registered() -> User:
    form = await identity.form()
    await registration.register(form, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS)
    newest = await User.all().order_by("-id").first()
    assert newest is not None
    return newest


async def test_the_link_activates(empty_database: asyncpg.Connection):
    user = await registered()
    token = await identity.token(user, LinkPurpose.ACTIVATION)
    await registration.activate(
        token, passwords=PASSWORDS, signer=LINKS, now=NOW + DAY - timedelta(seconds=1)
    )
    assert (await User.get(id=user.id)).activated_at == NOW + DAY - timedelta(seconds=1)


@pytest.mark.parametrize("forged", ["", "x", "A" * 64, "й" * 64])
async def test_a_forged_token_opens_nothing(empty_database: asyncpg.Connection, forged: str):
    await registered()
    with pytest.raises(LinkInvalid):
        await registration.activate(forged, passwords=PASSWORDS, signer=LINKS, now=NOW)
    assert await User.filter(activated_at__isnull=False).count() == 0


async def test_a_link_works_once_and_for_a_day(empty_database: asyncpg.Connection):
    user = await registered()
    token = await identity.token(user, LinkPurpose.ACTIVATION)
    with pytest.raises(LinkInvalid):
        await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=NOW + DAY)
    await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=NOW)
    with pytest.raises(LinkInvalid) as refused:
        await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=NOW)
    assert refused.value.path == ("token",)


async def test_a_link_of_another_purpose_does_not_activate(empty_database: asyncpg.Connection):
    user = await registered()
    await OneTimeLink.filter(user=user).update(purpose=LinkPurpose.PASSWORD_RESET)
    token = await identity.token(user, LinkPurpose.PASSWORD_RESET)
    with pytest.raises(LinkInvalid):
        await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=NOW)


async def test_the_first_activated_registration_gets_the_address(
    empty_database: asyncpg.Connection,
):
    stranger, owner = await registered(), await registered()
    stranger_token = await identity.token(stranger, LinkPurpose.ACTIVATION)
    await registration.activate(
        await identity.token(owner, LinkPurpose.ACTIVATION),
        passwords=PASSWORDS,
        signer=LINKS,
        now=NOW,
    )
    with pytest.raises(LinkInvalid):
        await registration.activate(stranger_token, passwords=PASSWORDS, signer=LINKS, now=NOW)
    assert (await User.get(id=stranger.id)).activated_at is None


async def test_resending_gives_another_link_and_the_first_still_works(
    empty_database: asyncpg.Connection,
):
    user = await registered()
    first = await identity.token(user, LinkPurpose.ACTIVATION)
    await registration.resend_activation(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    assert await OneTimeLink.filter(user=user).count() == 2
    assert [name for name, _ in await identity.jobs()] == ["identity.mail_activation"] * 2
    await registration.activate(first, passwords=PASSWORDS, signer=LINKS, now=NOW)
    second = await identity.token(user, LinkPurpose.ACTIVATION)
    with pytest.raises(LinkInvalid):
        await registration.activate(second, passwords=PASSWORDS, signer=LINKS, now=NOW)


async def test_resending_has_a_cooldown_of_a_minute(empty_database: asyncpg.Connection):
    await registration.resend_activation(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    with pytest.raises(RateLimitExceeded) as refused:
        await registration.resend_activation(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    assert refused.value.retry_at == NOW + timedelta(minutes=1)
    assert len(await identity.jobs()) == 1


async def test_an_unknown_address_gets_a_link_to_nowhere(empty_database: asyncpg.Connection):
    await registration.resend_activation("nobody@example.com", client=CLIENT, signer=LINKS, now=NOW)
    link = await OneTimeLink.get()
    assert not link.user
    assert await identity.jobs() == [("identity.mail_activation", {"link_id": link.id})]

"""Change and reset of passwords."""

from datetime import timedelta

import asyncpg
import pytest

from lk_graphql import settings
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import AttemptCounter, RateLimitExceeded
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, Session, User
from lk_graphql.identity.service import limits, passwords
from lk_graphql.kit.errors import Refusals
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORD, PASSWORDS

NEW = "Novokuznetsk7"


async def change(viewer: Viewer, old: str, new: str) -> None:
    await passwords.change(viewer, old, new, now=NOW, passwords=PASSWORDS, signer=LINKS)


async def reset(token: str, new: str = NEW) -> None:
    await passwords.reset(token, new, now=NOW, passwords=PASSWORDS, signer=LINKS)


def faults(refused: pytest.ExceptionInfo[Refusals]) -> list[tuple[str, str]]:
    return [(".".join(fault.path), fault.code) for fault in refused.value.refusals]


async def is_password(user: User, password: str) -> bool:
    return await PASSWORDS.verify((await User.get(id=user.id)).password_hash, password)


async def test_a_change_ends_the_other_sessions_and_sends_a_mail(
    empty_database: asyncpg.Connection,
):
    user = await identity.user()
    current, other = await identity.session(user), await identity.session(user)
    await change(current.viewer, PASSWORD, NEW)
    assert await is_password(user, NEW)
    assert (await Session.get(id=current.viewer.session_id)).ended_at is None
    assert (await Session.get(id=other.viewer.session_id)).ended_at == NOW
    assert await identity.jobs() == [("identity.mail_password_changed", {"user_id": user.id})]


async def test_both_passwords_are_checked_together(empty_database: asyncpg.Connection):
    user = await identity.user()
    current, other = await identity.session(user), await identity.session(user)
    with pytest.raises(Refusals) as refused:
        await change(current.viewer, "Wrong1234", "ivanov#")
    assert faults(refused) == [
        ("newPassword", "PASSWORD_TOO_SHORT"),
        ("newPassword", "PASSWORD_NO_UPPER_CASE"),
        ("newPassword", "PASSWORD_NO_DIGIT"),
        ("newPassword", "PASSWORD_CONTAINS_EMAIL"),
        ("oldPassword", "OLD_PASSWORD_WRONG"),
    ]
    assert await is_password(user, PASSWORD)
    assert (await Session.get(id=other.viewer.session_id)).ended_at is None
    assert await identity.jobs() == []


async def test_an_open_browser_is_no_place_to_guess(empty_database: asyncpg.Connection):
    user = await identity.user()
    viewer = (await identity.session(user)).viewer
    for _ in range(5):
        with pytest.raises(Refusals):
            await change(viewer, "Wrong1234", NEW)
    with pytest.raises(Refusals) as refused:
        await change(viewer, PASSWORD, NEW)
    assert faults(refused) == [("oldPassword", "TOO_MANY_TRIES")]
    assert await is_password(user, PASSWORD)


async def test_a_reset_ends_all_sessions_and_every_wait(empty_database: asyncpg.Connection):
    user = await identity.user()
    session = await identity.session(user)
    await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    for _ in range(5):
        await AttemptCounter(LINKS, NOW).count(limits.SIGN_INS.of_login.with_captcha, EMAIL)
    await reset(await identity.token(user, LinkPurpose.PASSWORD_RESET))
    assert await is_password(user, NEW)
    assert (await Session.get(id=session.viewer.session_id)).ended_at == NOW
    assert (
        await rate_limits.available_at(
            limits.SIGN_INS.of_login.with_captcha, EMAIL, signer=LINKS, now=NOW
        )
        == NOW
    )
    names = [name for name, _ in await identity.jobs()]
    assert names == ["identity.mail_password_reset", "identity.mail_password_changed"]


async def test_a_reset_works_once_and_for_an_hour(empty_database: asyncpg.Connection):
    user = await identity.user()
    await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=NOW - timedelta(hours=1))
    with pytest.raises(Refusals) as refused:
        await reset(await identity.token(user, LinkPurpose.PASSWORD_RESET), "kot")
    assert faults(refused)[0] == ("token", "LINK_INVALID")
    assert len(faults(refused)) == 4
    await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    token = await identity.token(user, LinkPurpose.PASSWORD_RESET)
    await reset(token)
    with pytest.raises(Refusals):
        await reset(token)


async def test_one_reset_voids_the_links_of_others(empty_database: asyncpg.Connection):
    user = await identity.user()
    for minutes in (0, 2):
        later = NOW + timedelta(minutes=minutes)
        await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=later)
    await reset(await identity.token(user, LinkPurpose.PASSWORD_RESET))
    assert await OneTimeLink.filter(used_at__isnull=True).count() == 0


async def test_an_invalid_password_doesn_t_use_up_the_link(empty_database: asyncpg.Connection):
    user = await identity.user()
    await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    token = await identity.token(user, LinkPurpose.PASSWORD_RESET)
    with pytest.raises(Refusals):
        await reset(token, "short")
    await reset(token)
    assert await is_password(user, NEW)


async def test_a_reset_for_an_unknown_address_creates_a_link_without_a_user(
    empty_database: asyncpg.Connection,
):
    await passwords.request_reset("nobody@example.com", client=CLIENT, signer=LINKS, now=NOW)
    link = await OneTimeLink.get()
    assert not link.user
    assert await identity.jobs() == [("identity.mail_password_reset", {"link_id": link.id})]
    with pytest.raises(RateLimitExceeded):
        await passwords.request_reset("nobody@example.com", client=CLIENT, signer=LINKS, now=NOW)


async def test_the_company_stands_in_no_password(
    empty_database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LK_PUBLIC_URL", "https://lk.kuzbass-sbyt.ru")
    words = settings.read().company_words
    user = await identity.user()
    viewer = (await identity.session(user)).viewer
    cheap = Passwords(HashCost(8, 1), company_words=words)
    with pytest.raises(Refusals) as refused:
        await passwords.change(
            viewer, PASSWORD, "Kuzbass42", now=NOW, passwords=cheap, signer=LINKS
        )
    assert faults(refused) == [("newPassword", "PASSWORD_CONTAINS_COMPANY")]
    assert await is_password(user, PASSWORD)

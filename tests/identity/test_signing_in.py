"""Sign-in, its captcha and its rate limits."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.errors import (
    CaptchaRequired,
    EmailNotActivated,
    UserLocked,
    WrongEmailOrPassword,
)
from lk_graphql.identity.models import Attempts, Captcha, Session, User
from lk_graphql.identity.service import authentication, sessions
from lk_graphql.identity.service.authentication import Credentials
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.sessions import OpenedSession
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.signing import hash_token
from lk_graphql.kit.viewer import SignInSource
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORD, PASSWORDS


async def sign_in(
    email: str = EMAIL, password: str = PASSWORD, *, solved: bool = False, now: datetime = NOW
) -> OpenedSession:
    captcha = await identity.solved_captcha(now) if solved else None
    return await submit(Credentials(email, password, captcha), now)


async def submit(credentials: Credentials, now: datetime = NOW) -> OpenedSession:
    return await authentication.sign_in(
        credentials, source=SignInSource(CLIENT), now=now, passwords=PASSWORDS, signer=LINKS
    )


async def refused(
    email: str = EMAIL, password: str = "Wrong1234", *, solved: bool = False
) -> type[Refusal]:
    with pytest.raises(Refusal) as refusal:
        await sign_in(email, password, solved=solved)
    return type(refusal.value)


async def test_a_sign_in_stores_only_the_hash_of_its_token(
    empty_database: asyncpg.Connection,
):
    user = await identity.user()
    signed_in = await sign_in("  Ivanov@Example.com ")
    session = await Session.get()
    assert (signed_in.viewer.id, signed_in.viewer.session_id) == (user.id, session.id)
    assert session.token_hash == hash_token(signed_in.token)
    assert session.expires_at == signed_in.expires_at == NOW + timedelta(days=30)
    assert (session.client_address, session.user_agent) == ("192.0.2.7", "Firefox")


async def test_unknown_address_and_wrong_password_are_one_answer(
    empty_database: asyncpg.Connection,
):
    await identity.user()
    assert await refused() is WrongEmailOrPassword
    assert await refused("nobody@example.com") is WrongEmailOrPassword
    assert await Session.all().count() == 0


async def test_the_state_of_a_login_is_reported_after_a_right_password_only(
    empty_database: asyncpg.Connection,
):
    user = await identity.user(activated=False)
    assert await refused() is WrongEmailOrPassword
    assert await refused(password=PASSWORD) is EmailNotActivated
    await User.filter(id=user.id).update(activated_at=NOW, locked_at=NOW)
    assert await refused() is WrongEmailOrPassword
    assert await refused(password=PASSWORD, solved=True) is UserLocked
    assert await Session.all().count() == 0


async def test_an_activated_login_wins_over_newer_registrations(empty_database: asyncpg.Connection):
    owner = await identity.user()
    await identity.user(activated=False, now=NOW + timedelta(days=1))
    assert (await sign_in()).viewer.id == owner.id


async def test_the_fourth_attempt_requires_a_captcha(empty_database: asyncpg.Connection):
    await identity.user()
    assert [await refused() for _ in range(4)] == [WrongEmailOrPassword] * 3 + [CaptchaRequired]
    assert (await sign_in(solved=True)).token


async def test_a_wrong_captcha_counts_no_attempt_and_a_right_one_is_used_up(
    empty_database: asyncpg.Connection,
):
    await identity.user()
    answer = await identity.solved_captcha()
    wrong = Credentials(EMAIL, PASSWORD, CaptchaAnswer(answer.id, "nope"))
    right = Credentials(EMAIL, "Wrong1234", answer)
    with pytest.raises(Refusals):
        await submit(wrong)
    assert await Attempts.filter(key__startswith="sign-in/email").count() == 0
    with pytest.raises(WrongEmailOrPassword):
        await submit(right)
    assert (await Captcha.get()).used_at == NOW


async def test_after_five_failures_the_login_waits(empty_database: asyncpg.Connection):
    await identity.user()
    for n in range(5):
        assert await refused(solved=n > 2) is WrongEmailOrPassword
    assert await refused(password=PASSWORD) is RateLimitExceeded
    assert await refused(password=PASSWORD, solved=True) is RateLimitExceeded
    later = NOW + timedelta(minutes=15)
    assert (await sign_in(solved=True, now=later)).token
    assert await Attempts.filter(key__startswith="sign-in/email").count() == 0


async def test_an_unknown_address_has_the_same_limit(empty_database: asyncpg.Connection):
    unknown = "nobody@example.com"
    refusals = [await refused(unknown, solved=n > 2) for n in range(6)]
    assert refusals == [WrongEmailOrPassword] * 5 + [RateLimitExceeded]


async def test_of_many_simultaneous_attempts_three_are_checked(empty_database: asyncpg.Connection):
    await identity.user()
    refusals = await asyncio.gather(*(refused() for _ in range(20)))
    assert sorted(refusal.__name__ for refusal in refusals).count("WrongEmailOrPassword") == 3


async def test_a_dearer_hash_replaces_a_cheap_one(empty_database: asyncpg.Connection):
    user = await identity.user()
    passwords = Passwords(HashCost(16, 1))
    await authentication.sign_in(
        Credentials(EMAIL, PASSWORD),
        source=SignInSource(CLIENT),
        now=NOW,
        passwords=passwords,
        signer=LINKS,
    )
    password_hash = (await User.get(id=user.id)).password_hash
    assert not passwords.needs_rehash(password_hash)
    assert await passwords.verify(password_hash, PASSWORD)
    passwords.close()


async def test_the_twenty_first_session_ends_the_oldest(empty_database: asyncpg.Connection):
    user = await identity.user()
    first = await identity.session(user)
    for n in range(20):
        await identity.session(user, NOW + timedelta(seconds=n + 1))
    assert await Session.filter(ended_at__isnull=True).count() == sessions.MAX_SESSIONS
    assert (await Session.get(id=first.viewer.session_id)).ended_at is not None

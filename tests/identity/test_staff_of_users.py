"""Administration of logins at the command line."""

from dataclasses import replace

import asyncpg
import pytest

from lk_graphql.identity.models import Session, User
from lk_graphql.identity.service import users
from lk_graphql.identity.service.users import EmailTaken, NewUser, UserNotFound
from lk_graphql.kit.errors import Refusals
from tests.factories import identity
from tests.factories.identity import EMAIL, NOW, PASSWORD, PASSWORDS

NEW = NewUser(EMAIL, "89131234567", "Иванов", "Пётр", None, PASSWORD)


async def test_a_created_login_works_at_once(empty_database: asyncpg.Connection):
    user = await users.create(NEW, now=NOW, passwords=PASSWORDS)
    assert (user.activated_at, user.has_no_patronymic) == (NOW, True)
    assert await PASSWORDS.verify(user.password_hash, PASSWORD)
    with pytest.raises(EmailTaken):
        await users.create(NEW, now=NOW, passwords=PASSWORDS)
    assert await User.all().count() == 1


async def test_all_faults_of_a_created_login_are_reported_at_once(
    empty_database: asyncpg.Connection,
):
    with pytest.raises(Refusals) as refused:
        await users.create(replace(NEW, email="x", phone="1"), now=NOW, passwords=PASSWORDS)
    assert [fault.path for fault in refused.value.refusals] == [("email",), ("phone",)]


async def test_a_login_is_activated_without_a_mail(empty_database: asyncpg.Connection):
    await identity.user(activated=False)
    assert (await users.activate(EMAIL, now=NOW)).activated_at == NOW
    assert (await User.get()).activated_at == NOW


async def test_locking_ends_sessions_and_unlocking_opens_none(empty_database: asyncpg.Connection):
    user = await identity.user()
    await identity.session(user)
    assert (await users.lock(" IVANOV@example.com", now=NOW)).locked_at == NOW
    assert await Session.filter(ended_at__isnull=True).count() == 0
    assert (await users.unlock(EMAIL)).locked_at is None
    assert await Session.filter(ended_at__isnull=True).count() == 0


async def test_an_unknown_address_is_reported(empty_database: asyncpg.Connection):
    for use_case in (users.lock, users.activate):
        with pytest.raises(UserNotFound):
            await use_case("nobody@example.com", now=NOW)
    with pytest.raises(UserNotFound):
        await users.unlock("nobody@example.com")


async def test_logins_are_filtered_by_a_part_of_the_address(empty_database: asyncpg.Connection):
    for email in ("anna@example.com", "boris@example.com"):
        await identity.user(email)
    assert [user.email for user in await users.newest(10)] == [
        "boris@example.com",
        "anna@example.com",
    ]
    assert [user.email for user in await users.newest(10, part_of_email="Ann")] == [
        "anna@example.com"
    ]
    assert len(await users.newest(1)) == 1

"""Cleanup of expired rows."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tortoise import Model

from lk_graphql.database.owners import grants
from lk_graphql.identity.models import Attempts, Captcha, Consent, OneTimeLink, Session, User
from lk_graphql.identity.service import cleanup, registration
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORDS

KINDS: tuple[type[Model], ...] = (Attempts, Captcha, Consent, OneTimeLink, Session, User)
DAY = timedelta(days=1)
IS_CONFIRMED = """EXISTS (
    SELECT FROM "user" WHERE id = user_id AND activated_at IS NOT NULL)"""


async def row_counts() -> dict[str, int]:
    return {kind.__name__: await kind.all().count() for kind in KINDS}


async def customer_and_stranger() -> Any:
    """Register two users; activate one and return its session."""
    for email in (EMAIL, "never@example.com"):
        form = await identity.form(email=email)
        await registration.register(form, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS)
    user = await User.get(email_key=EMAIL)
    token = await identity.token(user, identity.ACTIVATION)
    await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=NOW)
    return await identity.session(user)


async def test_nothing_that_is_still_valid_is_deleted(empty_database: asyncpg.Connection):
    await customer_and_stranger()
    before = await row_counts()
    await cleanup.delete_expired(now=NOW)
    assert await row_counts() == before


async def test_rows_that_expire_in_a_day_are_deleted(empty_database: asyncpg.Connection):
    await customer_and_stranger()
    await cleanup.delete_expired(now=NOW + DAY + timedelta(seconds=1))
    assert await row_counts() == {
        "Attempts": 0, "Captcha": 0, "Consent": 4, "OneTimeLink": 0, "Session": 1, "User": 2,
    }  # fmt: skip


async def test_the_application_s_role_may_delete_consents_of_the_unconfirmed_only(
    empty_database: asyncpg.Connection,
):
    await customer_and_stranger()
    transaction = empty_database.transaction()
    await transaction.start()
    await empty_database.execute("CREATE ROLE lk_sweeper")
    await empty_database.execute(await grants(empty_database, "lk_sweeper"))
    await empty_database.execute("SET LOCAL ROLE lk_sweeper")

    deleted = await empty_database.execute(f"DELETE FROM consent WHERE NOT {IS_CONFIRMED}")
    with pytest.raises(asyncpg.RestrictViolationError):
        async with empty_database.transaction():
            await empty_database.execute(f"DELETE FROM consent WHERE {IS_CONFIRMED}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with empty_database.transaction():
            await empty_database.execute("UPDATE consent SET happened_at = now()")
    await transaction.rollback()

    assert deleted == "DELETE 2"


async def test_unconfirmed_registrations_are_deleted_with_their_data(
    empty_database: asyncpg.Connection,
):
    session = await customer_and_stranger()
    await cleanup.delete_expired(now=NOW + 30 * DAY + timedelta(seconds=1))
    assert await row_counts() == {
        "Attempts": 0, "Captcha": 0, "Consent": 2, "OneTimeLink": 0, "Session": 0, "User": 1,
    }  # fmt: skip
    assert await User.filter(id=session.viewer.id).exists()


async def test_a_link_of_the_last_day_works_until_it_expires(
    empty_database: asyncpg.Connection,
):
    user = await identity.user(activated=False)
    requested_at = NOW + 29 * DAY + timedelta(hours=23)
    await registration.resend_activation(EMAIL, client=CLIENT, signer=LINKS, now=requested_at)
    token = await identity.token(user, identity.ACTIVATION)
    last_hour = requested_at + timedelta(hours=23)

    await cleanup.delete_expired(now=last_hour)
    await registration.activate(token, passwords=PASSWORDS, signer=LINKS, now=last_hour)

    assert (await User.get(id=user.id)).activated_at == last_hour


async def test_requests_of_links_keep_no_registration_for_longer(
    empty_database: asyncpg.Connection,
):
    await identity.user(activated=False)
    for hours in (23, 40):
        requested_at = NOW + 29 * DAY + timedelta(hours=hours)
        await registration.resend_activation(EMAIL, client=CLIENT, signer=LINKS, now=requested_at)

    await cleanup.delete_expired(now=NOW + 31 * DAY)

    assert await User.all().count() == 0

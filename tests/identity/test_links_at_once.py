"""Two requests at once that use or cancel links of one user."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import email_change, one_time_links, passwords, registration
from lk_graphql.identity.service.email_change import EmailChange
from lk_graphql.identity.service.one_time_links import ACTIVATION_LIFETIME
from lk_graphql.kit.viewer import Viewer
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORD, PASSWORDS
from tests.support.locks import until_locks_are_awaited

NEW_PASSWORD = "Novokuznetsk7"


async def request_email_change(viewer: Viewer) -> None:
    change = EmailChange("new@example.com", PASSWORD)
    await email_change.request(
        viewer, change, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS
    )


async def outcomes_at_once(
    connection: asyncpg.Connection, *requests: Callable[[], Awaitable[Any]]
) -> list[Any]:
    """Start each request in turn while the users' rows are locked, and return what became of it."""
    tasks = list[asyncio.Task[Any]]()

    async def run(request: Callable[[], Awaitable[Any]]) -> Any:
        return await request()

    async with connection.transaction():
        await connection.execute('SELECT FROM "user" FOR UPDATE')
        for count, request in enumerate(requests, start=1):
            tasks.append(asyncio.create_task(run(request)))
            await until_locks_are_awaited(connection, count)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_new_address_and_a_new_password(empty_database: asyncpg.Connection):
    user = await identity.user()
    await request_email_change((await identity.session(user)).viewer)
    old, new = [
        await identity.token(user, side)
        for side in (LinkPurpose.EMAIL_CHANGE_OLD, LinkPurpose.EMAIL_CHANGE_NEW)
    ]
    await email_change.confirm(old, signer=LINKS, now=NOW)
    await passwords.request_reset(EMAIL, client=CLIENT, signer=LINKS, now=NOW)
    reset = await identity.token(user, LinkPurpose.PASSWORD_RESET)
    is_changed, refusal = await outcomes_at_once(
        empty_database,
        lambda: email_change.confirm(new, signer=LINKS, now=NOW),
        lambda: passwords.reset(reset, NEW_PASSWORD, now=NOW, passwords=PASSWORDS, signer=LINKS),
    )
    assert is_changed is True
    assert isinstance(refusal, LinkInvalid)
    assert (await User.get(id=user.id)).email == "new@example.com"


async def test_a_confirmation_and_another_request(empty_database: asyncpg.Connection):
    user = await identity.user()
    viewer = (await identity.session(user)).viewer
    await request_email_change(viewer)
    token = await identity.token(user, LinkPurpose.EMAIL_CHANGE_OLD)
    is_changed, requested = await outcomes_at_once(
        empty_database,
        lambda: email_change.confirm(token, signer=LINKS, now=NOW),
        lambda: request_email_change(viewer),
    )
    assert (is_changed, requested) == (False, None)


async def test_two_activation_links(empty_database: asyncpg.Connection):
    user = await identity.user(activated=False)
    tokens = list[str]()
    for _ in range(2):
        link = await one_time_links.issue(
            user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=NOW
        )
        tokens.append(one_time_links.token_of(link, LINKS))
    activated, refusal = await outcomes_at_once(
        empty_database,
        lambda: registration.activate(tokens[0], passwords=PASSWORDS, signer=LINKS, now=NOW),
        lambda: registration.activate(tokens[1], passwords=PASSWORDS, signer=LINKS, now=NOW),
    )
    assert activated is True
    assert isinstance(refusal, LinkInvalid)
    assert (await User.get(id=user.id)).activated_at == NOW

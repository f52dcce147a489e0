"""Customers of a mobile operator, who share one network address."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from lk_graphql.identity.service import email_change, passwords, registration
from lk_graphql.identity.service.email_change import EmailChange
from tests.factories import identity
from tests.factories.identity import CLIENT, LINKS, NOW, PASSWORD, PASSWORDS


async def register(email: str) -> None:
    form = await identity.form(email=email)
    await registration.register(form, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS)


async def resend_activation(email: str) -> None:
    await registration.resend_activation(email, client=CLIENT, signer=LINKS, now=NOW)


async def request_reset(email: str) -> None:
    await passwords.request_reset(email, client=CLIENT, signer=LINKS, now=NOW)


async def request_email_change(email: str) -> None:
    viewer = (await identity.session(await identity.user(email))).viewer
    change = EmailChange(f"new-{email}", PASSWORD)
    await email_change.request(
        viewer, change, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS
    )


@pytest.mark.parametrize(
    "request_mail", [register, resend_activation, request_reset, request_email_change]
)
async def test_thirty_of_them_may_do_the_same_at_once(
    empty_database: asyncpg.Connection, request_mail: Callable[[str], Awaitable[None]]
):
    for n in range(30):
        await request_mail(f"{n}@example.com")
    mails = 60 if request_mail is request_email_change else 30  # both mailboxes confirm a change
    assert len(await identity.jobs()) == mails

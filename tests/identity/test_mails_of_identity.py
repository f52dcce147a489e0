"""Mails about a login, in both languages, as text and as HTML."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from lk_graphql.identity import jobs
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import one_time_links
from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.mail import InMemoryMailer, Mail
from tests.factories import identity
from tests.factories.identity import COMPANY, EMAIL, LINKS, NOW

HOUR = timedelta(hours=1)


def job_context(mailbox: InMemoryMailer) -> JobContext:
    return JobContext(identity.ports(mailbox), COMPANY, NOW)


async def issue(
    user: User | None, purpose: LinkPurpose, new_email: str | None = None
) -> OneTimeLink:
    return await one_time_links.issue(user, purpose, lifetime=HOUR, now=NOW, new_email=new_email)


async def all_mails(language: Language) -> list[Mail]:
    """Send a mail of every kind."""
    user, waiting = await identity.user(), await identity.user("new@example.com", activated=False)
    await User.all().update(preferred_language=language)
    mailbox = InMemoryMailer()
    context = job_context(mailbox)
    await jobs.mail_activation(context, link_id=(await issue(waiting, LinkPurpose.ACTIVATION)).id)
    await jobs.mail_activation(context, link_id=(await issue(user, LinkPurpose.ACTIVATION)).id)
    reset = await issue(user, LinkPurpose.PASSWORD_RESET)
    await jobs.mail_password_reset(context, link_id=reset.id)
    await jobs.mail_password_changed(context, user_id=user.id)
    for side in (LinkPurpose.EMAIL_CHANGE_OLD, LinkPurpose.EMAIL_CHANGE_NEW):
        link = await issue(user, side, "other@example.com")
        await jobs.mail_email_change(context, link_id=link.id)
    return [mail for _, mail in mailbox.sent]


@pytest.mark.parametrize("language", Language)
async def test_every_mail_is_written_in_the_users_language(
    empty_database: asyncpg.Connection, language: Language
):
    mails = await all_mails(language)
    assert len({mail.subject for mail in mails}) == 6
    for mail in mails:
        assert mail.language is language
        assert COMPANY.name in mail.text
        assert ("Здравствуйте" in mail.text) is (language is Language.RU)
        for form in (mail.text, mail.html):
            assert "{{" not in form
            assert "None" not in form


async def test_the_link_is_in_the_mail_and_nowhere_else(empty_database: asyncpg.Connection):
    link = await issue(await identity.user(activated=False), LinkPurpose.ACTIVATION)
    mailbox = InMemoryMailer()
    await jobs.mail_activation(job_context(mailbox), link_id=link.id)
    url = f"{COMPANY.public_url}/activate#token={one_time_links.token_of(link, LINKS)}"
    ((to, mail),) = mailbox.sent
    assert to == EMAIL
    assert url in mail.text
    assert url in mail.html


async def test_a_change_of_password_is_mailed_with_the_company_s_time(
    empty_database: asyncpg.Connection,
):
    mailbox = InMemoryMailer()
    user = await identity.user()
    await jobs.mail_password_changed(job_context(mailbox), user_id=user.id)
    assert "01.10.2026 19:00" in mailbox.to(Email(EMAIL))[0].text


@pytest.mark.parametrize("fate", ["nobody", "used", "expired", "gone"])
async def test_a_dead_link_is_not_mailed(empty_database: asyncpg.Connection, fate: str):
    user = None if fate == "nobody" else await identity.user(activated=False)
    for job, purpose in (
        (jobs.mail_activation, LinkPurpose.ACTIVATION),
        (jobs.mail_password_reset, LinkPurpose.PASSWORD_RESET),
        (jobs.mail_email_change, LinkPurpose.EMAIL_CHANGE_NEW),
    ):
        link = await issue(user, purpose, "new@example.com")
        if fate == "used":
            await OneTimeLink.all().update(used_at=NOW)
        if fate == "expired":
            await OneTimeLink.all().update(created_at=NOW - HOUR, expires_at=NOW)
        mailbox = InMemoryMailer()
        await job(job_context(mailbox), link_id=uuid4() if fate == "gone" else link.id)
        assert mailbox.sent == []


async def test_nothing_is_mailed_to_an_erased_login(empty_database: asyncpg.Connection):
    user = await identity.user()
    await User.filter(id=user.id).update(erased_at=NOW, locked_at=NOW)
    mailbox = InMemoryMailer()
    await jobs.mail_password_changed(job_context(mailbox), user_id=user.id)
    assert list(mailbox.sent) == []


async def test_only_an_activated_login_may_reset(empty_database: asyncpg.Connection):
    link = await issue(await identity.user(activated=False), LinkPurpose.PASSWORD_RESET)
    mailbox = InMemoryMailer()
    await jobs.mail_password_reset(job_context(mailbox), link_id=link.id)
    assert mailbox.sent == []

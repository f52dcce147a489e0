"""Mails about account links, in the recipient's language."""

from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.accounts.jobs import mail_new_link, mail_suspended
from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkRole, LinkState
from lk_graphql.accounts.service.link_undo import notify_other_users, undo_link
from lk_graphql.accounts.service.linking import link_account, sign_token
from lk_graphql.accounts.service.links import unlink
from lk_graphql.identity.models import OneTimeLink, User
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.kit.company import Company
from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.mail import InMemoryMailer
from tests.factories.accounts import CLIENT, LINKS, NOW, given_account, given_link

pytestmark = pytest.mark.usefixtures("queued")

COMPANY = Company("Металлэнергофинанс", "https://lk.example", ZoneInfo("Asia/Novokuznetsk"))
ANNA = Email("anna@example.com")


@pytest.fixture
def mails() -> InMemoryMailer:
    return InMemoryMailer()


@pytest.fixture
def context(mails: InMemoryMailer) -> JobContext:
    ports: Any = SimpleNamespace(mail=mails, signer=LINKS)
    return JobContext(ports=ports, company=COMPANY, now=NOW)


@pytest.fixture
async def shared_account(anna: Viewer, boris: Viewer) -> Account:
    """An account of Anna's that Boris has linked too."""
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    holder = await Holder.get()
    token, _ = sign_token(boris, account.id, holder.id, now=NOW, signer=LINKS)
    await link_account(boris, token, client=CLIENT, now=NOW, signer=LINKS)
    return account


async def test_the_notice_names_the_newcomer_masked_and_leads_to_the_undo(
    shared_account: Account, context: JobContext, mails: InMemoryMailer
):
    notice = await OneTimeLink.get()
    await mail_new_link(context, undo_id=notice.id)
    ((to, mail),) = mails.sent
    assert to == ANNA
    assert mail.subject == "Ваш лицевой счёт подключён к ещё одному кабинету"
    token = token_of(notice, LINKS)
    for line in (
        "Лицевой счёт: 0012345678",
        "Кто подключил: b***@example.com",
        "Когда: 22.11.2026 19:00",
        f"https://lk.example/undo-account-link#token={token}",
    ):
        assert line in mail.text
    assert "boris@example.com" not in mail.text + mail.html
    await undo_link(token, client=CLIENT, now=NOW, signer=LINKS)


async def test_the_notice_is_in_the_recipient_s_language(
    shared_account: Account, context: JobContext, mails: InMemoryMailer
):
    await User.filter(email_key=ANNA).update(preferred_language=Language.EN)
    await mail_new_link(context, undo_id=(await OneTimeLink.get()).id)
    assert [mail.subject for mail in mails.to(ANNA)] == [
        "Your account has been linked to another login"
    ]


@pytest.mark.parametrize("leaver", ["anna", "boris"])
async def test_no_notice_after_either_has_left_but_after_both_are_back(
    leaver: str,
    shared_account: Account,
    context: JobContext,
    mails: InMemoryMailer,
    request: pytest.FixtureRequest,
    boris: Viewer,
):
    viewer: Viewer = request.getfixturevalue(leaver)
    notice = await OneTimeLink.get()
    await unlink(viewer, shared_account.id, client=CLIENT, now=NOW)
    await mail_new_link(context, undo_id=notice.id)
    assert mails.sent == []
    assert not await OneTimeLink.exists()

    await AccountLink.filter(user_id=viewer.id).update(state=LinkState.ACTIVE)
    link = await AccountLink.get(user_id=boris.id)
    await notify_other_users(link, now=NOW)
    await mail_new_link(context, undo_id=(await OneTimeLink.get()).id)
    assert [to for to, _ in mails.sent] == [ANNA]


async def test_a_notice_without_a_recipient_is_not_mailed(
    shared_account: Account, context: JobContext, mails: InMemoryMailer
):
    await OneTimeLink.all().update(user_id=None)
    await mail_new_link(context, undo_id=(await OneTimeLink.get()).id)
    assert mails.sent == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (Language.RU, "Доступ к лицевому счёту приостановлен"),
        (Language.EN, "Access to an account is suspended"),
    ],
)
async def test_a_suspended_user_gets_a_mail(
    anna: Viewer, context: JobContext, mails: InMemoryMailer, language: Language, subject: str
):
    await User.all().update(preferred_language=language)
    link = await given_link(anna, await given_account(), role=LinkRole.OWNER)
    await mail_suspended(context, link_id=link.id)
    assert mails.sent == []
    await AccountLink.all().update(state=LinkState.SUSPENDED)
    await mail_suspended(context, link_id=link.id)
    ((to, mail),) = mails.sent
    assert (to, mail.subject) == (ANNA, subject)
    assert "0012345678" in mail.text

"""The page of unsubscription: its words are the mails that end."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lk_graphql.kit import emails
from lk_graphql.kit.enum_labels import LABELS
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.jobs import send_mails
from lk_graphql.notifications.models import NoticeKind, NoticeTopic, TopicSettings
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked
from lk_graphql.notifications.service.texts import NoticeFacts, notice_text
from lk_graphql.notifications.service.topics import TOPIC_OF
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.mail import InMemoryMailer, Mail
from tests.factories.accounts import LINKS, NOW, given_bare_account, given_link
from tests.factories.notifications import COMPANY
from tests.support.client import ApiClient

ANNA = emails.parse("anna@example.com")
PREVIEW = """query ($token: String!) {
  notificationsUnsubscribePreview(token: $token) { topic } }"""
UNSUBSCRIBE = """mutation ($token: String!) {
  notificationsUnsubscribe(input: { token: $token }) { errors { code } } }"""


@dataclass
class MailCourse:
    """Notices of all kinds about one account, and the mails about them."""

    account: Any
    rounds: int = 0

    async def send(self) -> dict[NoticeKind, Mail]:
        """The mails by kind after a notice of each kind that has a topic."""
        self.rounds += 1
        for kind in TOPIC_OF:
            event = NoticeEvent(kind, f"{kind}/{self.rounds}", day=date(2099, 1, 1))
            await notify_linked(self.account.id, event, now=NOW)
        mails = InMemoryMailer()
        ports: Any = SimpleNamespace(mail=mails, signer=LINKS, mails_per_second=10_000)
        noon = datetime.now(COMPANY.zone).replace(hour=12) + timedelta(days=1)  # no quiet hour
        await send_mails(JobContext(ports, COMPANY, noon, clock=lambda: noon))
        return {kind_of(mail): mail for mail in mails.to(ANNA)}


def kind_of(mail: Mail) -> NoticeKind:
    facts = NoticeFacts()
    titles = {notice_text(kind, facts, Language.RU).title: kind for kind in TOPIC_OF}
    return titles[mail.subject]


@pytest.fixture
async def course(anna: Viewer) -> MailCourse:
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    return MailCourse(account)


async def words_on_page(api: ApiClient, topic: str, language: str) -> list[str]:
    """The words of a topic as the page shows them, one for each part."""
    page = await api.http.get("/unsubscribe", headers={"accept-language": language})
    (text,) = re.findall(rf'<template data-value="{topic}">(.*?)</template>', page.text)
    return re.split("[:,] ", text)


@pytest.mark.parametrize("topic", NoticeTopic)
async def test_the_page_names_the_mails_that_end(
    api: ApiClient, course: MailCourse, topic: NoticeTopic
):
    before = await course.send()
    assert set(before) == set(TOPIC_OF)
    mail = next(mail for kind, mail in before.items() if TOPIC_OF[kind] is topic)
    token = parse_qs(urlsplit(mail.unsubscribe_url or "").query)["token"][0]
    previewed = (await api.post(PREVIEW, token=token))["data"]["notificationsUnsubscribePreview"]
    named = dict[str, set[NoticeKind]]()
    for column, language in enumerate(("ru", "en")):
        title, *words = await words_on_page(api, previewed["topic"], language)
        assert title == LABELS[NoticeTopic][topic][column]
        labels = {LABELS[NoticeKind][kind][column].casefold(): kind for kind in NoticeKind}
        named[language] = {labels[word.casefold()] for word in words}

    assert await TopicSettings.all().count() == 0
    result = (await api.post(UNSUBSCRIBE, token=token))["data"]["notificationsUnsubscribe"]
    assert result == {"errors": []}

    ended = set(before) - set(await course.send())
    assert ended == named["ru"] == named["en"]
    assert (await TopicSettings.get()).muted_by_email == [topic]
    assert (await TopicSettings.get()).muted_by_sms == []

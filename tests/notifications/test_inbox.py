"""The inbox through the API: texts, languages, filters, marking as read."""

from datetime import date, timedelta
from typing import Any

import pytest

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked, notify_user
from lk_graphql.notifications.service.texts import TEXTS, NoticeFacts, notice_text, sms_text
from tests.factories.accounts import NOW, NUMBER, given_account, given_bare_account, given_link
from tests.factories.appeals import given_appeal
from tests.support.client import ApiClient

INBOX = """query ($first: Int, $where: NoticeFilterInput) {
  viewer {
    unreadNotices
    notices(first: $first, where: $where) {
      nodes { id kind title text accountId accountNumber aboutId period day amount readAt }
    }
  }
}"""
READ = """mutation ($input: NoticesMarkReadInput!) {
  noticesMarkRead(input: $input) {
    viewer { unreadNotices }
    errors { code path message }
  }
}"""
INVOICE = new_key()


@pytest.fixture
async def notices(anna: Viewer, boris: Viewer) -> None:
    """A notice of a bill for Anna and Boris, then one of an answer for Anna."""
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    await given_link(boris, account)
    bill = NoticeEvent(
        NoticeKind.INVOICE_ISSUED,
        "invoice/1",
        subject_id=INVOICE,
        period=date(2026, 10, 1),
        day=date(2026, 11, 16),
        amount=Kopecks(123_456),
    )
    await notify_linked(account.id, bill, now=NOW)
    answer = NoticeEvent(NoticeKind.APPEAL_ANSWERED, "appeal/1")
    await notify_user(anna.id, answer, now=NOW + timedelta(hours=1))


async def inbox(api: ApiClient, viewer: Viewer, **variables: Any) -> dict[str, Any]:
    return (await api.ask(INBOX, await api.signed_in(viewer), **variables))["viewer"]


async def read(api: ApiClient, viewer: Viewer, **variables: Any) -> dict[str, Any]:
    answer = await api.post(READ, await api.signed_in(viewer), input=variables)
    return answer["data"]["noticesMarkRead"]


@pytest.mark.usefixtures("notices")
async def test_the_newest_notice_comes_first_with_its_facts_and_text(api: ApiClient, anna: Viewer):
    viewer = await inbox(api, anna)
    answer, bill = viewer["notices"]["nodes"]
    assert viewer["unreadNotices"] == 2
    assert (answer["kind"], answer["accountId"], answer["aboutId"]) == (
        "APPEAL_ANSWERED", None, None,
    )  # fmt: skip
    assert bill["title"] == "Квитанция за октябрь 2026"
    assert bill["text"] == (
        "Лицевой счёт 0400000001, октябрь 2026: 1\u00a0234,56\u00a0₽, оплатить до 16.11.2026."
    )
    assert bill["accountNumber"] == "0400000001"
    assert bill["aboutId"] == to_public("inv", INVOICE)
    assert (bill["period"], bill["day"], bill["amount"]) == ("2026-10", "2026-11-16", "1234.56")


@pytest.mark.usefixtures("notices")
async def test_an_english_client_reads_english(api: ApiClient, boris: Viewer):
    headers = {
        "authorization": f"Bearer {await api.signed_in(boris)}",
        "accept-language": "en",
    }
    query = "{ viewer { notices { nodes { title text } } } }"
    answer = await api.http.post("/graphql", json={"query": query}, headers=headers)
    assert answer.json()["data"]["viewer"]["notices"]["nodes"] == [
        {
            "title": "Your bill for October 2026",
            "text": "Account 0400000001, October 2026: ₽1,234.56, due by 2026-11-16.",
        }
    ]


@pytest.mark.usefixtures("notices")
async def test_the_inbox_is_filtered_by_kind_and_account(api: ApiClient, anna: Viewer):
    bills = await inbox(api, anna, where={"kinds": ["INVOICE_ISSUED", "PAYMENT_DUE"]})
    assert [notice["kind"] for notice in bills["notices"]["nodes"]] == ["INVOICE_ISSUED"]
    of_account = await inbox(api, anna, where={"accountNumber": "0400000002"})
    assert of_account["notices"]["nodes"] == []


@pytest.mark.usefixtures("notices")
async def test_a_notice_stays_with_its_user_after_the_link_has_ended(api: ApiClient, boris: Viewer):
    await AccountLink.filter(user_id=boris.id).update(state=LinkState.ENDED)
    (bill,) = (await inbox(api, boris))["notices"]["nodes"]
    assert bill["kind"] == "INVOICE_ISSUED"


ABOUT = """{ viewer { notices { nodes { kind aboutId accountNumber account { number }
  about { __typename ... on Node { id } } } } } }"""


async def test_a_notice_links_to_its_subject_while_that_is_the_viewer_s(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    bill = await Invoice.filter(account=account).order_by("-period").first()
    assert bill
    for viewer in (anna, boris):
        await given_link(viewer, account)
    await notify_linked(
        account.id, NoticeEvent(NoticeKind.INVOICE_ISSUED, "invoice/1", bill.id), now=NOW
    )
    await AccountLink.filter(user_id=boris.id).update(state=LinkState.ENDED)

    (mine,) = (await api.ask(ABOUT, await api.signed_in(anna)))["viewer"]["notices"]["nodes"]
    (left,) = (await api.ask(ABOUT, await api.signed_in(boris)))["viewer"]["notices"]["nodes"]

    id_ = to_public("inv", bill.id)
    assert mine == {
        "kind": "INVOICE_ISSUED",
        "aboutId": id_,
        "about": {"__typename": "Invoice", "id": id_},
        "accountNumber": NUMBER,
        "account": {"number": NUMBER},
    }
    assert left == mine | {"about": None, "account": None}


async def test_a_notice_leads_to_the_answered_appeal(api: ApiClient, anna: Viewer, boris: Viewer):
    appeal = await given_appeal(anna)
    for viewer in (anna, boris):  # Boris's is nobody's doing, and shows nothing of Anna's
        event = NoticeEvent(NoticeKind.APPEAL_ANSWERED, "appeal/1", appeal.id)
        await notify_user(viewer.id, event, now=NOW)

    (mine,) = (await api.ask(ABOUT, await api.signed_in(anna)))["viewer"]["notices"]["nodes"]
    (other,) = (await api.ask(ABOUT, await api.signed_in(boris)))["viewer"]["notices"]["nodes"]

    assert mine["about"] == {"__typename": "Appeal", "id": to_public("apl", appeal.id)}
    assert other["about"] is None


@pytest.mark.usefixtures("notices")
async def test_a_repeated_mark_doesn_t_change_the_time_of_reading(api: ApiClient, anna: Viewer):
    newest = (await inbox(api, anna))["notices"]["nodes"][0]["id"]
    assert await read(api, anna, ids=[newest]) == {"viewer": {"unreadNotices": 1}, "errors": []}
    since = (await Notice.get(kind=NoticeKind.APPEAL_ANSWERED)).read_at
    await read(api, anna, ids=[newest])
    assert (await Notice.get(kind=NoticeKind.APPEAL_ANSWERED)).read_at == since


@pytest.mark.usefixtures("notices")
async def test_all_own_notices_until_a_moment_are_marked_as_read(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    assert (await read(api, anna, allUntil=NOW.isoformat()))["viewer"]["unreadNotices"] == 1
    assert await Notice.filter(user_id=boris.id, read_at=None).count() == 1


@pytest.mark.usefixtures("notices")
async def test_another_customer_s_notice_can_t_be_marked_as_read(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    foreign = (await inbox(api, boris))["notices"]["nodes"][0]["id"]
    own = (await inbox(api, anna))["notices"]["nodes"][0]["id"]
    refused = await read(api, anna, ids=[own, foreign])
    assert refused == {
        "viewer": None,
        "errors": [
            {
                "code": "NOTICE_NOT_FOUND",
                "path": ["ids", "1"],
                "message": "Среди ваших уведомлений такого нет.",
            }
        ],
    }
    assert await Notice.filter(read_at=None).count() == 3


async def test_no_more_than_a_hundred_at_a_time(api: ApiClient, anna: Viewer):
    refused = await read(api, anna, ids=[to_public("ntc", new_key())] * 101)
    assert [error["code"] for error in refused["errors"]] == ["TOO_MANY_NOTICES"]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_fits_into_one_sms(kind: NoticeKind):
    longest = NoticeFacts(
        "0400000001", date(2026, 9, 1), date(2026, 11, 16), Kopecks(1_234_567), "ЗД-2026-000017"
    )
    for language in Language:
        text = sms_text(kind, longest, language)
        assert len(text) <= (160 if text.isascii() else 70), text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_texts_that_need_no_facts(kind: NoticeKind, language: Language):
    assert set(TEXTS) == set(NoticeKind)
    full = NoticeFacts(
        "0400000001", date(2026, 10, 1), date(2026, 11, 16), Kopecks(-5), "О-2026-000017"
    )
    text, bare = notice_text(kind, full, language), notice_text(kind, NoticeFacts(), language)
    assert "—" not in text.title + text.text.replace(" — ", "")
    assert bare.title
    assert bare.text

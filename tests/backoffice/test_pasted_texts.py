"""Texts that customers and staff paste into any form: one rule for all of them, over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.appeals.models import AppealMessage
from lk_graphql.database import raw_sql
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading
from tests.factories.appeals import QUESTIONS, topic_id
from tests.factories.metering import TODAY, Home, given_home
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

CREATE = """mutation ($input: AppealCreateInput!) { appealCreate(input: $input) {
  result: appeal { messages { nodes { text } } } errors { code path message } } }"""
RENAME = """mutation ($input: AccountRenameInput!) { accountRename(input: $input) {
  result: account { name } errors { code path message } } }"""
PROMISE = """mutation ($input: StaffCallbackCreateInput!) { staffCallbackCreate(input: $input) {
  result: callback { text } errors { code path message } } }"""
TAKE = """mutation ($input: StaffReadingsTakeInput!) { staffReadingsTake(input: $input) {
  result: readings { caller } errors { code path message } } }"""
READ = {
    "тел. \u202a+79131234567\u202c": "тел. +79131234567",
    "Счёт \U0001fae8": "Счёт \U0001fae8",
    "\uf0b7 первый": "\uf0b7 первый",
    "стр\vвторая": "стр\nвторая",
    "<b>Иванова</b> 👩‍👩‍👧‍👦": "<b>Иванова</b> 👩‍👩‍👧‍👦",
}
REFUSED = [
    "",
    " \u00a0\n",
    "\u200b\u200b",
    "звонок\x07",
    "обратно \u202eяатсрев",
    "\x1b[31mкрасный",
]
Send = Callable[[str], Awaitable[dict[str, Any]]]


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    return await given_home(api, anna)


async def sender(home: Home, kind: str) -> Send:
    """A function that sends a text in a form of this kind and returns the payload."""
    token = home.token
    now = home.api.clock.now
    staff = await given_staff_session(await given_staff(enrolled_at=now), now)
    topic = to_public("tpc", await topic_id(QUESTIONS))
    account = to_public("sac", home.account.id)
    entries = [
        {"registerId": to_public("srg", register.id), "value": value}
        for register, value in ((home.day, "22600"), (home.night, "51300"))
    ]

    async def send(text: str) -> dict[str, Any]:
        key = {"idempotencyKey": new_key().hex}
        await raw_sql.fetch("DELETE FROM attempts")
        query, who, form = {
            "appeal": (CREATE, token, {"topicId": topic, "text": text, **key}),
            "name": (RENAME, token, {"accountId": home.id, "name": text}),
            "promise": (
                PROMISE,
                staff,
                {"accountId": account, "dueOn": str(TODAY), "text": text},
            ),
            "caller": (
                TAKE,
                staff,
                {"accountId": account, "entries": entries, "caller": text, **key},
            ),
        }[kind]
        (payload,) = (await home.api.post(query, who, input=form))["data"].values()
        return payload

    return send


KINDS: dict[str, tuple[str, bool, Callable[[Any], str]]] = {
    "appeal": ("text", False, lambda result: result["messages"]["nodes"][0]["text"]),
    "name": ("name", True, lambda result: result["name"]),
    "promise": ("text", False, lambda result: result["text"]),
    "caller": ("caller", True, lambda result: result[0]["caller"]),
}
"""The field, whether it is one line, and what is shown of it."""


@pytest.mark.parametrize("kind", KINDS)
async def test_a_pasted_text_is_normalised(home: Home, kind: str):
    send, (_, is_line, shown) = await sender(home, kind), KINDS[kind]
    for pasted, text in READ.items():
        payload = await send(pasted)
        assert payload["errors"] == []
        assert shown(payload["result"]) == (" ".join(text.split()) if is_line else text)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unreadable_text_is_refused_and_not_written(home: Home, kind: str):
    send, (field, *_) = await sender(home, kind), KINDS[kind]
    readings = await Reading.all().count()
    for text in REFUSED:
        payload = await send(text)
        (error,) = payload["errors"]
        assert (payload["result"], error["path"]) == (None, [field])
        assert ("Знак" in error["message"]) is any(map(text.__contains__, "\x07\u202e\x1b"))
    assert (await AppealMessage.all().count(), await Reading.all().count()) == (0, readings)

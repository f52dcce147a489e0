"""Decisions of staff on unusual readings."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.errors import MonthBilled, ReadingDecided
from lk_graphql.metering.models import Reading, ReadingState, Register
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import NUMBER, given_account, given_link, given_reading
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

QUEUE = """{ staff { readingsOnReview { nodes {
  id value zone meterSerial state account { number } } } } }"""


async def mutate(api: ApiClient, token: str, name: str, **input: Any) -> Any:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{ {name}(input: $input) {{
        reading {{ state reason }} errors {{ code path }} }} }}"""
    return (await api.post(query, token, input=input))["data"][name]


@pytest_asyncio.fixture
async def waiting(database: str, anna: Viewer) -> Reading:
    account = await given_account()
    await given_link(anna, account)
    register = await Register.get(meter__account_id=account.id, label="T1")
    return await given_reading(register, Decimal(99999), 11, state=ReadingState.ON_REVIEW)


async def test_a_reading_on_review_is_accepted(api: ApiClient, waiting: Reading):
    token = await given_staff_session(await given_staff())
    nodes = (await api.ask(QUEUE, token))["staff"]["readingsOnReview"]["nodes"]
    assert nodes == [
        {
            "id": to_public("srd", waiting.id),
            "value": "99999",
            "zone": "DAY",
            "meterSerial": f"M-{NUMBER}",
            "state": "ON_REVIEW",
            "account": {"number": NUMBER},
        }
    ]
    payload = await mutate(api, token, "staffReadingAccept", readingId=nodes[0]["id"])
    assert payload == {"reading": {"state": "ACCEPTED", "reason": None}, "errors": []}
    repeated = await mutate(api, token, "staffReadingAccept", readingId=nodes[0]["id"])
    assert repeated["errors"] == [{"code": "READING_FINAL", "path": ["readingId"]}]
    assert await AuditEntry.filter(act=Act.READING_ACCEPTED, subject_id=waiting.id).count() == 1


async def test_a_reading_is_rejected_with_a_reason(api: ApiClient, waiting: Reading):
    token = await given_staff_session(await given_staff())
    public, reason = to_public("srd", waiting.id), "Лишняя цифра"
    refusal = await mutate(api, token, "staffReadingReject", readingId=public, reason=" ")
    assert refusal["errors"] == [{"code": "REASON_INVALID", "path": ["reason"]}]
    payload = await mutate(api, token, "staffReadingReject", readingId=public, reason=reason)
    assert payload == {"reading": {"state": "REJECTED", "reason": reason}, "errors": []}
    reasons = await AuditEntry.filter(act=Act.READING_REJECTED).values_list("reason", flat=True)
    assert reasons == [reason]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (unicodedata.normalize("NFD", "й" * 300), "й" * 300),
        ("\ufeffЛишняя\u202a 7\u202c\x1f цифра\n", "Лишняя 7 цифра"),
    ],
)
async def test_the_log_has_the_reason_as_the_customer_reads_it(
    api: ApiClient, waiting: Reading, typed: str, stored: str
):
    token, public = await given_staff_session(await given_staff()), to_public("srd", waiting.id)
    payload = await mutate(api, token, "staffReadingReject", readingId=public, reason=typed)
    assert payload == {"reading": {"state": "REJECTED", "reason": stored}, "errors": []}
    reasons = await AuditEntry.filter(act=Act.READING_REJECTED).values_list("reason", flat=True)
    assert reasons == [stored]


async def test_refusals_of_decisions_have_texts_for_staff(api: ApiClient, waiting: Reading):
    """The customers' texts suggest writing to the supplier; the staff texts don't."""
    token, public = await given_staff_session(await given_staff()), to_public("srd", waiting.id)
    query = """mutation ($input: StaffReadingAcceptInput!) { staffReadingAccept(input: $input) {
        errors { code message } } }"""

    async def accept_errors() -> Any:
        answer = await api.post(query, token, input={"readingId": public})
        return answer["data"]["staffReadingAccept"]["errors"]

    await Reading.filter(id=waiting.id).update(state=ReadingState.WITHDRAWN)
    assert await accept_errors() == [{"code": "READING_FINAL", "message": ReadingDecided.ru}]
    state, billed_month = ReadingState.ON_REVIEW, date(2026, 10, 1)
    await Reading.filter(id=waiting.id).update(state=state, period=billed_month)
    assert await accept_errors() == [{"code": "PERIOD_BILLED", "message": MonthBilled.ru}]
    assert (await Reading.get(id=waiting.id)).state is ReadingState.ON_REVIEW

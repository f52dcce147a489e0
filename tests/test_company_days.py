"""Dates and years in the company's time zone; Novokuznetsk is UTC+7."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import Payment, PaymentState
from tests.factories.accounts import given_session
from tests.factories.appeals import QUESTIONS, topic_id
from tests.factories.applications import given_draft
from tests.support.client import ApiClient
from tests.support.fixtures import anna, api

__all__ = ["anna", "api"]

EVENINGS = [
    (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), "2026", "31.12.2026"),
    (datetime(2026, 12, 31, 17, 1, tzinfo=UTC), "2027", "01.01.2027"),
    (datetime(2027, 1, 1, 0, 1, tzinfo=UTC), "2027", "01.01.2027"),
]
SUBMIT = """mutation ($input: ContractApplicationSubmitInput!) {
  contractApplicationSubmit(input: $input) { application { number } errors { code } } }"""
WRITE = """mutation ($input: AppealCreateInput!) { appealCreate(input: $input) {
  appeal { number dueOn subjectText } errors { code path } } }"""


async def payload_at(
    api: ApiClient, viewer: Viewer, now: datetime, query: str, **input: Any
) -> Any:
    """The payload of a mutation of `viewer` at `now`."""
    api.clock.now = now
    token = await given_session(await User.get(id=viewer.id), now)
    answer = await api.post(query, token, input=input)
    (payload,) = answer["data"].values()
    assert payload["errors"] == []
    return payload


@pytest.mark.parametrize(("now", "year", "_day"), EVENINGS)
async def test_an_application_s_number_has_the_company_s_year(
    api: ApiClient, anna: Viewer, now: datetime, year: str, _day: str
) -> None:
    draft = await given_draft(anna, now)
    form = {"applicationId": to_public("cap", draft.id), "version": draft.version}
    payload = await payload_at(api, anna, now, SUBMIT, **form)
    assert payload["application"]["number"].startswith(f"ЗД-{year}-")


@pytest.mark.parametrize(("now", "year", "day"), EVENINGS)
async def test_an_appeal_s_number_and_subject_have_the_company_s_day(
    api: ApiClient, anna: Viewer, now: datetime, year: str, day: str
) -> None:
    payment = await Payment.create(
        user_id=anna.id,
        number="К-17",
        state=PaymentState.SUCCEEDED,
        amount=10_000,
        commission=0,
        refunded=0,
        provider="test",
        reference="17",
        page_url="",
        created_at=now,
        paid_at=now,
        changed_at=now,
    )
    payload = await payload_at(
        api,
        anna,
        now,
        WRITE,
        topicId=to_public("tpc", await topic_id(QUESTIONS)),
        text="Где деньги?",
        about={"paymentId": to_public("pay", payment.id)},
        idempotencyKey=new_key().hex,
    )
    assert payload["appeal"]["number"].startswith(f"О-{year}-")
    assert payload["appeal"]["subjectText"].startswith(f"Платёж К-17 от {day}: ")

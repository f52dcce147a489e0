"""Repeats and limits: a call that was answered is answered again, and an outage costs no try."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Never

import asyncpg
import httpx
import pytest
import pytest_asyncio

from lk_graphql.appeals.models import Appeal
from lk_graphql.database import raw_sql
from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.models import Attempts, IdempotentCall
from lk_graphql.identity.service import consents
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.ports.acquiring import Shop, YooKassa
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import given_user
from tests.factories.appeals import QUESTIONS, topic_id
from tests.factories.identity import VERSION, solved_captcha
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import URL, ApiClient, build, open_client
from tests.support.sample_input import sample_input

ACQUIRER = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9"))
KEYS = {
    "readingsSubmit", "readingsConfirm", "paymentStart", "appealCreate", "appealReply",
    "appealReopen", "staffRefundRequest", "staffReadingsTake",
}  # fmt: skip
LIMITED = {
    "paymentStart": "payment/user",
    "appealCreate": "appeal/user",
    "appealReply": "appeal-message/user",
    "appealReopen": "appeal-message/user",
}
USE_UP = "UPDATE attempts SET moments = array_fill(moments[1], ARRAY[500])"


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine, pdfs: PdfPool) -> AsyncGenerator[ApiClient]:
    async with open_client(engine, ACQUIRER, pdfs) as client:
        yield client


@pytest_asyncio.fixture
async def anna(database: str) -> Viewer:
    return await given_user("anna@example.com")


def with_keys() -> set[str]:
    assert graphql_schema.mutation_type
    return {
        name
        for name, field in graphql_schema.mutation_type.fields.items()
        if "idempotencyKey" in get_named_type(type_of(field.args["input"])).fields
    }


def input_type(mutation: str) -> Any:
    assert graphql_schema.mutation_type
    return type_of(graphql_schema.mutation_type.fields[mutation].args["input"])


async def send(http: httpx.AsyncClient, token: str, mutation: str, values: Any) -> httpx.Response:
    query = f"""mutation ($input: {input_type(mutation)}) {{
      {mutation}(input: $input) {{ errors {{ code path message }} }} }}"""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    body = {"query": query, "variables": {"input": values}}
    return await http.post("/graphql", json=body, headers=headers)


async def refusals(api: ApiClient, token: str, mutation: str, values: Any) -> list[Any]:
    answer = (await send(api.http, token, mutation, values)).json()
    assert "errors" not in answer, answer
    return answer["data"][mutation]["errors"]


async def tries() -> dict[str, int]:
    return {row.key.partition(":")[0]: len(row.moments) for row in await Attempts.all()}


def test_the_mutations_with_a_key_are_those_of_the_schema():
    assert with_keys() == KEYS


@pytest.mark.parametrize("mutation", sorted(KEYS))
async def test_a_repeat_of_an_answered_call_is_not_over_any_limit(
    api: ApiClient, anna: Viewer, mutation: str
):
    """The answer to the sample is a refusal, which is stored as every outcome is."""
    token = await api.signed_in(anna)
    if mutation.startswith("staff"):
        token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    values = sample_input(input_type(mutation))
    first = await refusals(api, token, mutation, values)
    counted = await tries()
    await raw_sql.fetch(USE_UP)

    other = await refusals(api, token, mutation, {**values, "idempotencyKey": "other"})
    assert [error["code"] for error in other] == (
        ["TOO_MANY_TRIES"] if mutation in LIMITED else [error["code"] for error in first]
    )
    assert await refusals(api, token, mutation, values) == first
    assert counted == ({LIMITED[mutation]: 1} if mutation in LIMITED else {})


async def test_an_appeal_is_answered_again_after_the_limit(api: ApiClient, anna: Viewer):
    """The calls of a customer whose connection breaks off after each of ten appeals."""
    token = await api.signed_in(anna)
    topic = to_public("tpc", await topic_id(QUESTIONS))
    create = """mutation ($input: AppealCreateInput!) { appealCreate(input: $input) {
      appeal { id number } errors { code } } }"""
    inputs = [
        {"topicId": topic, "text": f"Почему? {number}", "idempotencyKey": f"key-{number}"}
        for number in range(11)
    ]
    answers = [(await api.post(create, token, input=values))["data"] for values in inputs]
    repeats = [(await api.post(create, token, input=values))["data"] for values in inputs]

    assert repeats == answers
    assert [answer["appealCreate"]["errors"] for answer in answers] == [
        *([[]] * 10), [{"code": "TOO_MANY_TRIES"}]
    ]  # fmt: skip
    assert await Appeal.all().count() == 10
    assert await tries() == {"appeal/user": 10}


async def test_a_repeat_that_overtakes_is_answered_as_the_first(api: ApiClient, anna: Viewer):
    """Twenty at once, with the last try of the hour."""
    token = await api.signed_in(anna)
    values = sample_input(input_type("appealCreate"))
    for number in range(9):
        await refusals(api, token, "appealCreate", {**values, "idempotencyKey": f"{number}"})

    answers = await asyncio.gather(
        *(refusals(api, token, "appealCreate", values) for _ in range(20))
    )

    assert [[error["code"] for error in answer] for answer in answers] == [["TOPIC_NOT_FOUND"]] * 20
    assert await tries() == {"appeal/user": 10}


async def test_a_call_with_an_internal_error_counts_no_attempt_and_stores_nothing(
    api: ApiClient, anna: Viewer, opened: asyncpg.Connection
):
    token = await api.signed_in(anna)
    topic = to_public("tpc", await topic_id(QUESTIONS))
    values = {"topicId": topic, "text": "Почему?", "idempotencyKey": "key"}
    await opened.execute("ALTER TABLE appeal_message ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        answer = (await send(api.http, token, "appealCreate", values)).json()
    finally:
        await opened.execute("ALTER TABLE appeal_message DROP CONSTRAINT broken")

    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert (await tries(), await IdempotentCall.all().count()) == ({}, 0)
    assert await refusals(api, token, "appealCreate", values) == []


class OverloadedPasswords(Passwords):
    """Hashes nothing, as a server does whose queue of hashes is full."""

    async def hash(self, password: str) -> Never:  # noqa: ARG002
        raise Unavailable("argon2")

    async def verify(self, hashed: str | None, password: str) -> Never:  # noqa: ARG002
        raise Unavailable("argon2")


class OverloadedCaptchas(FixedCaptchas):
    async def challenge(self, language: Language) -> Never:  # noqa: ARG002
        raise Unavailable("captchas")


OUTAGES: dict[str, dict[str, Any]] = {
    "captchaCreate": {},
    "userRegister": {
        "lastName": "Иванова",
        "firstName": "Анна",
        "hasNoPatronymic": True,
        "email": "new@example.com",
        "phone": "8 913 123-45-67",
        "password": "Kuzbass42x",
        "termsVersion": VERSION,
        "personalDataVersion": VERSION,
    },
    "sessionCreate": {"email": "anna@example.com", "password": "Kuzbass42x"},
    "passwordChange": {"oldPassword": "Kuzbass42x", "newPassword": "Kuzbass43x"},
    "emailChangeRequest": {"newEmail": "new@example.com", "password": "Kuzbass42x"},
    "personalDataExport": {"password": "Kuzbass42x"},
    "erasureRequest": {"password": "Kuzbass42x"},
    "staffSessionCreate": {"email": "clerk@example.com", "password": "Kuzbass42x"},
}


@pytest.mark.parametrize("mutation", OUTAGES)
async def test_an_outage_counts_no_attempt(
    api: ApiClient, engine: QueryEngine, anna: Viewer, mutation: str
):
    away = OverloadedPasswords(HashCost(8, 1))
    ports = replace(api.state.ports, passwords=away, captchas=OverloadedCaptchas())
    token = await api.signed_in(anna)
    values = {**sample_input(input_type(mutation)), **OUTAGES[mutation]}
    if mutation == "userRegister":
        await consents.publish(demo_documents())
        solved = await solved_captcha(datetime.now(UTC))
        assert solved.id
        values["captcha"] = {"id": to_public("cap", solved.id), "code": solved.code}
    transport = httpx.ASGITransport(build(engine, ports, api.clock))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        answers = [await send(http, token, mutation, values) for _ in range(30)]
    away.close()

    assert {answer.status_code for answer in answers} == {503}, answers[0].text
    assert {error["extensions"]["code"] for a in answers for error in a.json()["errors"]} == {
        "UNAVAILABLE"
    }
    assert set((await tries()).values()) <= {0}

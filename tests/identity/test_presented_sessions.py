"""Signing in ends the sessions whose tokens came along, of customers and of staff."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from lk_graphql.identity.models import Session, User
from lk_graphql.identity.service.sessions import StaffAccess, open_for_staff
from lk_graphql.kit.signing import hash_token
from lk_graphql.staff.models import Act, AuditEntry, StaffMember, StaffSession
from tests.factories import identity
from tests.factories.accounts import CLIENT, given_session
from tests.factories.identity import EMAIL, PASSWORD
from tests.factories.staff import PASSWORD as STAFF_PASSWORD
from tests.factories.staff import code, given_staff, given_staff_session
from tests.support.client import ApiClient

CUSTOMER = """mutation ($input: SessionCreateInput!) { payload: sessionCreate(input: $input) {
  token viewer { sessions { isCurrent } } errors { code } } }"""
STAFF = """mutation ($input: StaffSessionCreateInput!) { payload: staffSessionCreate(
  input: $input) { token member { email } errors { code } } }"""
NAMES = {"customer": "__Host-lk_session", "staff": "__Host-lk_staff"}


async def presented(kind: str, user: User, member: StaffMember) -> str:
    now = datetime.now(UTC)
    return (
        await given_session(user, now) if kind == "customer" else await given_staff_session(member)
    )


async def active(token: str) -> bool:
    digest = hash_token(token)
    return await Session.exists(token_hash=digest, ended_at=None) or await StaffSession.exists(
        token_hash=digest, ended_at=None
    )


async def sign_in(
    api: ApiClient,
    who: str,
    member: StaffMember,
    delivery: str,
    headers: dict[str, str],
    **more: Any,
) -> Any:
    query, values = CUSTOMER, {"email": EMAIL, "password": PASSWORD}
    if who == "staff":
        query = STAFF
        values = {"email": member.email, "password": STAFF_PASSWORD, "code": code(member)}
    variables = {"input": {**values, "delivery": delivery, **more}}
    response = await api.http.post(
        "/graphql", json={"query": query, "variables": variables}, headers=headers
    )
    api.http.cookies.clear()
    return response


@pytest.mark.parametrize(
    ("who", "came", "way", "delivery"),
    [
        *product(
            ("customer", "staff"), ("customer", "staff"), ("cookie", "bearer"), ("COOKIE", "BEARER")
        )
    ],
)
async def test_the_session_that_came_along_ends(
    api: ApiClient, who: str, came: str, way: str, delivery: str
):
    user, member = await identity.user(), await given_staff()
    other = await presented(came, user, member)
    token = await presented(came, user, member)
    headers = {"authorization": f"Bearer {token}"}
    if way == "cookie":
        headers = {"cookie": f"{NAMES[came]}={token}", "origin": "https://lk.example"}
    response = await sign_in(api, who, member, delivery, headers)
    payload = response.json()["data"]["payload"]
    assert payload["errors"] == []
    assert not await active(token)
    assert await active(other)  # what didn't come along goes on
    cookies = [line.partition(";")[0] for line in response.headers.get_list("set-cookie")]
    cleared = f"{NAMES[came]}=" in cookies
    assert cleared == (way == "cookie")
    set_last = {line.partition("=")[0]: line.partition("=")[2] for line in cookies}
    assert bool(set_last.get(NAMES[who])) == (delivery == "COOKIE")


async def test_after_a_staff_cookie_a_customer_s_is_the_one(api: ApiClient):
    """A dead staff cookie would take precedence."""
    user, member = await identity.user(), await given_staff()
    staff, old = await presented("staff", user, member), await presented("customer", user, member)
    cookies = {NAMES["staff"]: staff, NAMES["customer"]: old}
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"cookie": header, "origin": "https://lk.example"}
    response = await sign_in(api, "customer", member, "COOKIE", headers)
    assert not await active(staff)
    assert not await active(old)
    for line in response.headers.get_list("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        cookies[name] = value
    header = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
    answer = await api.http.post(
        "/graphql", json={"query": "{ viewer { email } }"}, headers={"cookie": header}
    )
    assert answer.json()["data"] == {"viewer": {"email": EMAIL}}


async def test_a_refused_sign_in_ends_nothing(api: ApiClient):
    user, member = await identity.user(), await given_staff()
    for who, came in product(NAMES, NAMES):
        token = await presented(came, user, member)
        headers = {"authorization": f"Bearer {token}"}
        response = await sign_in(api, who, member, "BEARER", headers, password="Wrong1234")
        assert [error["code"] for error in response.json()["data"]["payload"]["errors"]] == [
            "WRONG_EMAIL_OR_PASSWORD"
        ]
        assert await active(token)
    assert await AuditEntry.filter(act=Act.SIGNED_OUT).count() == 0


async def test_cabinet_sessions_end_with_their_staff_session(api: ApiClient):
    user, member = await identity.user(), await given_staff()
    token = await given_staff_session(member)
    access = StaffAccess(member.id, "Звонок клиента")
    look = await open_for_staff(user.id, access, client=CLIENT, now=datetime.now(UTC))
    await sign_in(api, "staff", member, "BEARER", {"authorization": f"Bearer {token}"})
    assert not await active(look.token)
    entries = AuditEntry.filter(staff_id=member.id).order_by("id")
    assert await entries.values_list("act", flat=True) == [
        Act.SIGNED_IN, Act.SIGNED_OUT, Act.SIGNED_IN,
    ]  # fmt: skip


async def test_unknown_tokens_end_no_session(api: ApiClient):
    """Unknown tokens end nothing; the new session is the only one of the payload."""
    user, member = await identity.user(), await given_staff()
    token = await presented("customer", user, member)
    headers = {"authorization": "Bearer unknown", "cookie": "__Host-lk_session=; __Host-lk_staff=x"}
    response = await sign_in(api, "customer", member, "BEARER", headers)
    payload = response.json()["data"]["payload"]
    assert [session["isCurrent"] for session in payload["viewer"]["sessions"]] == [True, False]
    assert await active(token)

"""A client whose session has ended is told so, and its dead cookie is cleared; guests aren't."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.identity.models import Session, User
from lk_graphql.staff.models import StaffSession
from tests.factories import identity
from tests.factories.accounts import given_session
from tests.factories.identity import EMAIL, PASSWORD
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

COOKIE, STAFF_COOKIE = "__Host-lk_session", "__Host-lk_staff"
PLANNED = "{ viewer { id } }"
RESOLVED = "{ viewer { id } publicSettings { phoneForms } }"
EPOCH = "Thu, 01 Jan 1970 00:00:00 GMT"
CLEARED = f"{COOKIE}=; Path=/; Expires={EPOCH}; HttpOnly; SameSite=Lax; Secure"
LONG_AGO = timedelta(minutes=2)


async def given_ended_session(how: str, ago: timedelta = LONG_AGO) -> str:
    """The token of a session that has ended in one of all the ways."""
    if how == "nonsense":
        return "nonsense"
    user, now = await identity.user(), datetime.now(UTC)
    token = await given_session(user, now - timedelta(days=1))
    match how:
        case "ended":
            await Session.all().update(ended_at=now - ago)
        case "expired":
            await Session.all().update(expires_at=now - ago)
        case _:
            await User.all().update(locked_at=now - ago)
    return token


async def answer(api: ApiClient, query: str, **headers: str) -> tuple[Any, Any, list[str]]:
    """The data, the extension `session`, and the cookies that are set."""
    response = await api.http.post("/graphql", json={"query": query}, headers=headers)
    api.http.cookies.clear()
    extensions = response.json()["extensions"]
    cookies = response.headers.get_list("set-cookie")
    return response.json().get("data"), extensions.get("session"), cookies


@pytest.mark.parametrize("query", [PLANNED, RESOLVED])
@pytest.mark.parametrize("how", ["nonsense", "ended", "expired"])
async def test_an_ended_session_is_reported_and_its_cookie_cleared(
    api: ApiClient, how: str, query: str
):
    token = await given_ended_session(how)

    data, session, cookies = await answer(api, query, cookie=f"{COOKIE}={token}")

    assert (data["viewer"], session, cookies) == (None, "ended", [CLEARED])


@pytest.mark.parametrize("query", [PLANNED, RESOLVED])
@pytest.mark.parametrize("how", ["nonsense", "ended", "expired", "locked"])
async def test_a_bearer_response_reports_an_ended_session(api: ApiClient, how: str, query: str):
    token = await given_ended_session(how)
    data, session, cookies = await answer(api, query, authorization=f"Bearer {token}")
    assert (data["viewer"], session, cookies) == (None, "ended", [])


@pytest.mark.parametrize("how", ["ended", "expired", "locked"])
async def test_a_slow_answer_does_not_clear_the_cookie_of_a_new_session(api: ApiClient, how: str):
    """A sign-in ends the session of the cookie, while requests with that one are under way."""
    token = await given_ended_session(how, ago=timedelta(seconds=30))
    _, session, cookies = await answer(api, PLANNED, cookie=f"{COOKIE}={token}")
    assert (session, cookies) == ("ended", [])


@pytest.mark.parametrize("query", [PLANNED, RESOLVED, "{ __typename }"])
async def test_guests_and_active_sessions_get_no_report_of_an_ended_session(
    api: ApiClient, query: str
):
    token = await given_session(await identity.user(), datetime.now(UTC))
    staff_token = await given_staff_session(await given_staff())
    for headers in (
        {},
        {"cookie": "theme=dark"},
        {"cookie": f"{COOKIE}="},
        {"cookie": f"{COOKIE}={token}"},
        {"authorization": f"Bearer {token}"},
        {"cookie": f"{STAFF_COOKIE}={staff_token}"},
        {"authorization": f"Bearer {staff_token}"},
    ):
        assert (await answer(api, query, **headers))[1:] == (None, [])


async def test_the_dead_cookie_of_staff_is_cleared_and_the_customers_serves_again(api: ApiClient):
    token = await given_session(await identity.user(), datetime.now(UTC))
    staff_token = await given_staff_session(await given_staff())
    await StaffSession.all().update(seen_at=datetime.now(UTC) - timedelta(hours=1))
    cookies = {STAFF_COOKIE: staff_token, COOKIE: token}
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())

    _, session, set_cookies = await answer(api, PLANNED, cookie=header)

    (cleared,) = set_cookies
    assert session == "ended"
    assert cleared.startswith(f"{STAFF_COOKIE}=; ")
    data, session, set_cookies = await answer(api, PLANNED, cookie=f"{COOKIE}={token}")
    assert (data["viewer"] is None, session, set_cookies) == (False, None, [])


async def test_a_refused_mutation_reports_an_ended_session(api: ApiClient):
    token = await given_ended_session("ended")
    query = "mutation { sessionEnd(input: {}) { errors { code } } }"

    data, session, cookies = await answer(api, query, cookie=f"{COOKIE}={token}")

    assert (data, session, cookies) == (None, "ended", [CLEARED])


async def test_a_sign_in_over_a_dead_cookie_is_no_ended_session(api: ApiClient):
    token = await given_ended_session("ended")
    query = f"""mutation {{ sessionCreate(input: {{
      email: "{EMAIL}", password: "{PASSWORD}", delivery: COOKIE}}) {{
      viewer {{ id }} errors {{ code }} }} }}"""

    data, session, cookies = await answer(api, query, cookie=f"{COOKIE}={token}")

    assert data["sessionCreate"]["errors"] == []
    assert session is None
    *_, last = (cookie for cookie in cookies if cookie.startswith(f"{COOKIE}="))
    assert not last.startswith(f"{COOKIE}=;")


async def test_an_event_stream_reports_an_ended_session(api: ApiClient):
    token = await given_ended_session("ended")
    query = 'subscription { paymentChanged(paymentId: "pay_0") { id } }'
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}

    told = await api.http.post("/graphql", json={"query": query}, headers=headers)
    guest = await api.http.post(
        "/graphql", json={"query": query}, headers={"accept": "text/event-stream"}
    )

    assert '"code":"UNAUTHENTICATED"' in told.text
    assert '"extensions":{"session":"ended"}' in told.text
    assert '"code":"UNAUTHENTICATED"' in guest.text
    assert '"session"' not in guest.text

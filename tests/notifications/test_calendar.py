"""The calendar feed: a private address, events without names, deletion."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from icalendar import Calendar

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions
from lk_graphql.identity.service.sessions import StaffAccess
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Meter
from lk_graphql.notifications.models import CalendarFeed
from tests.factories.accounts import CLIENT, given_account, given_link
from tests.factories.metering import given_window
from tests.factories.staff import given_staff
from tests.support.client import COMPANY, ApiClient
from tests.support.locks import until_locks_are_awaited

URL = "{ viewer { calendarUrl } }"
SWITCH = """mutation ($on: Boolean!) { calendarFeedSwitch(input: { on: $on }) {
  viewer { calendarUrl } errors { code path } } }"""


@pytest.fixture
async def account(anna: Viewer) -> Account:
    """Anna's account with a verification due in a month and two open bills, one overdue."""
    account = await given_account()
    await given_link(anna, account)
    today = COMPANY.today(datetime.now(UTC))
    await Meter.all().update(next_verification_on=today + timedelta(days=30))
    await Invoice.filter(period=date(2026, 9, 1)).update(due_on=today - timedelta(days=20))
    await Invoice.filter(period=date(2026, 10, 1)).update(due_on=today + timedelta(days=9))
    await given_window(15, 25, LatePolicy.NEXT_PERIOD, offline_days=3)
    return account


async def switch(api: ApiClient, viewer: Viewer, *, on: bool) -> dict[str, Any]:
    answer = await api.post(SWITCH, await api.signed_in(viewer), on=on)
    return answer["data"]["calendarFeedSwitch"]


async def address(api: ApiClient, viewer: Viewer) -> str:
    switched = await switch(api, viewer, on=True)
    return urlsplit(str(switched["viewer"]["calendarUrl"])).path


async def events(answer: httpx.Response) -> list[tuple[str, date]]:
    calendar: Any = Calendar
    return [
        (str(event["SUMMARY"]), event["DTSTART"].dt)
        for event in calendar.from_ical(answer.text).walk("VEVENT")
    ]


async def test_staff_who_view_the_cabinet_don_t_get_the_address(api: ApiClient, anna: Viewer):
    await switch(api, anna, on=True)
    now = datetime.now(UTC)
    look = await sessions.open_for_staff(
        anna.id, StaffAccess((await given_staff()).id, "Звонок клиента"), client=CLIENT, now=now
    )
    assert await api.ask(URL, look.token) == {"viewer": {"calendarUrl": None}}
    own = await api.ask(URL, await api.signed_in(anna))
    assert own["viewer"]["calendarUrl"].startswith(f"{COMPANY.public_url}/calendar/")


async def test_a_calendar_program_reads_the_days_and_no_names(
    api: ApiClient, anna: Viewer, account: Account
):
    answer = await api.http.get(await address(api, anna))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    today = COMPANY.today(datetime.now(UTC))
    days = await events(answer)
    ending = f"л/с …{account.number[-4:]}"
    assert (f"Последний день оплаты квитанции, {ending}", today + timedelta(days=9)) in days
    assert (f"Срок поверки счётчика, {ending}", today + timedelta(days=30)) in days
    closes = [day for title, day in days if title == "Последний день передачи показаний"]
    assert [day.day for day in closes] == [25, 25]
    assert len(days) == 6
    for private in ("Иванов", "Пелагея", account.number, account.address, "anna"):
        assert private not in answer.text
    # keys and times may contain any digits
    lines = [line for line in answer.text.splitlines() if not line.startswith(("UID:", "DTSTAMP:"))]
    assert [line for line in lines if "1140" in line or "640" in line] == []


async def test_a_day_of_the_calendar_has_a_description_and_an_alarm(
    api: ApiClient, anna: Viewer, account: Account
):
    calendar: Any = Calendar
    answer = await api.http.get(await address(api, anna))
    walked = calendar.from_ical(answer.text).walk("VEVENT")
    days = {str(event["SUMMARY"]).partition(",")[0]: event for event in walked}
    payment, opens = days["Последний день оплаты квитанции"], days["Начало приёма показаний"]
    assert str(payment["URL"]) == f"{COMPANY.public_url}/"
    assert str(payment["DESCRIPTION"]) == (
        f"Сумма и оплата — в личном кабинете.\n{COMPANY.public_url}/"
    )
    (alarm,) = payment.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-14)
    assert opens.walk("VALARM") == []


async def test_the_days_keep_their_ids_at_a_new_address(
    api: ApiClient, anna: Viewer, account: Account
):
    calendar: Any = Calendar
    ids = [
        [str(event["UID"]) for event in calendar.from_ical(answer.text).walk("VEVENT")]
        for answer in [await api.http.get(await address(api, anna)) for _ in range(2)]
    ]
    assert ids[0] == ids[1]
    assert len({*ids[0]}) == 6


async def test_calendars_switched_on_at_once_are_one(
    api: ApiClient, anna: Viewer, opened: asyncpg.Connection
):
    token = await api.signed_in(anna)
    async with opened.transaction():
        await opened.execute('SELECT FROM "user" WHERE id = $1 FOR UPDATE', anna.id)
        calls = [asyncio.create_task(api.post(SWITCH, token, on=True)) for _ in range(2)]
        await until_locks_are_awaited(opened, 2)
    for call in calls:
        assert (await call)["data"]["calendarFeedSwitch"]["errors"] == []
    assert await CalendarFeed.filter(user_id=anna.id).count() == 1


async def test_a_link_for_calendar_programs_stands_beside_the_address(api: ApiClient, anna: Viewer):
    text = "{ viewer { calendarUrl calendarWebcalUrl } }"
    token = await api.signed_in(anna)
    assert (await api.ask(text, token))["viewer"] == {
        "calendarUrl": None,
        "calendarWebcalUrl": None,
    }
    await switch(api, anna, on=True)
    shown = (await api.ask(text, token))["viewer"]
    assert shown["calendarWebcalUrl"] == shown["calendarUrl"].replace("https:", "webcal:")


async def test_an_unchanged_calendar_gets_a_304(api: ApiClient, anna: Viewer, account: Account):
    path = await address(api, anna)
    etag = (await api.http.get(path)).headers["etag"]
    again = await api.http.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    await Invoice.all().update(unpaid=0)
    changed = await api.http.get(path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert len(await events(changed)) == 5


async def test_a_new_calendar_address_or_the_switch_ends_the_old_address(
    api: ApiClient, anna: Viewer, boris: Viewer, account: Account
):
    token = await api.signed_in(anna)
    assert (await api.ask(URL, token))["viewer"] == {"calendarUrl": None}
    first, second = await address(api, anna), await address(api, anna)
    assert first != second
    assert (await api.ask(URL, token))["viewer"]["calendarUrl"].endswith(second)
    assert (await api.http.get(first)).status_code == 404
    assert (await api.http.get(second)).status_code == 200
    refused = await switch(api, boris, on=False)
    assert [e["code"] for e in refused["errors"]] == ["CALENDAR_NOT_FOUND"]
    assert await switch(api, anna, on=False) == {"viewer": {"calendarUrl": None}, "errors": []}
    assert (await api.http.get(second)).status_code == 404


async def test_a_calendar_has_only_linked_accounts_of_an_unlocked_login(
    api: ApiClient, anna: Viewer, account: Account
):
    path = await address(api, anna)
    await AccountLink.all().update(state=LinkState.SUSPENDED)
    assert await events(await api.http.get(path)) == []
    await User.filter(id=anna.id).update(locked_at=datetime.now(UTC))
    assert (await api.http.get(path)).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 64])
async def test_a_made_up_address_leads_nowhere(api: ApiClient, token: str):
    assert (await api.http.get(f"/calendar/{token}.ics")).status_code == 404

"""Help on the telephone: readings of a caller, receipts by mail, promises to call back."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.periods import shift
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.jobs import erase_callers
from lk_graphql.metering.models import Reading, ReadingSource, ReadingState, Register
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.ports.jobs import JobContext, run_until_empty
from lk_graphql.staff.models import Act, AuditEntry, Callback
from tests.factories.accounts import given_account, given_link
from tests.factories.metering import TODAY, Home, given_home
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient
from tests.support.pdf_text import only_page, text_of

TAKE = """mutation ($input: StaffReadingsTakeInput!) { staffReadingsTake(input: $input) {
  readings { value state source caller zone } errors { code path message } } }"""
CALLBACK = """mutation ($input: StaffCallbackCreateInput!) { staffCallbackCreate(input: $input) {
  callback { id dueOn text member { fullName } doneAt account { number } }
  errors { code path } } }"""
DONE = """mutation ($input: StaffCallbackDoneInput!) { staffCallbackDone(input: $input) {
  callback { result doneBy { fullName } } errors { code path } } }"""
SEND = """mutation ($input: StaffReceiptSendInput!) { staffReceiptSend(input: $input) {
  sentTo errors { code path } } }"""
LAST_READINGS = """query ($number: String!) { staff { account(number: $number) {
  meters { registers { lastReading { value source caller } } } } } }"""
CALLER = "Петрова Ольга, дочь абонента"


async def mutate(api: ApiClient, query: str, token: str, **input: Any) -> Any:
    answer = await api.post(query, token, input=input)
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return payload


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    return await given_home(api, anna)


@pytest_asyncio.fixture
async def clerk(home: Home) -> str:
    return await given_clerk(home)


async def given_clerk(home: Home, email: str = "") -> str:
    """The token of a clerk who works on the day of the home's window."""
    now = home.api.clock.now
    return await given_staff_session(await given_staff(email=email, enrolled_at=now), now)


async def take(home: Home, token: str, day: object, night: object, **more: Any) -> Any:
    entries = [
        {"registerId": to_public("srg", register.id), "value": str(value)}
        for register, value in ((home.day, day), (home.night, night))
    ]
    values = {
        "accountId": to_public("sac", home.account.id),
        "caller": CALLER,
        "entries": entries,
        "idempotencyKey": "call 1",
    }
    return await mutate(home.api, TAKE, token, **{**values, **more})


async def test_a_caller_s_readings_are_the_customer_s(home: Home, clerk: str):
    payload = await take(home, clerk, 22600, 51300)

    assert payload["errors"] == []
    assert payload["readings"] == [
        {"value": v, "state": "ACCEPTED", "source": "PHONE", "caller": CALLER, "zone": zone}
        for v, zone in (("22600", "DAY"), ("51300", "NIGHT"))
    ]
    assert await home.states(home.day) == [(22600, "ACCEPTED")]
    query = """{ viewer { accounts { meters { registers {
        lastReading { value source } lastSubmittedReading { value source } } } } } }"""
    answer = await home.api.ask(query, home.token)
    (meter,) = answer["viewer"]["accounts"][0]["meters"]
    expected = {"value": "22600", "source": "PHONE"}
    assert meter["registers"][0] == {"lastReading": expected, "lastSubmittedReading": expected}
    assert await Notice.filter(kind=NoticeKind.READINGS_ACCEPTED).count() == 1
    entries = await AuditEntry.filter(act=Act.READING_TAKEN).values("subject_id", "reason")
    assert entries == [{"subject_id": home.account.id, "reason": None}]


async def test_a_caller_s_name_is_erased_when_the_month_can_t_be_disputed(home: Home, clerk: str):
    await take(home, clerk, 22600, 51300)
    reading = await Reading.filter(caller=CALLER).first()
    assert reading is not None
    last = shift(reading.period, 37)  # three years after the month in which its bill is due

    async def erase(month: date) -> list[Any]:
        now = datetime.combine(month, time(0), COMPANY.zone)
        await erase_callers(JobContext(home.api.state.ports, COMPANY, now))
        answer = await home.api.post(LAST_READINGS, clerk, number=home.account.number)
        (meter,) = answer["data"]["staff"]["account"]["meters"]
        return [register["lastReading"] for register in meter["registers"]]

    values = [{"value": "22600", "source": "PHONE"}, {"value": "51300", "source": "PHONE"}]
    assert await erase(last) == [{**value, "caller": CALLER} for value in values]
    assert await erase(shift(last, 1)) == [{**value, "caller": "—"} for value in values]
    assert await Reading.filter(caller=None).exists()
    assert await erase(shift(last, 2)) == [{**value, "caller": "—"} for value in values]


async def test_readings_of_a_call_and_of_the_customer_supersede_each_other(home: Home, clerk: str):
    await home.submit(22590, 51290)
    await take(home, clerk, 22600, 51300)
    await home.submit(22610, 51310)

    assert await home.states(home.day) == [
        (22590, "SUPERSEDED"),
        (22600, "SUPERSEDED"),
        (22610, "ACCEPTED"),
    ]


async def test_a_call_needs_no_link_to_the_account(home: Home, clerk: str):
    await AccountLink.all().update(state=LinkState.ENDED)
    payload = await take(home, clerk, 22600, 51300)
    assert [reading["state"] for reading in payload["readings"]] == ["ACCEPTED", "ACCEPTED"]
    assert await Notice.all().count() == 0


async def test_one_refused_reading_refuses_the_submission(home: Home, clerk: str):
    payload = await take(home, clerk, 22600, 51199)
    assert [(e["code"], e["path"]) for e in payload["errors"]] == [
        ("BELOW_PREVIOUS", ["entries", "1", "value"])
    ]
    assert payload["readings"] is None
    assert await home.states(home.day) == []
    assert await AuditEntry.filter(act=Act.READING_TAKEN).count() == 0


async def test_an_unusual_reading_needs_a_confirmation_and_a_review(home: Home, clerk: str):
    asked = await take(home, clerk, 25000, 51300)
    assert [error["code"] for error in asked["errors"]] == ["CONFIRMATION_NEEDED"]
    confirmed = await take(home, clerk, 25000, 51300, isConfirmed=True)
    assert [reading["state"] for reading in confirmed["readings"]] == ["ON_REVIEW", "ACCEPTED"]


async def test_a_repeated_call_stores_its_readings_once(home: Home, clerk: str):
    first, *others = await asyncio.gather(*(take(home, clerk, 22600, 51300) for _ in range(5)))
    assert first["errors"] == []
    assert others == [first] * 4
    assert await Reading.filter(caller=CALLER).count() == 2
    assert await AuditEntry.filter(act=Act.READING_TAKEN).count() == 1
    other = await take(home, clerk, 22601, 51300)
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    colleague = await given_clerk(home, "second@example.com")
    assert (await take(home, colleague, 22601, 51301))["errors"] == []


async def test_a_call_about_another_account_needs_another_key(home: Home, clerk: str):
    await take(home, clerk, 22600, 51300)
    other = await given_account()
    register = await Register.get(meter__account_id=other.id, position=1)
    entry = {"registerId": to_public("srg", register.id), "value": "1"}

    account_id = to_public("sac", other.id)
    payload = await take(home, clerk, 0, 0, accountId=account_id, entries=[entry])

    assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await Reading.filter(caller=CALLER).count() == 2


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"caller": " "}, "CALLER_INVALID", ["caller"]),
        ({"caller": "x" * 151}, "CALLER_INVALID", ["caller"]),
        ({"accountId": to_public("sac", new_key())}, "ACCOUNT_NOT_FOUND", ["accountId"]),
        ({"accountId": "acc_1"}, "ACCOUNT_NOT_FOUND", ["accountId"]),
        ({"entries": []}, "TOO_MANY_ENTRIES", ["entries"]),
        ({"idempotencyKey": ""}, "IDEMPOTENCY_KEY_INVALID", ["idempotencyKey"]),
    ],
)
async def test_each_fault_of_a_call_has_its_code_and_path(
    home: Home, clerk: str, changed: dict[str, Any], code: str, path: list[str]
):
    payload = await take(home, clerk, 22600, 51300, **changed)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, path)]
    assert await home.states(home.day) == []


async def test_a_customer_may_not_take_readings_by_telephone(home: Home):
    answer = await home.api.post(TAKE, home.token, input={
        "accountId": to_public("sac", home.account.id), "caller": CALLER, "entries": [],
        "idempotencyKey": "1",
    })  # fmt: skip
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_a_call_is_promised_and_made(api: ApiClient, home: Home, clerk: str):
    values = {"accountId": to_public("sac", home.account.id), "text": "Перезвонить о перерасчёте"}
    payload = await mutate(
        api, CALLBACK, clerk, **values, dueOn=(TODAY + timedelta(days=2)).isoformat()
    )
    callback = payload["callback"]
    key = callback.pop("id")
    assert callback == {
        "dueOn": "2026-11-22",
        "text": "Перезвонить о перерасчёте",
        "member": {"fullName": "Белова Ольга Игоревна"},
        "doneAt": None,
        "account": {"number": home.account.number},
    }
    waiting = "{ staff { callbacks(where: {isDone: false}) { nodes { id } } } }"
    listed = (await api.ask(waiting, clerk, now=api.clock.now))["staff"]["callbacks"]["nodes"]
    assert listed == [{"id": key}]

    done = await mutate(api, DONE, clerk, callbackId=key, result="Объяснила перерасчёт.")
    assert done["callback"] == {
        "result": "Объяснила перерасчёт.",
        "doneBy": {"fullName": "Белова Ольга Игоревна"},
    }
    again = await mutate(api, DONE, clerk, callbackId=key, result="Ещё раз.")
    assert again["errors"] == [{"code": "CALLBACK_NOT_OPEN", "path": ["callbackId"]}]
    assert (await api.ask(waiting, clerk, now=api.clock.now))["staff"]["callbacks"]["nodes"] == []
    acts = await AuditEntry.filter(subject="callback").order_by("id").values_list("act", flat=True)
    assert acts == [Act.CALLBACK_PROMISED, Act.CALLBACK_DONE]


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"text": " "}, "TEXT_INVALID", ["text"]),
        ({"text": "x" * 1001}, "TEXT_INVALID", ["text"]),
        ({"dueOn": "2026-11-19"}, "DAY_INVALID", ["dueOn"]),
        ({"dueOn": "2027-11-21"}, "DAY_INVALID", ["dueOn"]),
        ({"accountId": to_public("sac", new_key())}, "ACCOUNT_NOT_FOUND", ["accountId"]),
    ],
)
async def test_a_callback_requires_a_valid_day_and_text(
    home: Home, clerk: str, changed: dict[str, Any], code: str, path: list[str]
):
    values = {"accountId": to_public("sac", home.account.id), "text": "О", "dueOn": "2026-11-20"}
    payload = await mutate(home.api, CALLBACK, clerk, **{**values, **changed})
    assert payload["errors"] == [{"code": code, "path": path}]
    assert await Callback.all().count() == 0


async def test_a_receipt_is_mailed_to_a_linked_customer(
    api: ApiClient, anna: Viewer, boris: Viewer, database: str
):
    await publish(requisites_in(TEXT))
    account = await given_account()
    await given_link(anna, account)
    invoice = await Invoice.filter(account=account).order_by("-period").first()
    assert invoice is not None
    token = await given_staff_session(await given_staff())
    values = {"invoiceId": to_public("siv", invoice.id)}

    refused = await mutate(api, SEND, token, **values, customerId=to_public("scu", boris.id))
    assert refused["errors"] == [{"code": "LINK_NOT_FOUND", "path": ["customerId"]}]
    values["customerId"] = to_public("scu", anna.id)
    assert await mutate(api, SEND, token, **values) == {"sentTo": "a***@example.com", "errors": []}
    too_soon = await mutate(api, SEND, token, **values)
    assert [error["code"] for error in too_soon["errors"]] == ["TOO_MANY_TRIES"]

    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    ((to, mail),) = api.mails.sent
    assert (to, mail.subject) == ("anna@example.com", "Квитанция за 10.2026")
    (attached,) = mail.attachments
    assert (attached.name[-4:], attached.media_type) == (".pdf", "application/pdf")
    assert account.number in text_of(only_page(attached.content))
    assert await AuditEntry.filter(act=Act.RECEIPT_SENT, subject_id=invoice.id).count() == 1


async def test_a_receipt_is_not_mailed_after_the_link_has_ended(
    api: ApiClient, anna: Viewer, database: str
):
    await publish(requisites_in(TEXT))
    account = await given_account()
    link = await given_link(anna, account)
    invoice = await Invoice.filter(account=account).first()
    assert invoice is not None
    token = await given_staff_session(await given_staff())
    keys = {"invoiceId": to_public("siv", invoice.id), "customerId": to_public("scu", anna.id)}
    assert (await mutate(api, SEND, token, **keys))["errors"] == []
    await AccountLink.filter(id=link.id).update(state=LinkState.ENDED)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert api.mails.sent == []


@pytest.mark.parametrize(
    ("visible_since", "errors"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [{"code": "INVOICE_OF_EARLIER_HOLDER", "path": ["invoiceId"]}]),
    ],
)
async def test_no_receipt_of_an_earlier_holder_is_sent(
    api: ApiClient, anna: Viewer, visible_since: date, errors: list[dict[str, Any]]
):
    await publish(requisites_in(TEXT))
    account = await given_account(visible_days=((visible_since, None),))
    await given_link(anna, account)
    invoice = await Invoice.get(account=account, period=date(2026, 10, 1))
    token = await given_staff_session(await given_staff())
    keys = {"invoiceId": to_public("siv", invoice.id), "customerId": to_public("scu", anna.id)}

    payload = await mutate(api, SEND, token, **keys)

    sent_to = None if errors else "a***@example.com"
    assert payload == {"sentTo": sent_to, "errors": errors}
    sent = await AuditEntry.filter(act=Act.RECEIPT_SENT).count()
    assert (sent == 0) is bool(errors)


async def test_without_requisites_there_is_no_receipt(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    invoice = await Invoice.filter(account=account).first()
    assert invoice is not None
    token = await given_staff_session(await given_staff())
    keys = {"invoiceId": to_public("siv", invoice.id), "customerId": to_public("scu", anna.id)}
    refused = await mutate(api, SEND, token, **keys)
    assert refused["errors"] == [{"code": "RECEIPT_UNAVAILABLE", "path": ["invoiceId"]}]


async def test_a_stored_reading_of_a_caller_is_a_customer_s(home: Home, clerk: str):
    await take(home, clerk, 22600, 51300)
    stored = await Reading.filter(caller=CALLER)
    assert {(r.source, r.state, r.submitted_by_id) for r in stored} == {  # type: ignore[attr-defined]
        (ReadingSource.CUSTOMER, ReadingState.ACCEPTED, None)
    }
    assert {r.taken_on for r in stored} == {date(2026, 11, 20)}

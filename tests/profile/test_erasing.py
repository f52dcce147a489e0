"""Withdrawal of the consent to data processing, its cancellation, and the erasure."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from lk_graphql.accounts.models import AccountLink, LinkRole, LinkState
from lk_graphql.appeals.models import Appeal, AppealMessage
from lk_graphql.identity.models import (
    Consent,
    ConsentAction,
    Document,
    DocumentKind,
    IdempotentCall,
    Session,
    User,
)
from lk_graphql.kit.cabinet_pages import CabinetPath, cabinet_link
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import DeliverySettings, Notice, NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked
from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.ports.passwords import Passwords
from lk_graphql.ports.sms import InMemorySmsGateway
from lk_graphql.profile.models import (
    Destroyed,
    ErasureRequest,
    ErasureState,
    ErasureTerm,
    PhoneProof,
)
from lk_graphql.profile.service.consent_withdrawal import erase_due, remind_due
from tests.factories.accounts import given_bare_account, given_link
from tests.factories.appeals import QUESTIONS, topic_id
from tests.support.client import COMPANY, ApiClient
from tests.support.locks import until_locks_are_awaited

REQUEST = """mutation ($password: String!) { erasureRequest(input: { password: $password }) {
  viewer { erasureRequests { state startsAt dueOn closedAt } consents { action } }
  errors { code path } } }"""
CANCEL = """mutation ($version: String!) {
  erasureWithdraw(input: { personalDataVersion: $version }) {
    viewer { erasureRequests { state } consents { action } } errors { code path } } }"""
PASSWORD = "Kuzbass42x"


@pytest.fixture
async def consented(api: ApiClient, anna: Viewer) -> Viewer:
    """Give Anna a password and a consent to data processing."""
    now = datetime.now(UTC)
    await User.filter(id=anna.id).update(
        password_hash=await api.state.ports.passwords.hash(PASSWORD)
    )
    document = await Document.create(
        kind=DocumentKind.PERSONAL_DATA,
        version="2025-09-01",
        title="Согласие",
        text="Согласие",
        sha256="0" * 64,
        valid_from=now - timedelta(days=100),
    )
    await Consent.create(
        user_id=anna.id,
        document=document,
        action=ConsentAction.GIVEN,
        text_sha256=document.sha256,
        client_address="192.0.2.1",
        user_agent="",
        happened_at=now - timedelta(days=50),
    )
    await ErasureTerm.create(valid_from=date(2011, 7, 27), days=30, reference="a test")
    return anna


async def call(api: ApiClient, viewer: Viewer, query: str, **variables: Any) -> dict[str, Any]:
    answer = await api.post(query, await api.signed_in(viewer), **variables)
    (payload,) = answer["data"].values()
    return payload


async def test_an_erasure_request_has_a_day_and_withdraws_the_consent(
    api: ApiClient, consented: Viewer
):
    payload = await call(api, consented, REQUEST, password=PASSWORD)
    assert payload["errors"] == []
    (request,) = payload["viewer"]["erasureRequests"]
    now = datetime.now(UTC)
    starts = datetime.fromisoformat(request["startsAt"])
    assert timedelta(days=13, hours=23) < starts - now < timedelta(days=14, minutes=1)
    assert date.fromisoformat(request["dueOn"]) - now.date() in (
        timedelta(days=30), timedelta(days=31),
    )  # fmt: skip
    assert (request["state"], request["closedAt"]) == ("WAITING", None)
    assert [consent["action"] for consent in payload["viewer"]["consents"]] == [
        "WITHDRAWN",
        "GIVEN",
    ]
    again = await call(api, consented, REQUEST, password=PASSWORD)
    assert [error["code"] for error in again["errors"]] == ["ERASURE_REQUESTED"]
    assert await ErasureRequest.all().count() == 1


async def test_the_fourth_request_of_a_day_is_refused(api: ApiClient, consented: Viewer):
    for _ in range(3):
        assert (await call(api, consented, REQUEST, password=PASSWORD))["errors"] == []
        assert (await call(api, consented, CANCEL, version="2025-09-01"))["errors"] == []
    refused = await call(api, consented, REQUEST, password=PASSWORD)
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("TOO_MANY_TRIES", [])
    ]
    assert await ErasureRequest.all().count() == 3
    assert await Consent.all().count() == 7


async def test_a_request_is_mailed_with_its_day_unless_it_is_cancelled(
    api: ApiClient, database: str, consented: Viewer
):
    await call(api, consented, REQUEST, password=PASSWORD)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    starts_at = (await ErasureRequest.get()).starts_at.astimezone(COMPANY.zone)
    ((recipient, mail),) = api.mails.sent
    assert recipient == "anna@example.com"
    assert mail.subject == f"Ваши данные будут уничтожены {starts_at:%d.%m.%Y}"
    assert cabinet_link(COMPANY, CabinetPath.PERSONAL_DATA) in mail.text

    await call(api, consented, CANCEL, version="2025-09-01")
    await call(api, consented, REQUEST, password=PASSWORD)
    await call(api, consented, CANCEL, version="2025-09-01")
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert len(api.mails.sent) == 1


async def test_the_mail_is_repeated_once_two_days_before_the_erasure(
    api: ApiClient, database: str, consented: Viewer
):
    await call(api, consented, REQUEST, password=PASSWORD)
    starts_at = (await ErasureRequest.get()).starts_at
    mails = list[int]()
    for days in (13, 2, 1, 0.5):
        await remind_due(now=starts_at - timedelta(days=days))
        await run_until_empty(api.state.ports, COMPANY, dsn=database)
        mails.append(len(api.mails.sent))
    assert mails == [1, 2, 2, 2]
    (first, mail), (second, reminder) = api.mails.sent
    assert (first, mail.subject) == (second, reminder.subject)


async def test_no_mail_is_repeated_of_a_cancelled_or_short_request(
    api: ApiClient, database: str, consented: Viewer
):
    await call(api, consented, REQUEST, password=PASSWORD)
    await call(api, consented, CANCEL, version="2025-09-01")
    await ErasureTerm.all().update(days=2)
    await call(api, consented, REQUEST, password=PASSWORD)
    await remind_due(now=datetime.now(UTC) + timedelta(days=1))
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert len(api.mails.sent) == 1


async def test_required_consents_can_t_be_withdrawn_alone(api: ApiClient, consented: Viewer):
    query = """mutation ($kind: DocumentKind!) { consentWithdraw(input: { kind: $kind }) {
        viewer { id } errors { code path message } } }"""
    for kind in ("PERSONAL_DATA", "TERMS"):
        refused = await call(api, consented, query, kind=kind)
        (error,) = refused["errors"]
        assert (error["code"], error["path"]) == ("CONSENT_REQUIRED", ["kind"])
        assert "уничтожении данных" in error["message"]
    assert await Consent.all().count() == 1
    assert await ErasureRequest.all().count() == 0


async def test_an_erasure_request_requires_the_password(api: ApiClient, consented: Viewer):
    refused = await call(api, consented, REQUEST, password="Kuzbass42y")
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("PASSWORD_WRONG", ["password"])
    ]
    assert await ErasureRequest.all().count() == 0
    assert await Consent.all().count() == 1


async def test_a_new_consent_cancels_the_erasure_request(api: ApiClient, consented: Viewer):
    premature = await call(api, consented, CANCEL, version="2025-09-01")
    assert [error["code"] for error in premature["errors"]] == ["ERASURE_NOT_FOUND"]
    await call(api, consented, REQUEST, password=PASSWORD)
    outdated = await call(api, consented, CANCEL, version="2024-01-01")
    assert [error["code"] for error in outdated["errors"]] == ["CONSENT_OUTDATED"]
    cancelled = await call(api, consented, CANCEL, version="2025-09-01")
    assert cancelled["viewer"] == {
        "erasureRequests": [{"state": "WITHDRAWN"}],
        "consents": [{"action": "GIVEN"}, {"action": "WITHDRAWN"}, {"action": "GIVEN"}],
    }
    later = datetime.now(UTC) + timedelta(days=40)
    assert await erase_due(passwords=api.state.ports.passwords, now=later) == 0
    assert (await User.get(id=consented.id)).last_name == "Иванова"


async def test_an_erasure_deletes_or_empties_the_customer_s_rows(
    api: ApiClient, consented: Viewer, boris: Viewer
):
    account = await given_bare_account("0400000001")
    await given_link(consented, account, role=LinkRole.OWNER)
    await given_link(boris, account)
    now = datetime.now(UTC)
    await notify_linked(account.id, NoticeEvent(NoticeKind.PAYMENT_OVERDUE, "overdue/1"), now=now)
    await call(api, consented, REQUEST, password=PASSWORD)
    passwords: Passwords = api.state.ports.passwords
    assert await erase_due(passwords=passwords, now=now + timedelta(days=13)) == 0
    erased_at = now + timedelta(days=15)
    assert await erase_due(passwords=passwords, now=erased_at) == 1
    assert await erase_due(passwords=passwords, now=erased_at) == 0
    user = await User.get(id=consented.id)
    names = " ".join(
        str(value) for value in (user.email, user.email_key, user.last_name, user.first_name)
    )
    assert "anna" not in names
    assert "Иванова" not in names
    assert (user.patronymic, user.phone, user.locked_at) == (None, "+70000000000", erased_at)
    assert not await passwords.verify(user.password_hash, PASSWORD)
    assert await Session.filter(user_id=user.id).count() == 0
    link, heir = await AccountLink.get(user_id=user.id), await AccountLink.get(user_id=boris.id)
    assert (link.state, heir.role) == (LinkState.ENDED, LinkRole.OWNER)
    assert [notice.user_id for notice in await Notice.all()] == [boris.id]
    request = await ErasureRequest.get()
    assert (request.state, request.closed_at) == (ErasureState.DONE, erased_at)
    protocol = await Destroyed.all().order_by("what").values_list("what", "rows", "was_deleted")
    lines = {what: (rows, was_deleted) for what, rows, was_deleted in protocol}
    assert lines["user"] == (1, False)
    assert lines["notice"] == (1, True)
    assert lines["account_link"] == (1, True)
    assert lines["session"][0] >= 1
    assert await Consent.filter(user_id=user.id).count() == 2  # consents stay as proof
    with pytest.raises((IntegrityError, OperationalError)):
        await Destroyed.all().delete()


async def test_an_erasure_leaves_other_customers_unchanged(
    api: ApiClient, consented: Viewer, boris: Viewer
):
    await call(api, consented, REQUEST, password=PASSWORD)
    later = datetime.now(UTC) + timedelta(days=15)
    await erase_due(passwords=api.state.ports.passwords, now=later)
    user = await User.get(id=boris.id)
    assert (user.email, user.last_name, user.locked_at) == ("boris@example.com", "Иванова", None)


async def test_an_erasure_that_fails_doesn_t_delay_those_behind_it(
    api: ApiClient, opened: asyncpg.Connection, anna: Viewer, boris: Viewer
):
    now = datetime.now(UTC)
    for days, viewer in ((3, anna), (2, boris)):
        requested_at = now - timedelta(days=days)
        await ErasureRequest.create(
            user_id=viewer.id,
            state=ErasureState.WAITING,
            requested_at=requested_at,
            starts_at=requested_at,
            due_on=now.date(),
        )
    await opened.execute(
        f"""CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
        CREATE TRIGGER refused BEFORE UPDATE ON "user" FOR EACH ROW
        WHEN (OLD.id = '{anna.id}') EXECUTE FUNCTION refused()"""
    )

    try:
        with pytest.raises(asyncpg.RaiseError, match="refused"):
            await erase_due(passwords=api.state.ports.passwords, now=now)
    finally:
        await opened.execute("DROP FUNCTION refused CASCADE")

    states = await ErasureRequest.all().order_by("requested_at").values_list("user_id", "state")
    assert states == [(anna.id, ErasureState.WAITING), (boris.id, ErasureState.DONE)]
    assert (await User.get(id=anna.id)).erased_at is None


@pytest.mark.parametrize(
    "change",
    [
        'profileUpdate(input: { lastName: "Петрова" })',
        'phoneCodeSend(input: { phone: "+79231234567" })',
        'notificationSettingsUpdate(input: { quietHours: { start: "21:00", end: "09:00" } })',
        "consentWithdraw(input: { kind: SMS })",
    ],
)
async def test_a_change_that_waits_for_the_erasure_writes_nothing(
    api: ApiClient, sms: InMemorySmsGateway, opened: asyncpg.Connection, anna: Viewer, change: str
):
    token = await api.signed_in(anna)
    erase = "last_name = '—', locked_at = now(), erased_at = now()"
    async with opened.transaction():
        await opened.execute(f'UPDATE "user" SET {erase} WHERE id = $1', anna.id)
        changing = asyncio.create_task(api.post(f"mutation {{ {change} {{ __typename }} }}", token))
        await until_locks_are_awaited(opened)
    answer = await changing

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert (await User.get(id=anna.id)).last_name == "—"
    assert await PhoneProof.all().count() == await DeliverySettings.all().count() == 0


CREATE_APPEAL = """mutation ($input: AppealCreateInput!) {
  appealCreate(input: $input) { appeal { number } errors { code } } }"""


async def appeal_form(key: str) -> dict[str, str]:
    topic = to_public("tpc", await topic_id(QUESTIONS))
    return {"topicId": topic, "text": "Моя история болезни", "idempotencyKey": key}


async def test_an_appeal_that_waits_for_the_erasure_isn_t_registered(
    api: ApiClient, opened: asyncpg.Connection, anna: Viewer
):
    token, form = await api.signed_in(anna), await appeal_form("1")
    erase = "last_name = '—', locked_at = now(), erased_at = now()"
    async with opened.transaction():
        await opened.execute(f'UPDATE "user" SET {erase} WHERE id = $1', anna.id)
        creating = asyncio.create_task(api.post(CREATE_APPEAL, token, input=form))
        await until_locks_are_awaited(opened)
    answer = await creating

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert await Appeal.all().count() == await AppealMessage.all().count() == 0
    assert await IdempotentCall.all().count() == 0
    assert await opened.fetchval("SELECT count(*) FROM job") == 0


async def test_appeals_at_once_are_all_registered(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    forms = [await appeal_form(key) for key in "12345"]
    answers = await asyncio.gather(*(api.post(CREATE_APPEAL, token, input=f) for f in forms))

    assert [answer["data"]["appealCreate"]["errors"] for answer in answers] == [[]] * 5
    assert await Appeal.filter(user_id=anna.id).count() == 5

"""Personal data export («выгрузка персональных данных»): request, job, content and download."""

import re
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import orjson
import pytest

from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.hooks import load_hooks
from lk_graphql.identity.models import Session, User
from lk_graphql.identity.service.sessions import StaffAccess, open_for_staff
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import JobContext, run_until_empty
from lk_graphql.profile import jobs
from lk_graphql.profile.models import (
    ErasureRequest,
    ErasureState,
    PersonalDataExport,
    PersonalDataExportState,
)
from lk_graphql.profile.service import exports
from lk_graphql.profile.service.consent_withdrawal import erase_due
from lk_graphql.profile.service.export_index import SHOWN_ROWS, Section, index_page
from lk_graphql.profile.service.exports import zip_stream
from lk_graphql.profile.service.personal_data import DataAttachment, of_all_slices
from tests.factories.accounts import CLIENT, NOW
from tests.factories.personal_data import (
    ADDRESS,
    PASSWORD,
    given_home,
    given_life,
    given_person,
    given_two,
    marks,
)
from tests.factories.staff import given_staff
from tests.factories.uploads import PDF
from tests.support.client import COMPANY, URL, ApiClient

REQUEST = """mutation ($password: String!) { personalDataExport(input: { password: $password }) {
  viewer { personalDataExports { state madeAt downloadUrl } }
  errors { code path retryAt } } }"""
EXPORTS = "{ viewer { personalDataExports { state madeAt expiresAt downloadUrl } } }"
MOMENT = "2026-11-22T12:00:00+00:00"


async def request(api: ApiClient, token: str, password: str = PASSWORD) -> Any:
    answer = await api.post(REQUEST, token, password=password)
    return answer["data"]["personalDataExport"]


async def exports_of(api: ApiClient, token: str) -> list[Any]:
    return (await api.ask(EXPORTS, token))["viewer"]["personalDataExports"]


async def download(api: ApiClient, token: str) -> zipfile.ZipFile:
    """Download the newest export with the session."""
    url = (await exports_of(api, token))[0]["downloadUrl"]
    response = await api.http.get(url, headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 200
    return zipfile.ZipFile(BytesIO(response.content))


def listings(archive: zipfile.ZipFile) -> dict[str, Any]:
    names = [name for name in archive.namelist() if name.endswith(".json")]
    return {
        name.removeprefix("data/").removesuffix(".json"): orjson.loads(archive.read(name))
        for name in names
    }


def check_index(archive: zipfile.ZipFile) -> None:
    """Everything is linked from the page, in Russian, and it loads nothing."""
    page = archive.read("index.html").decode()
    links = {unquote(link) for link in re.findall(r'href="([^#"][^"]*)"', page)}
    assert links == {*archive.namelist()} - {"index.html", "README.txt"}
    assert "Content-Security-Policy" in page
    assert "<script" not in page
    for text in ("Лицевые счета", "Квитанции в PDF", "<dt>Номер</dt><dd>П-Огнеслава</dd>"):
        assert text in page, text
    assert {*re.findall(r"(?:<dd>|<li>)\s*([A-Z][A-Z_]+)\s*<", page)} <= {"SMS"}  # no raw constant
    assert "Откройте index.html" in archive.read("README.txt").decode()


async def test_an_export_is_requested_made_mailed_and_downloaded(api: ApiClient, database: str):
    """Cover all steps in one test, because rendering a receipt takes a second."""
    await publish(requisites_in(TEXT))
    anna, _ = await given_two(api)
    token = await api.signed_in(anna)
    payload = await request(api, token)
    waiting = {"state": "WAITING", "madeAt": None, "downloadUrl": None}
    assert payload == {"viewer": {"personalDataExports": [waiting]}, "errors": []}
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    (ready,) = await exports_of(api, token)
    assert ready["state"] == "READY"
    lifetime = datetime.fromisoformat(ready["expiresAt"]) - datetime.fromisoformat(ready["madeAt"])
    assert lifetime == timedelta(days=3)
    ((_, mail),) = api.mails.sent
    assert mail.subject == "Выгрузка ваших данных готова"
    assert "files/exports" not in mail.text

    archive = await download(api, token)
    assert archive.testzip() is None
    check_files(archive)
    check_lists(listings(archive))
    check_index(archive)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
    text = everything + " ".join(archive.namelist())
    assert [mark for mark in marks("Борислав") if mark in text] == []

    export = await PersonalDataExport.get()
    assert export.size == await api.state.ports.files.size(export.path)
    later = datetime.now(UTC) + timedelta(days=3, minutes=1)
    await jobs.delete_expired(JobContext(api.state.ports, COMPANY, later))
    assert await api.state.ports.files.size(export.path) is None
    (ended,) = await exports_of(api, token)
    assert (ended["state"], ended["downloadUrl"]) == ("ENDED", None)


def check_files(archive: zipfile.ZipFile) -> None:
    files = {name.partition(" ")[2]: archive.read(name)
             for name in archive.namelist() if name.startswith("files/")}  # fmt: skip
    names = ["паспорт", "договор", "черновик", "ответ"]
    assert files == {
        f"{name} Огнеслава.pdf": PDF + f"{name} Огнеслава.pdf".encode() for name in names
    }
    (receipt,) = [name for name in archive.namelist() if name.startswith("receipts/")]
    assert receipt == "receipts/receipt-0400000001-2026-10.pdf"
    assert archive.read(receipt).startswith(b"%PDF-")


def check_lists(lists: dict[str, Any]) -> None:
    """Compare every listing with the expected rows."""
    (session,) = lists.pop("sessions")
    assert (session["clientAddress"], session["endedAt"]) == (CLIENT.address, None)
    (export,) = lists.pop("data-exports")
    assert export["state"] == "WAITING"
    files = lists.pop("uploads")
    assert {file["fileName"] for file in files} == {
        "паспорт Огнеслава.pdf", "договор Огнеслава.pdf", "черновик Огнеслава.pdf",
    }  # fmt: skip
    assert lists == EXPECTED


EXPECTED: dict[str, Any] = {
    "profile": [{
        "email": "Огнеслава@пример.рф", "phone": "+79130001122", "lastName": "Огнеславаова",
        "firstName": "Огнеслава", "patronymic": "Огнеславаовна", "language": "RU",
        "registeredAt": MOMENT, "activatedAt": MOMENT, "passwordChangedAt": MOMENT,
    }],
    "consents": [{
        "action": "GIVEN", "document": "PERSONAL_DATA", "version": "2025-09-01",
        "title": "Согласие", "textSha256": "0" * 64, "happenedAt": MOMENT,
        "clientAddress": "192.0.2.1", "userAgent": "Firefox",
    }],
    "phones": [{"phone": "+79130001122", "codeSentAt": MOMENT, "confirmedAt": MOMENT}],
    "erasure-requests": [],
    "accounts": [{
        "account": "0400000001", "contract": "Э-0400000001", "address": ADDRESS,
        "name": "дача Огнеслава", "role": "MEMBER", "state": "ACTIVE",
        "linkedAt": "2026-10-01T00:00:00+00:00", "changedAt": "2026-10-01T00:00:00+00:00",
    }],
    "account-history": [],
    "notifications": [{
        "kind": "PAYMENT_OVERDUE", "account": "0400000001", "period": None, "day": "2026-11-16",
        "amount": None, "reference": None, "createdAt": MOMENT, "readAt": None,
        "sent": [{"channel": "EMAIL", "state": "WAITING", "sentAt": None}],
    }],
    "notification-topics": [{
        "account": None, "mutedByEmail": ["BILLS"], "mutedBySms": [], "changedAt": MOMENT,
    }],
    "notification-settings": [{
        "hasSms": True, "quietFromMinute": None, "quietUntilMinute": None, "changedAt": MOMENT,
    }],
    "calendar-feeds": [{"createdAt": MOMENT}],
    "undeliverable-addresses": [{"channel": "SMS", "address": "+79990000000", "refusedAt": MOMENT}],
    "meters": [{
        "account": "0400000001", "serial": "M-1", "model": "Меркурий",
        "installedOn": "2020-01-01", "removedOn": None, "nextVerificationOn": None,
        "registers": [{"zone": "SINGLE", "label": "T1", "removedOn": None}],
    }],
    "readings": [{
        "account": "0400000001", "meter": "M-1", "zone": "SINGLE", "value": 9.0,
        "takenOn": "2026-11-20", "receivedAt": MOMENT, "period": "2026-11-01",
        "state": "WITHDRAWN", "reason": None,
    }],
    "invoices": [{
        "account": "0400000001", "number": "0400000001-2610", "period": "2026-10-01",
        "issuedOn": "2026-11-03", "dueOn": "2026-11-16", "openingBalance": "500.00",
        "charged": "640.00", "recalculated": "0.00", "penalty": "0.00", "paid": "0.00",
        "closingBalance": "1140.00", "consumptionKwh": 150.0, "lines": [],
    }],
    "payments": [{
        "number": "П-Огнеслава", "state": "PARTIALLY_REFUNDED", "amount": "640.00",
        "commission": "0.00", "refunded": "10.00", "reason": None, "createdAt": MOMENT,
        "paidAt": MOMENT,
        "parts": [{
            "account": "0400000001", "contract": "Э-0400000001", "address": ADDRESS,
            "invoice": None, "period": None, "amount": "640.00",
        }],
        "events": [{"kind": "CREATED", "happenedAt": MOMENT}],
        "refunds": [{"state": "SUCCEEDED", "amount": "10.00", "requestedAt": MOMENT}],
        "receipts": [{
            "state": "DONE", "fn": "1", "fd": "2", "fpd": "3",
            "url": "https://receipts.example/Огнеслава",
        }],
    }],
    "appeals": [{
        "number": "О-Огнеслава", "topic": "Общие вопросы",
        "state": "IN_PROGRESS", "hidesName": False,
        "about": "ACCOUNT", "aboutFacts": {"note": "Огнеслава"}, "createdAt": MOMENT,
        "dueOn": "2026-12-01", "answeredAt": None, "closedAt": None, "rating": None,
        "messages": [
            {"direction": "SENT", "text": "Я Огнеслава. Почему?", "createdAt": MOMENT,
             "readAt": None, "files": ["паспорт Огнеслава.pdf"]},
            {"direction": "RECEIVED", "text": "Огнеслава, потому что.", "createdAt": MOMENT,
             "readAt": None, "files": ["ответ Огнеслава.pdf"]},
        ],
    }],
    "contract-applications": [{
        "number": "ЗД-Огнеслава", "state": "QUESTION", "reason": None, "createdAt": MOMENT,
        "submittedAt": MOMENT,
        "objects": [{"address": "СНТ Огнеслава, 7", "fiasId": None, "kind": "GARDEN",
                     "powerKw": 7.5, "purpose": "дача Огнеслава"}],
        "documents": [{"kind": "OWNERSHIP", "fileName": "договор Огнеслава.pdf",
                       "attachedAt": MOMENT}],
        "timeline": [{"step": "ASKED", "text": "Огнеслава, пришлите акт", "happenedAt": MOMENT}],
    }],
    "staff-access": [{
        "what": "CABINET_OPENED", "role": "CLERK", "reason": "звонок: Огнеслава",
        "happenedAt": MOMENT,
    }],
}  # fmt: skip


@pytest.fixture
async def exported(api: ApiClient, database: str) -> Viewer:
    """Create a user without bills and with a READY export."""
    anna = await given_person(api, "Огнеслава")
    key = await make_export(api, anna)
    assert (await PersonalDataExport.get(id=key)).state is PersonalDataExportState.READY
    return anna


async def make_export(api: ApiClient, viewer: Viewer) -> Any:
    """Create and build an export as the mutation and the job do."""
    now = datetime.now(UTC)
    export = await PersonalDataExport.create(
        user_id=viewer.id, state=PersonalDataExportState.WAITING, requested_at=now,
        expires_at=now + exports.MAX_WAIT,
    )  # fmt: skip
    await exports.build(export.id, JobContext(api.state.ports, COMPANY, now))
    return export.id


async def test_an_export_requires_the_password_and_is_limited(api: ApiClient):
    anna = await given_person(api, "Огнеслава")
    token = await api.signed_in(anna)
    refused = await request(api, token, "Kuzbass42y")
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("PASSWORD_WRONG", ["password"])
    ]
    assert await PersonalDataExport.all().count() == 0
    assert (await request(api, token))["errors"] == []
    again = await request(api, token)
    (error,) = again["errors"]
    assert error["code"] == "TOO_MANY_TRIES"
    wait = datetime.fromisoformat(error["retryAt"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    assert await PersonalDataExport.all().count() == 1


async def test_an_archive_is_for_its_customer(api: ApiClient, exported: Viewer):
    own_token, other_token = await api.signed_in(exported), await api.signed_in(exported)
    stranger_token = await api.signed_in(await given_person(api, "Борислав"))
    access = StaffAccess((await given_staff()).id, "a call")
    staff = await open_for_staff(exported.id, access, client=CLIENT, now=datetime.now(UTC))
    (export,) = await exports_of(api, own_token)
    url = export["downloadUrl"]
    for token, status in ((other_token, 200), (stranger_token, 404), (staff.token, 404)):
        response = await api.http.get(url, headers={"authorization": f"Bearer {token}"})
        assert response.status_code == status
    by_cookie = await api.http.get(
        url.partition("?")[0], headers={"cookie": f"__Host-lk_session={own_token}"}
    )
    assert (by_cookie.status_code, by_cookie.headers["content-type"]) == (200, "application/zip")
    assert by_cookie.headers["content-disposition"].startswith("attachment; filename=")
    # a link that is given to a staff session is refused
    staff_exports = await exports_of(api, staff.token)
    assert (await api.http.get(staff_exports[0]["downloadUrl"])).status_code == 404
    await Session.all().update(ended_at=NOW)
    after_sign_out = await api.http.get(url, headers={"authorization": f"Bearer {own_token}"})
    assert after_sign_out.status_code == 404


async def test_an_expired_export_is_not_built(api: ApiClient):
    anna = await given_person(api, "Огнеслава")
    now = datetime.now(UTC)
    export = await PersonalDataExport.create(
        user_id=anna.id, state=PersonalDataExportState.WAITING, requested_at=now, expires_at=now
    )
    files = api.state.ports.files
    assert await exports.expire_old(files, now=now) == 1
    assert await exports.expire_old(files, now=now) == 0
    await exports.build(export.id, JobContext(api.state.ports, COMPANY, now))
    assert await files.size(export.path) is None
    assert (await PersonalDataExport.get()).state is PersonalDataExportState.ENDED


async def test_the_archive_of_a_customer_erased_meanwhile_is_deleted(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
):
    anna = await given_person(api, "Огнеслава")
    ports, now = api.state.ports, datetime.now(UTC)
    await ErasureRequest.create(
        user_id=anna.id, state=ErasureState.WAITING, requested_at=now, starts_at=now,
        due_on=now.date(),
    )  # fmt: skip
    store = ports.files.put

    async def store_and_erase(path: str, chunks: AsyncIterator[bytes]) -> None:
        await store(path, chunks)
        assert await erase_due(passwords=ports.passwords, now=datetime.now(UTC)) == 1

    monkeypatch.setattr(ports.files, "put", store_and_erase)
    await make_export(api, anna)
    export = await PersonalDataExport.get()
    assert await ports.files.size(export.path) is None
    await jobs.delete_expired(JobContext(ports, COMPANY, datetime.now(UTC)))
    assert (await PersonalDataExport.get()).state is PersonalDataExportState.ENDED


async def test_a_repeated_job_changes_no_finished_export(api: ApiClient, exported: Viewer):
    export = await PersonalDataExport.get()
    later = JobContext(api.state.ports, COMPANY, datetime.now(UTC) + timedelta(hours=1))
    await exports.build(export.id, later)
    assert await PersonalDataExport.get() == export
    assert (await PersonalDataExport.get()).made_at == export.made_at


async def test_a_long_list_comes_page_by_page(api: ApiClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "_BATCH", 2)
    anna, home = await given_person(api, "Огнеслава"), await given_home()
    await given_life(api, "Огнеслава", anna, home)
    for number in range(5):
        await Session.create(
            user_id=anna.id, token_hash=bytes([number]) * 32, client_address="192.0.2.9",
            user_agent=str(number), created_at=NOW, expires_at=datetime.now(UTC),
        )  # fmt: skip
    token = await api.signed_in(anna)
    await make_export(api, anna)
    sessions = listings(await download(api, token))["sessions"]
    assert [session["userAgent"] for session in sessions] == ["0", "1", "2", "3", "4", "a test"]


async def test_memory_stays_small_however_large_the_files_are():
    piece, waiting = bytes(1024 * 1024), list[int]()

    async def content() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield piece

    async def files() -> AsyncIterator[DataAttachment]:
        for number in range(3):
            yield DataAttachment(f"{number}.bin", content())

    at = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Novokuznetsk"))
    written = bytearray()
    async for chunk in zip_stream(files(), at=at):
        waiting.append(len(chunk))
        written += chunk
    assert max(waiting) < 2 * len(piece)
    archive = zipfile.ZipFile(BytesIO(written))
    assert [(entry.filename, entry.file_size) for entry in archive.infolist()] == [
        (f"{number}.bin", 8 * len(piece)) for number in range(3)
    ]


async def test_a_link_is_an_address_of_ours(api: ApiClient, exported: Viewer):
    (export,) = await exports_of(api, await api.signed_in(exported))
    assert export["downloadUrl"].startswith(f"{URL}/files/exports/")
    assert (await User.get(id=exported.id)).email not in export["downloadUrl"]


def test_typed_texts_are_escaped_in_the_index():
    """An appeal may have any letters; the page shows them and runs none."""
    section = Section("Обращения", "data/appeals.json")
    section.add(r'{"text": "<script>alert(1)</script><img src=x onerror=alert(1)>", "</dt><b>": 1}')
    made_at = datetime(2026, 11, 30, tzinfo=UTC)
    page = index_page(
        [section], ['files/"><script>1.pdf'], company="<b>МЭФ", made_at=made_at
    ).decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="files/%22%3E%3Cscript%3E1.pdf"' in page


def test_long_lists_continue_in_their_file():
    section = Section("Показания", "data/readings.json")
    for number in range(SHOWN_ROWS + 3):
        section.add(f'{{"value": {number}, "takenOn": "2026-11-05", "readAt": null}}')
    page = index_page(
        [section], [], company="МЭФ", made_at=datetime(2026, 11, 30, tzinfo=UTC)
    ).decode()
    assert "И ещё 3 — в файле" in page
    assert page.count('<div class="row">') == SHOWN_ROWS
    assert "<dt>Снято</dt><dd>05.11.2026</dd>" in page


def test_every_field_of_an_export_has_a_russian_name():
    load_hooks()
    names = {
        name
        for data in of_all_slices()
        for listing in data.listings
        for name in re.findall(r"'([a-z][a-zA-Z]*[a-z])',", listing.sql)
    }
    section = Section("Всё", "data/all.json")
    section.add(orjson.dumps(dict.fromkeys(sorted(names))).decode())
    page = index_page([section], [], company="МЭФ", made_at=datetime.now(UTC)).decode()
    assert [name for name in re.findall(r"<dt>(.*?)</dt>", page) if name.isascii()] == ["E-mail"]

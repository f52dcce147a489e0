"""Staff answer with documents, and the customer finds them in the thread."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.appeals.models import Appeal, AppealAttachment, AppealMessage, AppealState
from lk_graphql.kit.ids import key_of, new_key, to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.notifications.models import Notice
from lk_graphql.staff.models import Act, AuditEntry, StaffMember
from lk_graphql.uploads.models import Upload, UploadState
from tests.factories.appeals import given_appeal
from tests.factories.staff import given_staff, given_staff_session
from tests.factories.uploads import PDF, announced, picture, sent
from tests.factories.uploads import uploaded as sent_by
from tests.support.client import ApiClient

CREATE = """mutation ($input: StaffAttachmentCreateInput!) { staffAttachmentCreate(input: $input) {
    uploadId url errors { code path } } }"""
IMPORTED = CREATE.replace("Attachment", "Upload")
ANSWER = """mutation ($input: StaffAppealAnswerInput!) { staffAppealAnswer(input: $input) {
    appeal { state messages { attachments { fileName downloadUrl } } } errors { code path } } }"""
IMPORT = """mutation ($input: StaffImportStartInput!) { staffImportStart(input: $input) {
    importRun { id } errors { code path } } }"""
THREAD = """{ viewer { appeals { nodes { messages { nodes { direction
    attachments { fileName kind size sha256 downloadUrl previewUrl } } } } } } }"""


@pytest_asyncio.fixture
async def olga(database: str) -> StaffMember:
    return await given_staff()


@pytest_asyncio.fixture
async def appeal(database: str, anna: Viewer) -> Appeal:
    return await given_appeal(anna)


async def uploaded(
    api: ApiClient, token: str, name: str = "акт.pdf", content: bytes = PDF,
    kind: str = "application/pdf", query: str = CREATE,
) -> str:  # fmt: skip
    form = {"fileName": name, "contentType": kind, "size": len(content)}
    (payload,) = (await api.post(query, token, input=form))["data"].values()
    assert payload["errors"] == []
    assert (await sent(api, payload["url"], content)).status_code == 204
    return payload["uploadId"]


async def answer(api: ApiClient, token: str, appeal: Appeal, *uploads: str) -> Any:
    given = {
        "appealId": to_public("sap", appeal.id),
        "text": "Смотрите акт.",
        "uploadIds": uploads,
    }
    return (await api.post(ANSWER, token, input=given))["data"]["staffAppealAnswer"]


async def thread(api: ApiClient, viewer: Viewer) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    seen = await api.ask(THREAD, await api.signed_in(viewer), now=now)
    (appeal,) = seen["viewer"]["appeals"]["nodes"]
    return appeal["messages"]["nodes"]


async def test_the_customer_gets_what_a_clerk_has_attached(
    api: ApiClient, appeal: Appeal, anna: Viewer, olga: StaffMember
):
    token, photo = await given_staff_session(olga), picture()
    first = await uploaded(api, token, "фото.jpg", photo, "image/jpeg")
    done = await answer(api, token, appeal, first, await uploaded(api, token))
    assert (done["errors"], done["appeal"]["state"]) == ([], "ANSWERED")
    ours = done["appeal"]["messages"][1]["attachments"]
    assert [file["fileName"] for file in ours] == ["фото.jpg", "акт.pdf"]
    assert (await api.http.get(ours[1]["downloadUrl"])).content == PDF

    asked, answered = await thread(api, anna)
    assert (asked["direction"], asked["attachments"]) == ("SENT", [])
    jpeg, pdf = answered["attachments"]
    assert [jpeg["fileName"], jpeg["kind"], jpeg["size"]] == ["фото.jpg", "JPEG", len(photo)]
    assert [pdf["fileName"], pdf["kind"], pdf["size"]] == ["акт.pdf", "PDF", len(PDF)]
    got = await api.http.get(pdf["downloadUrl"])
    assert (got.status_code, got.content) == (200, PDF)
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert pdf["previewUrl"] is None
    assert (await api.http.get(jpeg["previewUrl"])).headers["content-type"] == "image/jpeg"
    acts = AuditEntry.filter(staff_id=olga.id, subject_id=appeal.id).order_by("id")
    assert await acts.values_list("act", flat=True) == [Act.APPEAL_ANSWERED]


async def test_a_link_is_worth_nothing_to_others_and_after_the_thread(
    api: ApiClient, appeal: Appeal, anna: Viewer, boris: Viewer, olga: StaffMember
):
    token = await given_staff_session(olga)
    await answer(api, token, appeal, await uploaded(api, token))
    url: str = (await thread(api, anna))[1]["attachments"][0]["downloadUrl"]
    for changed in (
        url.replace(anna.id.hex, boris.id.hex),
        url.replace("/files/appeals/", "/files/uploads/"),
        url.replace("/files/appeals/", "/files/appeals/previews/"),
        url[:-1] + ("A" if url[-1] != "A" else "Q"),
    ):
        assert changed != url
        assert (await api.http.get(changed)).status_code == 404, changed
    assert (await api.http.get(url)).status_code == 200
    await Appeal.filter(id=appeal.id).update(user_id=boris.id)
    assert (await api.http.get(url)).status_code == 404


async def test_the_customer_s_own_files_come_by_the_same_links(
    api: ApiClient, appeal: Appeal, anna: Viewer
):
    mine = await sent_by(api, await api.signed_in(anna))
    message = await AppealMessage.get(appeal_id=appeal.id)
    upload = await Upload.get(id=key_of(mine, "upl"))
    await AppealAttachment.create(message=message, upload=upload, position=1)
    (asked,) = await thread(api, anna)
    (file,) = asked["attachments"]
    assert (await api.http.get(file["downloadUrl"])).content == PDF


async def unusable(api: ApiClient, boris: Viewer, olga: StaffMember, why: str) -> str:
    """The id of a file that Olga can't attach."""
    if why == "a colleague's":
        other = await given_staff(email="other@example.com")
        return await uploaded(api, await given_staff_session(other))
    if why == "a customer's":
        return await sent_by(api, await api.signed_in(boris))
    if why == "of an import":
        return await uploaded(
            api, await given_staff_session(olga), "a.csv", b"number\n1\n", "text/csv", IMPORTED
        )
    if why == "never announced":
        return to_public("upl", new_key())
    public = await uploaded(api, await given_staff_session(olga))
    changed: dict[str, Any] = {"state": UploadState.SCANNING}
    if why == "used":
        changed = {"taken_at": datetime.now(UTC)}
    if why == "too old":
        changed = {"expires_at": datetime.now(UTC) - timedelta(seconds=1)}
    await Upload.filter(id=key_of(public, "upl")).update(**changed)
    return public


@pytest.mark.parametrize(
    "why",
    [
        "a colleague's", "a customer's", "in quarantine", "never announced", "of an import",
        "too old", "used",
    ],
)  # fmt: skip
async def test_what_can_t_be_attached_is_named_and_nothing_is_answered(
    api: ApiClient, appeal: Appeal, boris: Viewer, why: str
):
    olga = await given_staff(Role.SUPERVISOR)
    token = await given_staff_session(olga)
    good = await uploaded(api, token)
    refused = await answer(api, token, appeal, good, await unusable(api, boris, olga, why))
    assert refused == {
        "appeal": None,
        "errors": [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "1"]}],
    }
    after = await Appeal.get(id=appeal.id)
    assert (after.state, after.clerk_id, after.message_count) == (AppealState.NEW, None, 1)
    assert await AppealAttachment.all().count() == 0
    assert await AuditEntry.filter(act=Act.APPEAL_ANSWERED).count() == 0
    assert await Notice.all().count() == 0
    assert (await Upload.get(id=key_of(good, "upl"))).taken_at is None


async def test_a_file_goes_with_one_answer_only(api: ApiClient, appeal: Appeal, anna: Viewer):
    token = await given_staff_session(await given_staff())
    other, upload = await given_appeal(anna), await uploaded(api, token)
    twice = await answer(api, token, appeal, upload, upload)
    assert twice["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "1"]}]
    assert (await answer(api, token, appeal, upload))["errors"] == []
    again = await answer(api, token, other, upload)
    assert again["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "0"]}]
    assert await AppealMessage.filter(appeal_id=other.id).count() == 1
    many = await answer(api, token, other, *[to_public("upl", new_key())] * 11)
    assert many["errors"] == [{"code": "TOO_MANY_ATTACHMENTS", "path": ["uploadIds"]}]


async def test_documents_and_tables_don_t_mix(api: ApiClient, olga: StaffMember):
    token = await given_staff_session(olga)
    form = {"fileName": "a.csv", "contentType": "text/csv", "size": 9}
    table = (await api.post(CREATE, token, input=form))["data"]["staffAttachmentCreate"]
    assert [error["code"] for error in table["errors"]] == ["KIND_UNSUPPORTED"]
    assert await Upload.all().count() == 0

    boss = await given_staff_session(await given_staff(Role.SUPERVISOR))
    wanted = {"kind": "ACCOUNTS", "uploadIds": [await uploaded(api, boss)]}
    started = (await api.post(IMPORT, boss, input=wanted))["data"]["staffImportStart"]
    assert started["errors"] == [{"code": "UPLOAD_UNUSABLE", "path": ["uploadIds", "0"]}]
    assert (await Upload.get()).taken_at is None


async def test_a_day_s_tables_leave_room_for_documents(api: ApiClient):
    """What is uploaded to import is counted apart."""
    member = await given_staff(Role.SUPERVISOR)
    token, now = await given_staff_session(member), datetime.now(UTC)
    await uploaded(api, token, "a.csv", b"number\n1\n", "text/csv", IMPORTED)
    await Upload.all().update(size=2 * 1024**3 - 1, created_at=now)
    assert await uploaded(api, token)
    await Upload.filter(kind="PDF").update(size=1024**3)
    form = {"fileName": "b.pdf", "contentType": "application/pdf", "size": 9}
    full = (await api.post(CREATE, token, input=form))["data"]["staffAttachmentCreate"]
    assert [error["code"] for error in full["errors"]] == ["QUOTA_EXCEEDED"]


async def test_customers_announce_nothing_here(api: ApiClient, anna: Viewer):
    form = {"fileName": "b.pdf", "contentType": "application/pdf", "size": 9}
    for token, code in ((await api.signed_in(anna), "FORBIDDEN"), ("", "UNAUTHENTICATED")):
        refused = await api.post(CREATE, token, input=form)
        assert [one["extensions"]["code"] for one in refused["errors"]] == [code]
    own = await announced(api, await api.signed_in(anna), "b.pdf", "application/pdf", 9)
    assert own["errors"] == []
    assert await Upload.filter(staff_id__isnull=False).count() == 0


async def test_staff_see_how_far_their_files_are(api: ApiClient, appeal: Appeal, olga: StaffMember):
    """Their own, until something is made of them; a colleague's and a customer's never."""
    query = "{ staff { uploads { id fileName size state refusal } } }"
    token, other = (
        await given_staff_session(olga),
        await given_staff_session(await given_staff(Role.ADMIN)),
    )
    await uploaded(api, other, "чужой.pdf")

    async def seen() -> Any:
        return (await api.ask(query, token))["staff"]["uploads"]

    assert await seen() == []
    scanned = await uploaded(api, token)
    await Upload.filter(id=key_of(scanned, "upl")).update(state=UploadState.SCANNING)
    form = {"fileName": "акт 2.pdf", "contentType": "application/pdf", "size": 9}
    made = (await api.post(CREATE, token, input=form))["data"]["staffAttachmentCreate"]
    assert (await sent(api, made["url"], b"not a pdf")).status_code == 422
    first = {"id": scanned, "fileName": "акт.pdf", "size": len(PDF), "refusal": None}
    second = {"id": made["uploadId"], "fileName": "акт 2.pdf", "size": 9}
    assert await seen() == [
        {**first, "state": "SCANNING"},
        {**second, "state": "REFUSED", "refusal": "CONTENT_MISMATCH"},
    ]
    refused = await answer(api, token, appeal, scanned)
    assert refused["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "0"]}]
    await Upload.filter(id=key_of(scanned, "upl")).update(state=UploadState.READY)
    assert (await seen())[0] == {**first, "state": "READY"}
    assert (await answer(api, token, appeal, scanned))["errors"] == []
    assert [file["id"] for file in await seen()] == [made["uploadId"]]

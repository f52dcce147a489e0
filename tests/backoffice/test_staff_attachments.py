"""Attachments of staff answers, as customers receive them."""

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
from tests.factories.uploads import PDF, announced, picture, sent, uploaded
from tests.support.client import ApiClient

CREATE = """mutation ($input: StaffAttachmentCreateInput!) { staffAttachmentCreate(input: $input) {
    uploadId url errors { code path } } }"""
IMPORT_UPLOAD = CREATE.replace("Attachment", "Upload")
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


async def upload_file(
    api: ApiClient, token: str, name: str = "акт.pdf", content: bytes = PDF,
    kind: str = "application/pdf", query: str = CREATE,
) -> str:  # fmt: skip
    form = {"fileName": name, "contentType": kind, "size": len(content)}
    (payload,) = (await api.post(query, token, input=form))["data"].values()
    assert payload["errors"] == []
    assert (await sent(api, payload["url"], content)).status_code == 204
    return payload["uploadId"]


async def answer(api: ApiClient, token: str, appeal: Appeal, *uploads: str) -> Any:
    form = {
        "appealId": to_public("sap", appeal.id),
        "text": "Смотрите акт.",
        "uploadIds": uploads,
    }
    return (await api.post(ANSWER, token, input=form))["data"]["staffAppealAnswer"]


async def thread(api: ApiClient, viewer: Viewer) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    data = await api.ask(THREAD, await api.signed_in(viewer), now=now)
    (appeal,) = data["viewer"]["appeals"]["nodes"]
    return appeal["messages"]["nodes"]


async def test_the_customer_downloads_an_attachment_of_a_clerk(
    api: ApiClient, appeal: Appeal, anna: Viewer, olga: StaffMember
):
    token, photo = await given_staff_session(olga), picture()
    first = await upload_file(api, token, "фото.jpg", photo, "image/jpeg")
    payload = await answer(api, token, appeal, first, await upload_file(api, token))
    assert (payload["errors"], payload["appeal"]["state"]) == ([], "ANSWERED")
    attachments = payload["appeal"]["messages"][1]["attachments"]
    assert [file["fileName"] for file in attachments] == ["фото.jpg", "акт.pdf"]
    assert (await api.http.get(attachments[1]["downloadUrl"])).content == PDF

    question, reply = await thread(api, anna)
    assert (question["direction"], question["attachments"]) == ("SENT", [])
    jpeg, pdf = reply["attachments"]
    assert [jpeg["fileName"], jpeg["kind"], jpeg["size"]] == ["фото.jpg", "JPEG", len(photo)]
    assert [pdf["fileName"], pdf["kind"], pdf["size"]] == ["акт.pdf", "PDF", len(PDF)]
    download = await api.http.get(pdf["downloadUrl"])
    assert (download.status_code, download.content) == (200, PDF)
    assert download.headers["content-disposition"].startswith("attachment; ")
    assert pdf["previewUrl"] is None
    assert (await api.http.get(jpeg["previewUrl"])).headers["content-type"] == "image/jpeg"
    acts = AuditEntry.filter(staff_id=olga.id, subject_id=appeal.id).order_by("id")
    assert await acts.values_list("act", flat=True) == [Act.APPEAL_ANSWERED]


async def test_a_changed_link_or_one_after_the_thread_s_change_of_owner_is_a_404(
    api: ApiClient, appeal: Appeal, anna: Viewer, boris: Viewer, olga: StaffMember
):
    token = await given_staff_session(olga)
    await answer(api, token, appeal, await upload_file(api, token))
    url: str = (await thread(api, anna))[1]["attachments"][0]["downloadUrl"]
    for forged in (
        url.replace(url.partition("=")[2][:32], new_key().hex),
        url.replace("/files/appeals/", "/files/uploads/"),
        url.replace("/files/appeals/", "/files/appeals/previews/"),
        url[:-1] + ("A" if url[-1] != "A" else "Q"),
    ):
        assert forged != url
        assert (await api.http.get(forged)).status_code == 404, forged
    assert (await api.http.get(url)).status_code == 200
    await Appeal.filter(id=appeal.id).update(user_id=boris.id)
    assert (await api.http.get(url)).status_code == 404


async def test_the_customer_s_own_files_come_by_the_same_links(
    api: ApiClient, appeal: Appeal, anna: Viewer
):
    public_id = await uploaded(api, await api.signed_in(anna))
    message = await AppealMessage.get(appeal_id=appeal.id)
    upload = await Upload.get(id=key_of(public_id, "upl"))
    await AppealAttachment.create(message=message, upload=upload, position=1)
    (question,) = await thread(api, anna)
    (file,) = question["attachments"]
    assert (await api.http.get(file["downloadUrl"])).content == PDF


async def unusable(api: ApiClient, boris: Viewer, olga: StaffMember, case: str) -> str:
    """Create a file that Olga can't attach, and return its id."""
    if case == "a colleague's":
        colleague = await given_staff(email="other@example.com")
        return await upload_file(api, await given_staff_session(colleague))
    if case == "a customer's":
        return await uploaded(api, await api.signed_in(boris))
    if case == "of an import":
        return await upload_file(
            api, await given_staff_session(olga), "a.csv", b"number\n1\n", "text/csv", IMPORT_UPLOAD
        )
    if case == "never announced":
        return to_public("upl", new_key())
    public_id = await upload_file(api, await given_staff_session(olga))
    columns: dict[str, Any] = {"state": UploadState.SCANNING}
    if case == "used":
        columns = {"taken_at": datetime.now(UTC)}
    if case == "too old":
        columns = {"expires_at": datetime.now(UTC) - timedelta(seconds=1)}
    await Upload.filter(id=key_of(public_id, "upl")).update(**columns)
    return public_id


@pytest.mark.parametrize(
    "case",
    [
        "a colleague's", "a customer's", "in quarantine", "never announced", "of an import",
        "too old", "used",
    ],
)  # fmt: skip
async def test_an_unusable_attachment_is_named_and_no_answer_is_sent(
    api: ApiClient, appeal: Appeal, boris: Viewer, case: str
):
    olga = await given_staff(Role.SUPERVISOR)
    token = await given_staff_session(olga)
    usable = await upload_file(api, token)
    payload = await answer(api, token, appeal, usable, await unusable(api, boris, olga, case))
    assert payload == {
        "appeal": None,
        "errors": [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "1"]}],
    }
    row = await Appeal.get(id=appeal.id)
    assert (row.state, row.clerk_id, row.message_count) == (AppealState.NEW, None, 1)
    assert await AppealAttachment.all().count() == 0
    assert await AuditEntry.filter(act=Act.APPEAL_ANSWERED).count() == 0
    assert await Notice.all().count() == 0
    assert (await Upload.get(id=key_of(usable, "upl"))).taken_at is None


async def test_a_file_goes_with_one_answer_only(api: ApiClient, appeal: Appeal, anna: Viewer):
    token = await given_staff_session(await given_staff())
    other_appeal, upload = await given_appeal(anna), await upload_file(api, token)
    repeated = await answer(api, token, appeal, upload, upload)
    assert repeated["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "1"]}]
    assert (await answer(api, token, appeal, upload))["errors"] == []
    reused = await answer(api, token, other_appeal, upload)
    assert reused["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "0"]}]
    assert await AppealMessage.filter(appeal_id=other_appeal.id).count() == 1
    excessive = await answer(api, token, other_appeal, *[to_public("upl", new_key())] * 11)
    assert excessive["errors"] == [{"code": "TOO_MANY_ATTACHMENTS", "path": ["uploadIds"]}]


async def test_documents_and_tables_don_t_mix(api: ApiClient, olga: StaffMember):
    token = await given_staff_session(olga)
    table_form = {"fileName": "a.csv", "contentType": "text/csv", "size": 9}
    table = (await api.post(CREATE, token, input=table_form))["data"]["staffAttachmentCreate"]
    assert [error["code"] for error in table["errors"]] == ["KIND_UNSUPPORTED"]
    assert await Upload.all().count() == 0

    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    form = {"kind": "ACCOUNTS", "uploadIds": [await upload_file(api, supervisor)]}
    payload = (await api.post(IMPORT, supervisor, input=form))["data"]["staffImportStart"]
    assert payload["errors"] == [{"code": "UPLOAD_UNUSABLE", "path": ["uploadIds", "0"]}]
    assert (await Upload.get()).taken_at is None


async def test_a_day_s_tables_leave_room_for_documents(api: ApiClient):
    """Uploads for imports have a quota of their own."""
    member = await given_staff(Role.SUPERVISOR)
    token, now = await given_staff_session(member), datetime.now(UTC)
    await upload_file(api, token, "a.csv", b"number\n1\n", "text/csv", IMPORT_UPLOAD)
    await Upload.all().update(size=2 * 1024**3 - 1, created_at=now)
    assert await upload_file(api, token)
    await Upload.filter(kind="PDF").update(size=1024**3)
    form = {"fileName": "b.pdf", "contentType": "application/pdf", "size": 9}
    payload = (await api.post(CREATE, token, input=form))["data"]["staffAttachmentCreate"]
    assert [error["code"] for error in payload["errors"]] == ["QUOTA_EXCEEDED"]


async def test_customers_can_t_announce_files_of_staff(api: ApiClient, anna: Viewer):
    form = {"fileName": "b.pdf", "contentType": "application/pdf", "size": 9}
    for token, code in ((await api.signed_in(anna), "FORBIDDEN"), ("", "UNAUTHENTICATED")):
        response = await api.post(CREATE, token, input=form)
        assert [error["extensions"]["code"] for error in response["errors"]] == [code]
    payload = await announced(api, await api.signed_in(anna), "b.pdf", "application/pdf", 9)
    assert payload["errors"] == []
    assert await Upload.filter(staff_id__isnull=False).count() == 0


async def test_staff_see_the_states_of_their_own_uploads(
    api: ApiClient, appeal: Appeal, olga: StaffMember
):
    """Own unclaimed files only, none of colleagues or customers."""
    query = "{ staff { uploads { id fileName size state refusal } } }"
    token, other_token = (
        await given_staff_session(olga),
        await given_staff_session(await given_staff(Role.ADMIN)),
    )
    await upload_file(api, other_token, "чужой.pdf")

    async def listed_uploads() -> Any:
        return (await api.ask(query, token))["staff"]["uploads"]

    assert await listed_uploads() == []
    upload_id = await upload_file(api, token)
    await Upload.filter(id=key_of(upload_id, "upl")).update(state=UploadState.SCANNING)
    form = {"fileName": "акт 2.pdf", "contentType": "application/pdf", "size": 9}
    declaration = (await api.post(CREATE, token, input=form))["data"]["staffAttachmentCreate"]
    assert (await sent(api, declaration["url"], b"not a pdf")).status_code == 422
    scanning = {"id": upload_id, "fileName": "акт.pdf", "size": len(PDF), "refusal": None}
    refused_upload = {"id": declaration["uploadId"], "fileName": "акт 2.pdf", "size": 9}
    assert await listed_uploads() == [
        {**scanning, "state": "SCANNING"},
        {**refused_upload, "state": "REFUSED", "refusal": "CONTENT_MISMATCH"},
    ]
    payload = await answer(api, token, appeal, upload_id)
    assert payload["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "0"]}]
    await Upload.filter(id=key_of(upload_id, "upl")).update(state=UploadState.READY)
    assert (await listed_uploads())[0] == {**scanning, "state": "READY"}
    assert (await answer(api, token, appeal, upload_id))["errors"] == []
    assert [file["id"] for file in await listed_uploads()] == [declaration["uploadId"]]

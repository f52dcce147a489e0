"""Upload life cycle: creation, reception, download, claim and cleanup."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from tortoise.transactions import in_transaction

from lk_graphql.identity.models import Session
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.ids import key_of, new_key
from lk_graphql.kit.signing import hash_token
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.files import FilesUnavailable, in_folder
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.uploads.errors import UploadErrorCode, UploadUnusable
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service import claims, creation, ingestion
from lk_graphql.uploads.service.creation import answer_allowance, customer_allowance
from lk_graphql.uploads.service.formats import DOCUMENTS
from lk_graphql.uploads.types import upload_rules
from tests.factories.uploads import CREATE, PDF, UPLOADS, announced, picture, sent, uploaded
from tests.support.client import URL, ApiClient, open_client
from tests.support.ws_client import serving

PDF_TYPE = "application/pdf"


class CantAttach(UploadUnusable):
    """Refusal of the caller of `claim`."""

    code = UploadErrorCode.UPLOAD_NOT_FOUND


async def chunks(content: bytes, pause: float = 0) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 20):
        await asyncio.sleep(pause)
        yield content[start : start + 20]


async def upload_of(public: str) -> Upload:
    return await Upload.get(id=key_of(public))


async def test_a_pdf_is_announced_sent_and_downloaded(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    payload = await announced(api, token, "../Договор.pdf", PDF_TYPE, len(PDF))
    upload_id = payload["upload"]["id"]
    assert payload["errors"] == []
    assert payload["url"].startswith(f"{URL}/uploads/")
    expected = {"id": upload_id, "fileName": "Договор.pdf", "kind": "PDF", "size": len(PDF)}
    assert payload["upload"] == {**expected, "state": "AWAITED"}

    answer = await sent(api, payload["url"], chunks(PDF))
    assert (answer.status_code, answer.content) == (204, b"")
    (upload,) = await uploads_of(api, token)
    download = upload.pop("downloadUrl")
    digest = sha256(PDF).hexdigest()
    assert upload == {**expected, "state": "READY", "sha256": digest,
                     "refusal": None, "previewUrl": None}  # fmt: skip

    response = await api.http.get(download)
    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["content-type"] == PDF_TYPE
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert response.headers["x-content-type-options"] == "nosniff"
    again = await api.http.get(download, headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304


async def uploads_of(api: ApiClient, token: str) -> Any:
    return (await api.post(UPLOADS, token))["data"]["viewer"]["uploads"]


async def test_a_photo_has_a_preview_that_is_drawn_anew(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    photo = picture("JPEG", (3000, 1500), comment=b"secret place")
    await uploaded(api, token, "фото.jpg", photo, "image/jpeg")
    (upload,) = await uploads_of(api, token)
    response = await api.http.get(upload["previewUrl"])
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    assert b"secret" not in response.content
    assert response.content[:2] == b"\xff\xd8"
    assert len(response.content) < len(photo)


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        (("a.pdf", PDF_TYPE, 0), [("SIZE_INVALID", ["size"])]),
        (("a.pdf", PDF_TYPE, 11 * 1024 * 1024), [("SIZE_INVALID", ["size"])]),
        (("a.html", PDF_TYPE, 5), [("KIND_UNSUPPORTED", ["fileName"])]),
        (("a.exe", PDF_TYPE, 5), [("KIND_UNSUPPORTED", ["fileName"])]),
        (("", "", -5), [("FILE_NAME_INVALID", ["fileName"]), ("SIZE_INVALID", ["size"])]),
    ],
)
async def test_invalid_announcements_are_refused_before_the_upload(
    api: ApiClient, anna: Viewer, form: tuple[str, str, int], errors: list[tuple[str, list[str]]]
):
    payload = await announced(api, await api.signed_in(anna), *form)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == errors
    assert (payload["url"], payload["upload"]) == (None, None)
    assert await Upload.all().count() == 0


async def test_a_guest_uploads_nothing(api: ApiClient):
    form = {"fileName": "a.pdf", "contentType": PDF_TYPE, "size": 5}
    answer = await api.post(CREATE, input=form)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await Upload.all().count() == 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (PDF + b"x", 413, "SIZE_MISMATCH"),
        (PDF[:-1], 413, "SIZE_MISMATCH"),
        (b"<html>".ljust(len(PDF)), 422, "CONTENT_MISMATCH"),
    ],
)
async def test_a_refused_file_is_not_stored_and_its_url_is_used_up(
    api: ApiClient, anna: Viewer, content: bytes, status: int, code: str
):
    token = await api.signed_in(anna)
    payload = await announced(api, token, "a.pdf", PDF_TYPE, len(PDF))
    answer = await sent(api, payload["url"], content, **{"accept-language": "en"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"], error["path"]) == (status, code, [])
    assert "Файл" not in error["message"]
    upload = await upload_of(payload["upload"]["id"])
    assert (upload.state, upload.refusal) == (UploadState.REFUSED, code)
    assert await api.state.ports.files.size(upload.path) is None
    assert (await sent(api, payload["url"], PDF)).status_code == 404


async def test_a_refused_file_that_arrives_at_once_gets_the_refusal(api: ApiClient, anna: Viewer):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))
    address = payload["url"].removeprefix(URL)

    async with serving(api.app) as server, httpx.AsyncClient(trust_env=False) as http:
        url = f"http://127.0.0.1:{server.port}{address}"
        answer = await http.put(url, content=PDF + b"x")

    assert answer.status_code == 413
    assert [error["code"] for error in answer.json()["errors"]] == ["SIZE_MISMATCH"]
    upload = await upload_of(payload["upload"]["id"])
    assert (upload.state, upload.refusal) == (UploadState.REFUSED, "SIZE_MISMATCH")


async def test_a_url_works_once(api: ApiClient, anna: Viewer):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))
    answers = await asyncio.gather(*(sent(api, payload["url"], chunks(PDF)) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]
    assert (await sent(api, payload["url"], PDF)).status_code == 404
    assert (await sent(api, f"{URL}/uploads/{'A' * 64}", PDF)).status_code == 404


async def test_an_interrupted_upload_leaves_nothing_and_can_be_sent_again(
    api: ApiClient, anna: Viewer
):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))

    async def broken() -> AsyncIterator[bytes]:
        yield PDF[:20]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await receive(api, payload["url"], broken())
    upload = await upload_of(payload["upload"]["id"])
    assert upload.state == UploadState.AWAITED
    assert await api.state.ports.files.size(upload.path) is None
    assert (await sent(api, payload["url"], PDF)).status_code == 204


async def test_an_upload_to_a_killed_process_can_be_sent_again(api: ApiClient, anna: Viewer):
    """The process is a task that waits for a second part of the body, and is never resumed."""
    token = await api.signed_in(anna)
    payload = await announced(api, token, "a.pdf", PDF_TYPE, len(PDF))
    has_begun = asyncio.Event()

    async def interrupted() -> AsyncIterator[bytes]:
        yield PDF[:20]
        has_begun.set()
        await asyncio.Event().wait()

    killed = asyncio.create_task(
        receive(api, payload["url"], interrupted(), ingestion.UploadTimeouts(chunk=600))
    )
    await has_begun.wait()
    until = (await upload_of(payload["upload"]["id"])).receiving_until
    assert until
    assert await ingestion.reopen_interrupted(now=until) == 0
    assert (await sent(api, payload["url"], PDF)).status_code == 404
    assert [upload["state"] for upload in await uploads_of(api, token)] == ["RECEIVING"]

    assert await ingestion.reopen_interrupted(now=until + timedelta(seconds=1)) == 1
    assert [upload["state"] for upload in await uploads_of(api, token)] == ["AWAITED"]
    assert (await sent(api, payload["url"], PDF)).status_code == 204
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    upload = await upload_of(payload["upload"]["id"])
    assert (upload.state, upload.receiving_until) == (UploadState.READY, None)
    assert await api.state.ports.files.size(upload.path) == len(PDF)


@pytest.mark.parametrize(("rest", "code"), [(PDF[20:], "UPLOAD_NOT_FOUND"), (b"", "SIZE_MISMATCH")])
async def test_a_process_that_was_frozen_changes_nothing_that_another_received(
    api: ApiClient, anna: Viewer, rest: bytes, code: str
):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))

    async def frozen() -> AsyncIterator[bytes]:
        yield PDF[:20]
        until = (await upload_of(payload["upload"]["id"])).receiving_until
        assert until
        await ingestion.reopen_interrupted(now=until + timedelta(seconds=1))
        assert (await sent(api, payload["url"], PDF)).status_code == 204
        yield rest

    with pytest.raises(Refusal) as refused:
        await receive(api, payload["url"], frozen())
    assert refused.value.code == code
    upload = await upload_of(payload["upload"]["id"])
    assert (upload.state, upload.refusal) == (UploadState.READY, None)
    assert await api.state.ports.files.size(upload.path) == len(PDF)


async def test_a_file_over_the_time_limit_of_the_store_can_be_sent_again(
    api: ApiClient, anna: Viewer
):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))
    with pytest.raises(FilesUnavailable):
        await receive(api, payload["url"], chunks(PDF), ingestion.UploadTimeouts(storage=0))
    upload = await upload_of(payload["upload"]["id"])
    assert (upload.state, upload.receiving_until) == (UploadState.AWAITED, None)
    assert (await sent(api, payload["url"], PDF)).status_code == 204


@pytest.mark.parametrize(
    "timeouts", [ingestion.UploadTimeouts(total=0.05), ingestion.UploadTimeouts(chunk=0.02)]
)
async def test_a_slow_upload_is_refused(
    api: ApiClient, anna: Viewer, timeouts: ingestion.UploadTimeouts
):
    payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))
    with pytest.raises(Refusal) as refused:
        await receive(api, payload["url"], chunks(PDF, 0.04), timeouts)
    assert refused.value.code == "TOO_SLOW"
    assert (await upload_of(payload["upload"]["id"])).state == UploadState.AWAITED


async def receive(
    api: ApiClient, url: str, body: AsyncIterator[bytes],
    timeouts: ingestion.UploadTimeouts | None = None,
) -> None:  # fmt: skip
    await ingestion.receive(
        url.rpartition("/")[2],
        body,
        ports=api.state.ports,
        now=datetime.now(UTC),
        timeouts=timeouts,
    )


async def test_concurrent_uploads_share_the_daily_limit(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    tokens = [await api.signed_in(viewer) for viewer in (anna, boris)]
    each = DOCUMENTS.largest
    tries = [announced(api, tokens[0], "a.pdf", PDF_TYPE, each) for _ in range(12)]
    payloads = await asyncio.gather(*tries)
    refused = [payload["errors"][0]["code"] for payload in payloads if payload["errors"]]
    assert refused == ["QUOTA_EXCEEDED"] * 2
    assert (await announced(api, tokens[1], "a.pdf", PDF_TYPE, each))["errors"] == []
    await Upload.all().update(created_at=datetime.now(UTC) - timedelta(hours=25))
    assert (await announced(api, tokens[0], "a.pdf", PDF_TYPE, each))["errors"] == []


async def test_the_company_s_settings_limit_the_uploads_of_a_day(api: ApiClient, anna: Viewer):
    state = api.state
    allowance = customer_allowance(
        replace(state.ports, upload_bytes=600, uploads_per_day=2, upload_bytes_per_day=1_000)
    )
    rules = upload_rules(allowance)
    assert (rules.largest_bytes, rules.files_per_day, rules.bytes_per_day) == (600, 2, 1_000)
    assert answer_allowance(replace(state.ports, upload_bytes=600)).largest == 600

    async def outcome(size: int) -> str | None:
        uploader, declaration = (
            creation.Uploader(anna.id),
            creation.UploadDeclaration("a.pdf", PDF_TYPE, size),
        )
        now = datetime.now(UTC)
        try:
            await creation.create(
                uploader, declaration, signer=state.ports.signer, now=now, allowance=allowance
            )
        except Refusal as refusal:
            return str(refusal.code)
        except Refusals as refusals:
            (refusal,) = refusals.refusals
            return str(refusal.code)
        return None

    assert [await outcome(size) for size in (601, 600, 401, 400, 1)] == [
        "SIZE_INVALID", None, "QUOTA_EXCEEDED", None, "QUOTA_EXCEEDED",
    ]  # fmt: skip


async def test_a_link_is_for_one_file_one_person_and_ten_minutes(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    token = await api.signed_in(anna)
    await uploaded(api, token)
    (upload,) = await uploads_of(api, token)
    url = upload["downloadUrl"]
    path, _, link = url.partition("?link=")
    session, until, signature = link.split(".")
    foreign = (await Session.get(token_hash=hash_token(await api.signed_in(boris)))).id.hex
    for changed in (
        url.replace(session, foreign),
        url.replace(f".{until}.", f".{int(until) + 60}."),
        url.replace(f".{until}.", f".{'9' * 17}."),
        url.replace("/files/uploads/", "/files/previews/"),
        url.replace(f".{until}.", ".soon."),
        f"{path}?link={signature}",
        f"{path}?link=",
    ):
        assert (await api.http.get(changed)).status_code == 404, changed
    assert (await api.http.get(path)).status_code == 401
    earlier = await api.ask(UPLOADS, token, now=datetime.now(UTC) - timedelta(minutes=11))
    stale_viewer = earlier["viewer"]
    assert (
        stale_viewer is None
        or (await api.http.get(stale_viewer["uploads"][0]["downloadUrl"])).status_code == 404
    )
    await Upload.all().update(user_id=boris.id)
    assert (await api.http.get(url)).status_code == 404


async def test_an_id_works_once_for_its_uploader(api: ApiClient, anna: Viewer, boris: Viewer):
    token = await api.signed_in(anna)
    ready = [key_of(await uploaded(api, token, f"{n}.pdf")) for n in "ab"]
    payload = await announced(api, token, "c.pdf", PDF_TYPE, 5)
    unfinished = key_of(payload["upload"]["id"])

    async def take(owner: Viewer | StaffViewer, *keys: Any) -> list[str]:
        async with in_transaction():
            claimed = await claims.claim(
                owner, keys, refusal=CantAttach, path=["files"], now=datetime.now(UTC)
            )
        return [upload.name for upload in claimed]

    for owner, keys, index in (
        (boris, ready, "0"),
        (StaffViewer(anna.id, new_key(), Role.ADMIN), ready, "0"),
        (anna, [ready[0], unfinished], "1"),
        (anna, [ready[0], ready[0]], "1"),
        (anna, [ready[0], None], "1"),
        (anna, [new_key()], "0"),
    ):
        with pytest.raises(CantAttach) as refused:
            await take(owner, *keys)
        assert refused.value.path == ("files", index)
    assert await take(anna, ready[1], ready[0]) == ["b.pdf", "a.pdf"]
    with pytest.raises(CantAttach):
        await take(anna, ready[0])
    uploads = await uploads_of(api, token)
    assert [upload["fileName"] for upload in uploads] == ["c.pdf"]


async def test_simultaneous_claims_of_an_upload_succeed_once(api: ApiClient, anna: Viewer):
    key = key_of(await uploaded(api, await api.signed_in(anna)))

    async def take() -> bool:
        try:
            async with in_transaction():
                now = datetime.now(UTC)
                await claims.claim(anna, [key], refusal=CantAttach, path=["files"], now=now)
        except CantAttach:
            return False
        return True

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_unclaimed_files_are_deleted_and_claimed_ones_stay(api: ApiClient, anna: Viewer):
    token, files = await api.signed_in(anna), api.state.ports.files
    photo = picture("JPEG")
    orphan, claimed = [
        await upload_of(await uploaded(api, token, f"{n}.jpg", photo, "image/jpeg")) for n in "ab"
    ]
    later = datetime.now(UTC) + creation.LIFETIME + timedelta(minutes=1)
    async with in_transaction():
        await claims.claim(
            anna, [claimed.id], refusal=CantAttach, path=["files"], now=datetime.now(UTC)
        )
    assert await claims.delete_unclaimed(files, now=later) == 1
    assert [upload.id for upload in await Upload.all()] == [claimed.id]
    assert await files.size(orphan.path) is None
    assert await files.size(orphan.preview_path) is None
    assert await files.size(claimed.path) == len(photo)
    await claims.release([claimed.id], now=later)
    assert await claims.delete_unclaimed(files, now=later) == 1
    assert await files.size(claimed.path) is None


async def test_an_upload_that_is_deleted_during_its_transfer_leaves_no_bytes(
    api: ApiClient, anna: Viewer
):
    token, ports = await api.signed_in(anna), api.state.ports
    payload = await announced(api, token, "a.pdf", PDF_TYPE, len(PDF))
    upload = await upload_of(payload["upload"]["id"])

    async def slow() -> AsyncIterator[bytes]:
        yield PDF[:20]
        later = datetime.now(UTC) + creation.LIFETIME + timedelta(minutes=1)
        assert await claims.delete_unclaimed(ports.files, now=later) == 1
        yield PDF[20:]

    answer = await sent(api, payload["url"], slow())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "UPLOAD_NOT_FOUND")
    assert await Upload.all().count() == 0
    assert await ports.files.size(upload.path) is None


async def test_only_allowed_origins_may_upload(api: ApiClient, anna: Viewer):
    url = f"{URL}/uploads/{'A' * 64}"
    foreign = await api.http.options(url, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in foreign.headers
    allowed = await api.http.options(url, headers={"origin": "https://front.example"})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == "https://front.example"
    assert allowed.headers["access-control-allow-methods"] == "PUT"


async def test_the_public_settings_have_the_accepted_files(api: ApiClient):
    query = """{ publicSettings { uploads { largestBytes filesPerDay bytesPerDay keptSeconds
        kinds { kind contentType extensions } } } }"""
    rules = (await api.post(query))["data"]["publicSettings"]["uploads"]
    assert rules["largestBytes"] == 10 * 1024 * 1024
    assert [kind["kind"] for kind in rules["kinds"]] == [
        "PDF", "JPEG", "PNG", "HEIC", "DOCX", "XLSX",
    ]  # fmt: skip


async def test_a_full_disk_is_503_and_the_file_can_be_sent_again(
    engine: QueryEngine, pdfs: PdfPool, anna: Viewer, tmp_path: Path
):
    full = in_folder(tmp_path)
    (tmp_path / "uploads").write_bytes(b"")  # the system refuses each write, as on a full disk
    async with open_client(engine, pdfs=pdfs, files=full) as api:
        payload = await announced(api, await api.signed_in(anna), "a.pdf", PDF_TYPE, len(PDF))
        with capture_logs() as lines:
            answer = await sent(api, payload["url"], PDF)
        (tmp_path / "uploads").unlink()

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert [(line["event"], line.get("service")) for line in lines] == [
            ("unavailable", "file store (OSError)"),
            ("route", None),
        ]
        assert (await sent(api, payload["url"], PDF)).status_code == 204

"""Downloads of receipts by signed links, and deletion of old files."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import httpx
import pytest
from structlog.testing import capture_logs

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.billing.jobs import delete_old_receipts
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.storage import ROUTE, delete_unreferenced, store
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.file_links import FileLink, FileUrls
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer, hash_token
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.files import Files, FilesUnavailable, in_folder, in_memory
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.pdf import PdfFailed, PdfPool, PdfPoolBusy
from lk_graphql.ports.pdf.pool import Drafts
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service.exports import build
from tests.factories.accounts import LINKS, given_account, given_link
from tests.factories.receipts import calm
from tests.support.client import COMPANY, URL, ApiClient, open_client
from tests.support.payment_code import parse
from tests.support.pdf_text import codes_of, only_page, text_of

URLS = "{ viewer { accounts { invoices(first: 1) { receiptUrl } } } }"
ARCHIVES = "{ viewer { personalDataExports { downloadUrl } } }"
NOW = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
DAY = timedelta(days=1)


async def receipt_url(api: ApiClient, viewer: Viewer) -> str | None:
    answer = await api.ask(URLS, await api.signed_in(viewer))
    return answer["viewer"]["accounts"][0]["invoices"][0]["receiptUrl"]


async def given_url(api: ApiClient, viewer: Viewer) -> str:
    await publish(requisites_in(TEXT))
    account = await given_account()
    await given_link(viewer, account)
    url = await receipt_url(api, viewer)
    assert url
    return url


async def get(api: ApiClient, url: str, **headers: str) -> httpx.Response:
    return await api.http.get(url, headers=headers)


async def test_a_receipt_is_rendered_stored_and_served(api: ApiClient, anna: Viewer):
    """One test of rendering, headers, conditions, ranges and storage, because rendering is slow."""
    url = await given_url(api, anna)
    assert url.startswith(f"{URL}/files/receipts/")
    several = await asyncio.gather(*[get(api, url) for _ in range(3)])
    assert {answer.status_code for answer in several} == {200}
    first = several[0]
    assert len({answer.content for answer in several}) == 1
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"] == (
        'attachment; filename="receipt-0012345678-2026-10.pdf"'
    )
    assert first.headers["cache-control"] == "private, no-cache"
    etag = first.headers["etag"]
    again = await get(api, url, **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    part = await get(api, url, range="bytes=0-7", **{"if-range": etag})
    assert (part.status_code, part.content) == (206, first.content[:8])
    assert (await api.http.head(url)).headers["content-length"] == str(len(first.content))
    another = await receipt_url(api, anna)
    assert another
    assert (await get(api, another)).headers["etag"] == etag
    assert await is_stored(api, etag)
    page = only_page(first.content)
    (code,) = codes_of(page)
    fields = parse(code.text)
    assert (fields["Sum"], fields["PersAcc"]) == ("114000", "0012345678")
    assert "Иванова Пелагея Сергеевна" in text_of(page)
    assert "К оплате до 16.11.2026 1 140,00 ₽" in text_of(page)


async def is_stored(api: ApiClient, etag: str) -> bool:
    digest = etag.strip('"')
    size = await api.state.ports.files.size(f"receipts/{digest[:2]}/{digest}.pdf")
    return size is not None


async def test_a_full_disk_costs_no_receipt(
    engine: QueryEngine, pdfs: PdfPool, anna: Viewer, tmp_path: Path
):
    full = in_folder(tmp_path)
    (tmp_path / "receipts").symlink_to("/proc/none")  # refuses each write, as a full disk does
    async with open_client(engine, pdfs=pdfs, files=full) as api:
        url = await given_url(api, anna)
        with capture_logs() as lines:
            whole = await get(api, url)
        etag = whole.headers["etag"]
        part = await get(api, url, range="bytes=0-7", **{"if-range": etag})

        assert (whole.status_code, whole.content[:5]) == (200, b"%PDF-")
        assert [(line["event"], line.get("failure")) for line in lines] == [
            ("a receipt was not stored", "file store (OSError) is not available"),
            ("route", None),
        ]
        assert (part.status_code, part.content) == (206, whole.content[:8])
        (tmp_path / "receipts").unlink()
        assert (await get(api, url)).content == whole.content
        assert await is_stored(api, etag)


async def test_a_full_disk_costs_no_archive(
    engine: QueryEngine, pdfs: PdfPool, anna: Viewer, tmp_path: Path
):
    """The archive goes to another folder; of three receipts none is stored."""
    (tmp_path / "receipts").symlink_to("/proc/none")
    async with open_client(engine, pdfs=pdfs, files=in_folder(tmp_path)) as api:
        await given_url(api, anna)
        now = datetime.now(UTC)
        export = await PersonalDataExport.create(
            user_id=anna.id, state=PersonalDataExportState.WAITING, requested_at=now,
            expires_at=now + DAY,
        )  # fmt: skip
        await build(export.id, JobContext(api.state.ports, COMPANY, now))
        answer = await api.ask(ARCHIVES, await api.signed_in(anna))
        (row,) = answer["viewer"]["personalDataExports"]
        content = (await get(api, row["downloadUrl"])).content

    with ZipFile(BytesIO(content)) as archive:
        pages = {
            name: archive.read(name)[:5]
            for name in archive.namelist()
            if name.startswith("receipts/")
        }
    assert pages == {
        f"receipts/receipt-0012345678-2026-{month}.pdf": b"%PDF-" for month in ("08", "09", "10")
    }


async def test_a_bill_before_the_requisites_has_no_receipt(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    assert await receipt_url(api, anna) is None


@pytest.mark.parametrize("state", [LinkState.SUSPENDED, LinkState.ENDED])
async def test_a_link_ends_with_the_access(api: ApiClient, anna: Viewer, state: LinkState):
    url = await given_url(api, anna)
    await AccountLink.all().update(state=state)
    answer = await get(api, url)
    assert answer.status_code == 404
    assert answer.text.startswith("Ссылка больше не действует")


async def test_a_link_ends_with_the_login(api: ApiClient, anna: Viewer):
    url = await given_url(api, anna)
    await User.filter(id=anna.id).update(locked_at=NOW)
    assert (await get(api, url)).status_code == 404


async def test_a_receipt_s_link_needs_access_to_the_account(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    """A valid link of a viewer without the account is refused."""
    await given_url(api, anna)
    bill = await Invoice.all().order_by("-period").first()
    assert bill
    token = await api.signed_in(boris)
    session = await Session.get(token_hash=hash_token(token))
    url = FileUrls(session.id, datetime.now(UTC), URL, LINKS).of(ROUTE, bill.id)
    assert (await get(api, str(url))).status_code == 404
    assert (
        await get(api, URL + ROUTE.path(bill.id), authorization=f"Bearer {token}")
    ).status_code == 404


async def test_a_month_of_an_earlier_holder_has_no_receipt(api: ApiClient, anna: Viewer):
    url = await given_url(api, anna)
    await Account.all().update(visible_days=((date(2026, 11, 1), None),))
    assert (await get(api, url)).status_code == 404


def test_a_receipt_s_link_is_valid_for_its_bill_and_an_hour():
    bill, session = new_key(), new_key()
    url = str(FileUrls(session, NOW, URL, LINKS).of(ROUTE, bill))
    path, _, link = url.partition("?link=")
    assert path == f"{URL}/files/receipts/inv_{bill.hex}"

    def opened(key: UUID, now: datetime, signer: Signer = LINKS) -> FileLink | None:
        return ROUTE.verify(key, link, now=now, signer=signer)

    soon, end = NOW + timedelta(minutes=59, seconds=59), NOW + timedelta(hours=1)
    assert opened(bill, soon) == FileLink(session, NOW)
    assert opened(bill, end) is None
    assert opened(new_key(), NOW) is None
    assert opened(bill, NOW, Signer(b"x" * 32)) is None


class FailingRenderer:
    """A renderer that fails with the given exception."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    async def page(self, key: str, drafts: Drafts) -> bytes:  # noqa: ARG002 - parameters of `PdfRenderer`
        raise self.failure

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (PdfFailed("PageOverflow"), "сообщите нам код"),
        (FilesUnavailable("TimeoutError"), "сообщите нам код"),
        (PdfPoolBusy(), "через несколько секунд"),
    ],
)
async def test_a_receipt_that_can_t_be_rendered_is_a_503_with_a_message(
    engine: QueryEngine, anna: Viewer, failure: Exception, message: str
):
    async with open_client(engine, pdfs=FailingRenderer(failure)) as api:
        answer = await get(api, await given_url(api, anna))
    assert answer.status_code == 503
    assert message in answer.text
    assert ("retry-after" in answer.headers) == isinstance(failure, PdfPoolBusy)


PATH = "receipts/aa/0192.pdf"


async def given_file(path: str = PATH) -> Files:
    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF"

    files = in_memory()
    await files.put(path, content())
    return files


async def test_unread_receipts_are_deleted_after_a_while():
    files, now = await given_file(), datetime.now(UTC)

    assert await delete_unreferenced(files, older_than=40 * DAY, now=now + 39 * DAY) == 0
    assert await files.size(PATH) == 4
    assert await delete_unreferenced(files, older_than=40 * DAY, now=now + 41 * DAY) == 1
    assert await files.size(PATH) is None


async def test_a_sweep_leaves_other_folders_and_the_living_links_alone():
    uploads = await given_file("uploads/0192.pdf")
    assert (
        await delete_unreferenced(uploads, older_than=DAY, now=datetime.now(UTC) + 400 * DAY) == 0
    )
    fresh = await given_file()
    soon = datetime.now(UTC) + timedelta(hours=47)
    assert await delete_unreferenced(fresh, older_than=timedelta(0), now=soon) == 0, (
        "whatever the setting says"
    )


async def test_reading_a_receipt_prolongs_its_retention():
    """The same bytes under the same path, so a running download isn't affected."""
    receipt, renderer = calm(), CountingRenderer()
    files, now = in_memory(), datetime.now(UTC)
    file = await store(receipt, files=files, pdfs=renderer, now=now)
    written_at = await files.written_at(file.path)

    again = await store(receipt, files=files, pdfs=renderer, now=now + 2 * DAY)

    assert (again, renderer.printed) == (file, 1)
    renewed_at = await files.written_at(file.path)
    assert written_at
    assert renewed_at
    assert renewed_at > written_at
    assert await files.size(file.path) == len(CountingRenderer.content)


class CountingRenderer:
    """A renderer that counts its pages."""

    content = b"%PDF-1.4 a page"
    printed = 0

    async def page(self, key: str, drafts: Drafts) -> bytes:  # noqa: ARG002 - parameters of `PdfRenderer`
        self.printed += 1
        return self.content

    async def close(self) -> None: ...


async def test_the_nightly_job_deletes_by_the_company_s_retention(api: ApiClient):
    company = replace(COMPANY, receipt_retention=3 * DAY)
    files = await given_file()
    ports = replace(api.state.ports, files=files)

    await delete_old_receipts(JobContext(ports, company, datetime.now(UTC) + 2 * DAY))
    assert await files.size(PATH) == 4
    await delete_old_receipts(JobContext(ports, company, datetime.now(UTC) + 4 * DAY))
    assert await files.size(PATH) is None

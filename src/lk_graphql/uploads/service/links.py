"""Signed download links: for one reader, valid for ten minutes.

Customers download their own files. Other slices register a `DownloadKind` of their own with its
own check, for example for staff.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.queryset import QuerySet

from lk_graphql.kit import signed_urls
from lk_graphql.kit.company import Company
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.signed_urls import SignedUrl
from lk_graphql.kit.signing import Signer
from lk_graphql.uploads.models import Upload, UploadState

LIFETIME = timedelta(minutes=10)


class DownloadKind(NamedTuple):
    """A kind of download: the folder in its URL and the purpose in its signature."""

    folder: str
    purpose: str
    is_preview: bool = False


CONTENT = DownloadKind("uploads", "UPLOAD-CONTENT")
PREVIEW = DownloadKind("previews", "UPLOAD-PREVIEW", is_preview=True)


def url_of(
    kind: DownloadKind,
    key: UUID,
    reader_id: UUID | None,
    *,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    """Return a signed URL for this reader; None for guests."""
    if reader_id is None:
        return None
    signed = signed_urls.sign_for_reader(
        links, kind.purpose, SignedUrl(key, reader_id), until=now + LIFETIME
    )
    return f"{company.public_url}/files/{kind.folder}/{signed}"


async def verify(kind: DownloadKind, signed: str, *, now: datetime, links: Signer) -> Upload | None:
    """Return the file of a valid link if its reader still owns it."""
    signed_url = signed_urls.verify_with_reader(links, kind.purpose, signed, now=now)
    return signed_url and await upload_of(kind, signed_url).get_or_none(
        user_id=signed_url.reader_id
    )


def upload_of(kind: DownloadKind, link: SignedUrl) -> QuerySet[Upload]:
    """Select the READY file of a link, of any owner."""
    ready = Upload.filter(id=link.key, state=UploadState.READY)
    return ready.filter(has_preview=True) if kind.is_preview else ready


DOWNLOAD_KINDS = Registry[DownloadKind, Callable[..., Awaitable[Upload | None]]](
    {CONTENT: verify, PREVIEW: verify}
)
"""Kinds of downloads with the function that verifies their links; other slices add theirs."""

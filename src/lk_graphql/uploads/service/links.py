"""Links to files: for one reader, for ten minutes, and only while the file may be theirs to read.

A customer reads their own. Others, staff for instance, have `Way`s of their own, so that no link
is good for another door.
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
    """Where a file is read: the URL's folder, and what the signature is good for."""

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
    """A link for this reader; None for nobody. Not a word of it can be changed."""
    if reader_id is None:
        return None
    signed = signed_urls.sign_for_reader(
        links, kind.purpose, SignedUrl(key, reader_id), until=now + LIFETIME
    )
    return f"{company.public_url}/files/{kind.folder}/{signed}"


async def verify(kind: DownloadKind, signed: str, *, now: datetime, links: Signer) -> Upload | None:
    """The file that a link leads to, if the link is ours and young, and the file still theirs."""
    link = signed_urls.verify_with_reader(links, kind.purpose, signed, now=now)
    return link and await upload_of(kind, link).get_or_none(user_id=link.reader_id)


def upload_of(kind: DownloadKind, link: SignedUrl) -> QuerySet[Upload]:
    """The file, whoever's it is, if there is something to be seen."""
    ready = Upload.filter(id=link.key, state=UploadState.READY)
    return ready.filter(has_preview=True) if kind.is_preview else ready


DOWNLOAD_KINDS = Registry[DownloadKind, Callable[..., Awaitable[Upload | None]]](
    {CONTENT: verify, PREVIEW: verify}
)
"""How files are read, and what proves a link, as `linked` does; later slices register theirs."""

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
from lk_graphql.kit.signed_urls import Pass
from lk_graphql.kit.signing import Links
from lk_graphql.uploads.models import Upload, UploadState

LASTS = timedelta(minutes=10)


class Way(NamedTuple):
    """Where a file is read: the URL's folder, and what the signature is good for."""

    folder: str
    purpose: str
    is_preview: bool = False


CONTENT = Way("uploads", "UPLOAD-CONTENT")
PREVIEW = Way("previews", "UPLOAD-PREVIEW", is_preview=True)


def url_of(
    way: Way, key: UUID, reader_id: UUID | None, *, now: datetime, company: Company, links: Links
) -> str | None:
    """A link for this reader; None for nobody. Not a word of it can be changed."""
    if reader_id is None:
        return None
    signed = signed_urls.issue_named(links, way.purpose, Pass(key, reader_id), until=now + LASTS)
    return f"{company.public_url}/files/{way.folder}/{signed}"


async def linked(way: Way, signed: str, *, now: datetime, links: Links) -> Upload | None:
    """The file that a link leads to, if the link is ours and young, and the file still theirs."""
    link = signed_urls.opened(links, way.purpose, signed, now=now)
    return link and await shown(way, link).get_or_none(user_id=link.reader_id)


def shown(way: Way, link: Pass) -> QuerySet[Upload]:
    """The file, whoever's it is, if there is something to be seen."""
    ready = Upload.filter(id=link.key, state=UploadState.READY)
    return ready.filter(has_preview=True) if way.is_preview else ready


WAYS = Registry[Way, Callable[..., Awaitable[Upload | None]]]({CONTENT: linked, PREVIEW: linked})
"""How files are read, and what proves a link, as `linked` does; later slices register theirs."""

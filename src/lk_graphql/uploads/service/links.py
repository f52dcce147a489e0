"""Links to files: for one reader, for ten minutes, and only while the file may be theirs to read.

A customer reads their own. Others, staff for instance, have `Way`s of their own, so that no link
is good for another door.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from tortoise.queryset import QuerySet

from lk_graphql.kit.tokens import Links, key_in
from lk_graphql.uploads.models import Upload, UploadState

LASTS = timedelta(minutes=10)


class Way(NamedTuple):
    """Where a file is read: the URL's folder, and what the signature is good for."""

    folder: str
    purpose: str
    is_preview: bool = False


class Asked(NamedTuple):
    """What a URL says; nothing of it is believed yet."""

    token: str
    reader: str
    until: str


class Opened(NamedTuple):
    """A genuine link: to which file, and whose it is."""

    upload_id: UUID
    reader_id: UUID


CONTENT = Way("uploads", "UPLOAD-CONTENT")
PREVIEW = Way("previews", "UPLOAD-PREVIEW", is_preview=True)


def file_path(
    key: UUID, viewer: UUID, *, now: datetime, links: Links, is_preview: bool = False
) -> str:
    """The path and query of a link for the file's owner."""
    return path_of(PREVIEW if is_preview else CONTENT, Opened(key, viewer), now=now, links=links)


def path_of(way: Way, link: Opened, *, now: datetime, links: Links) -> str:
    """The path and query of a link; not a word of it can be changed."""
    until = int((now + LASTS).timestamp())
    token = links.token(way.purpose, link.upload_id, _nonce(link.reader_id, until))
    return f"/files/{way.folder}/{token}?{urlencode({'for': link.reader_id.hex, 'until': until})}"


async def linked(way: Way, asked: Asked, *, now: datetime, links: Links) -> Upload | None:
    """The file that a link leads to, if the link is ours and young, and the file still theirs."""
    link = opened(way, asked, now=now, links=links)
    return link and await shown(way, link).get_or_none(user_id=link.reader_id)


def opened(way: Way, asked: Asked, *, now: datetime, links: Links) -> Opened | None:
    """None for what we haven't signed, and for what is too old."""
    key = key_in(asked.token)
    until = int(asked.until) if asked.until.isdecimal() and len(asked.until) < 12 else 0
    try:
        reader = UUID(hex=asked.reader)
    except ValueError:
        return None
    if key is None or datetime.fromtimestamp(until, UTC) <= now:
        return None
    if not links.is_genuine(asked.token, way.purpose, key, _nonce(reader, until)):
        return None
    return Opened(key, reader)


def shown(way: Way, link: Opened) -> QuerySet[Upload]:
    """The file, whoever's it is, if there is something to be seen."""
    ready = Upload.filter(id=link.upload_id, state=UploadState.READY)
    return ready.filter(has_preview=True) if way.is_preview else ready


WAYS: dict[Way, Callable[..., Awaitable[Upload | None]]] = {CONTENT: linked, PREVIEW: linked}
"""How files are read, and what proves a link, as `linked` does; later slices add theirs."""


def _nonce(reader: UUID, until: int) -> bytes:
    return reader.bytes + until.to_bytes(8)

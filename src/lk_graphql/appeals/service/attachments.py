"""Files that go with a message, from both sides; both read them by the thread."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AttachmentUnusable, TooManyAttachments
from lk_graphql.appeals.models import AppealAttachment, AppealMessage
from lk_graphql.kit import signed_urls
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Staff, Viewer
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import take
from lk_graphql.uploads.service.formats import DOCUMENTS
from lk_graphql.uploads.service.links import Way, shown

MOST = 10
CONTENT = Way("appeals", "APPEAL-CONTENT")
PREVIEW = Way("appeals/previews", "APPEAL-PREVIEW", is_preview=True)
_PATH = "uploadIds"


async def attach(
    who: Viewer | Staff, message: AppealMessage, uploads: Sequence[UUID | None], *, now: datetime
) -> None:
    """Use up the author's own uploads for a message, in the transaction that adds it.

    Raises `TooManyAttachments`, and `AttachmentUnusable` with the place of the first bad one:
    what staff have uploaded to import is none.
    """
    if len(uploads) > MOST:
        raise TooManyAttachments(_PATH, most=MOST)
    taken = await take(who, uploads, refusal=AttachmentUnusable, path=[_PATH], now=now)
    for index, upload in enumerate(taken):
        if upload.kind not in DOCUMENTS.kinds:
            raise AttachmentUnusable(_PATH, str(index))
    await AppealAttachment.bulk_create(
        AppealAttachment(message=message, upload=upload, position=position)
        for position, upload in enumerate(taken, 1)
    )


async def linked(way: Way, signed: str, *, now: datetime, links: Links) -> Upload | None:
    """The file that a link leads to, while it is part of a thread of the reader's."""
    link = signed_urls.opened(links, way.purpose, signed, now=now)
    if link is None:
        return None
    theirs = shown(way, link).filter(appeal_attachment__message__appeal__user_id=link.reader_id)
    return await theirs.first()

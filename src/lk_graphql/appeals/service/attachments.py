"""Files that go with a message, from both sides; both read them by the thread."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AttachmentUnusable, TooManyAttachments
from lk_graphql.appeals.models import AppealAttachment, AppealMessage
from lk_graphql.kit import signed_urls
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import claim
from lk_graphql.uploads.service.formats import DOCUMENTS
from lk_graphql.uploads.service.links import DownloadKind, upload_of

MAX_ATTACHMENTS = 10
CONTENT = DownloadKind("appeals", "APPEAL-CONTENT")
PREVIEW = DownloadKind("appeals/previews", "APPEAL-PREVIEW", is_preview=True)
_PATH = "uploadIds"


async def attach(
    author: Viewer | StaffViewer,
    message: AppealMessage,
    uploads: Sequence[UUID | None],
    *,
    now: datetime,
) -> None:
    """Use up the author's own uploads for a message, in the transaction that adds it.

    Raises `TooManyAttachments`, and `AttachmentUnusable` with the place of the first bad one:
    what staff have uploaded to import is none.
    """
    if len(uploads) > MAX_ATTACHMENTS:
        raise TooManyAttachments(_PATH, most=MAX_ATTACHMENTS)
    taken = await claim(author, uploads, refusal=AttachmentUnusable, path=[_PATH], now=now)
    for index, upload in enumerate(taken):
        if upload.kind not in DOCUMENTS.kinds:
            raise AttachmentUnusable(_PATH, str(index))
    await AppealAttachment.bulk_create(
        AppealAttachment(message=message, upload=upload, position=position)
        for position, upload in enumerate(taken, 1)
    )


async def verify(kind: DownloadKind, signed: str, *, now: datetime, links: Signer) -> Upload | None:
    """The file that a link leads to, while it is part of a thread of the reader's."""
    link = signed_urls.verify_with_reader(links, kind.purpose, signed, now=now)
    if link is None:
        return None
    theirs = upload_of(kind, link).filter(
        appeal_attachment__message__appeal__user_id=link.reader_id
    )
    return await theirs.first()

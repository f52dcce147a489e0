"""Attachments of messages, from customers and from staff, and their signed URLs."""

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
    """Attach the author's own uploads to a message, in the transaction that adds it.

    Raises `TooManyAttachments`, and `AttachmentUnusable` with the index of the first unusable
    upload; a staff upload for an import is unusable.
    """
    if len(uploads) > MAX_ATTACHMENTS:
        raise TooManyAttachments(_PATH, most=MAX_ATTACHMENTS)
    claimed_uploads = await claim(
        author, uploads, refusal=AttachmentUnusable, path=[_PATH], now=now
    )
    for index, upload in enumerate(claimed_uploads):
        if upload.kind not in DOCUMENTS.kinds:
            raise AttachmentUnusable(_PATH, str(index))
    await AppealAttachment.bulk_create(
        AppealAttachment(message=message, upload=upload, position=position)
        for position, upload in enumerate(claimed_uploads, 1)
    )


async def verify(kind: DownloadKind, token: str, *, now: datetime, links: Signer) -> Upload | None:
    """Return the file of a signed URL if it belongs to a thread of the URL's reader."""
    link = signed_urls.verify_with_reader(links, kind.purpose, token, now=now)
    if link is None:
        return None
    uploads = upload_of(kind, link).filter(
        appeal_attachment__message__appeal__user_id=link.reader_id
    )
    return await uploads.first()

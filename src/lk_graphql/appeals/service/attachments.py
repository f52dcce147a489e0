"""Attachments of messages, from customers and from staff, and their downloads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AttachmentUnusable, TooManyAttachments
from lk_graphql.appeals.models import AppealAttachment, AppealMessage
from lk_graphql.identity.service.sessions import READER_SQL
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.uploads.service.claims import claim
from lk_graphql.uploads.service.formats import DOCUMENTS
from lk_graphql.uploads.service.links import LIFETIME, DownloadKind

MAX_ATTACHMENTS = 10
_IN_OWN_APPEAL = """EXISTS (SELECT FROM appeal_attachment attachment
JOIN appeal_message message ON message.id = attachment.message_id
JOIN appeal ON appeal.id = message.appeal_id
WHERE attachment.upload_id = upload.id AND appeal.user_id = reader.user_id)"""
CONTENT = DownloadKind(FileRoute("appeals", "upl", LIFETIME), READER_SQL, _IN_OWN_APPEAL)
PREVIEW = DownloadKind(
    FileRoute("appeals/previews", "upl", LIFETIME), READER_SQL, _IN_OWN_APPEAL, is_preview=True
)
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

"""Files that go with a message."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AttachmentUnusable, TooManyAttachments
from lk_graphql.appeals.models import AppealAttachment, AppealMessage
from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.service.taking import take

MOST = 10
_PATH = "uploadIds"


async def attach(
    viewer: Viewer, message: AppealMessage, uploads: Sequence[UUID | None], *, now: datetime
) -> None:
    """Use up the viewer's uploads for a message, in the transaction that adds it.

    Raises `TooManyAttachments`, and `AttachmentUnusable` with the place of the first bad one.
    """
    if len(uploads) > MOST:
        raise TooManyAttachments(_PATH, most=MOST)
    taken = await take(viewer, uploads, refusal=AttachmentUnusable, path=[_PATH], now=now)
    await AppealAttachment.bulk_create(
        AppealAttachment(message=message, upload=upload, position=position)
        for position, upload in enumerate(taken, 1)
    )

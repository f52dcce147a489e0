"""Personal data in uploads."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from lk_graphql.ports.jobs import JobContext, enqueue
from lk_graphql.profile.service.personal_data import (
    DataAttachment,
    DataEraser,
    DataListing,
    PersonalData,
)
from lk_graphql.uploads.models import Upload, UploadState

_UPLOADS = """
SELECT id, json_build_object(
    'fileName', name, 'kind', kind, 'size', size, 'state', state, 'refusal', refusal,
    'sha256', sha256, 'announcedAt', created_at, 'receivedAt', received_at, 'usedAt', taken_at)
FROM upload WHERE user_id = $1
"""


def entry(upload: Upload) -> str:
    """Where a file lies in an export: two of one name are two files."""
    return f"files/{upload.id.hex[-8:]} {upload.name}"


async def attachments(user_id: UUID, world: JobContext) -> AsyncIterator[DataAttachment]:
    kept = Upload.filter(user_id=user_id, state=UploadState.READY)
    for upload in await kept.order_by("id"):
        yield DataAttachment(entry(upload), world.ports.files.get(upload.path))


async def erase_files(user_id: UUID, now: datetime) -> int:
    """Their names at once; the bytes, and then the rows, by the job that forgets orphans."""
    theirs = Upload.filter(user_id=user_id)
    await enqueue("uploads.forget")
    return await theirs.update(name="—", taken_at=None, expires_at=now)


PERSONAL_DATA = PersonalData(
    listings=(DataListing("uploads", _UPLOADS),),
    attachments=attachments,
    erasers=(DataEraser("upload", erase_files),),
)

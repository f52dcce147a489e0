"""Listing, export and erasure of the personal data in uploads."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from lk_graphql.kit.languages import Language
from lk_graphql.ports.jobs import JobContext, enqueue
from lk_graphql.profile.service.personal_data import (
    DataAttachment,
    DataEraser,
    DataListing,
    PersonalData,
)
from lk_graphql.uploads.errors import REFUSED
from lk_graphql.uploads.models import Upload, UploadKind, UploadState

_UPLOADS = """
SELECT id, json_build_object(
    'fileName', name, 'kind', kind, 'size', size, 'state', state, 'refusal', refusal,
    'sha256', sha256, 'announcedAt', created_at, 'receivedAt', received_at, 'usedAt', taken_at)
FROM upload WHERE user_id = $1
"""
_REFUSALS = {code: refusal().text(Language.RU) for code, refusal in REFUSED.items()}


def entry(upload: Upload) -> str:
    """Return the path of a file in an export. A part of the id distinguishes equal names."""
    return f"files/{upload.id.hex[-8:]} {upload.name}"


async def attachments(user_id: UUID, context: JobContext) -> AsyncIterator[DataAttachment]:
    ready = Upload.filter(user_id=user_id, state=UploadState.READY)
    for upload in await ready.order_by("id"):
        yield DataAttachment(entry(upload), context.ports.files.get(upload.path))


async def erase_files(user_id: UUID, now: datetime) -> int:
    """Erase the names and let the uploads expire; the cleanup job deletes bytes and rows."""
    await enqueue("uploads.delete_unclaimed")
    return await Upload.filter(user_id=user_id).update(name="—", taken_at=None, expires_at=now)


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "uploads",
            "Загруженные файлы",
            _UPLOADS,
            {"kind": UploadKind, "state": UploadState, "refusal": _REFUSALS},
        ),
    ),
    attachments=attachments,
    erasers=(DataEraser("upload", erase_files),),
)

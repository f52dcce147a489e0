"""Creation of uploads: checks of the name, the type, the size and the quota."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer, new_nonce
from lk_graphql.ports import Ports
from lk_graphql.uploads.errors import QuotaExceeded, SizeInvalid
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.formats import (
    ANSWERS,
    DOCUMENTS,
    MEGABYTE,
    Allowance,
    clean_file_name,
)

LIFETIME = timedelta(days=1)
"""Time from the creation of an upload until it is deleted unless it is claimed."""
PURPOSE = "UPLOAD"

_LOCK_UPLOADER = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_USED_TODAY = """
SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM upload
WHERE coalesce(user_id, staff_id) = $1 AND created_at > $2 AND kind = ANY($3)
"""


class Uploader(NamedTuple):
    """Owner of an upload: a customer or a member of staff."""

    user_id: UUID | None = None
    staff_id: UUID | None = None

    @property
    def key(self) -> UUID:
        key = self.user_id or self.staff_id
        assert key is not None, "an uploader has an id"  # noqa: S101
        return key


class UploadDeclaration(NamedTuple):
    """Name, media type and `size` in bytes that a client declares before sending a file."""

    file_name: str
    content_type: str
    size: int


def customer_allowance(ports: Ports) -> Allowance:
    """Return the allowance of customers: document formats with the limits of the settings."""
    return DOCUMENTS._replace(
        largest=ports.upload_bytes,
        files_a_day=ports.uploads_per_day,
        bytes_a_day=ports.upload_bytes_per_day,
    )


def answer_allowance(ports: Ports) -> Allowance:
    """Return the allowance of staff who answer customers."""
    return ANSWERS._replace(largest=ports.upload_bytes)


async def create(
    uploader: Uploader,
    declaration: UploadDeclaration,
    *,
    signer: Signer,
    now: datetime,
    allowance: Allowance,
) -> tuple[UUID, str]:
    """Create an upload; return its key and the token of its one-time URL.

    Raises `Refusals` with the faults of the declaration, `QuotaExceeded`.
    """
    upload = _read(uploader, declaration, allowance, now)
    async with in_transaction():
        await _check_quota(uploader, declaration.size, allowance, now)
        await upload.save()
    return upload.id, signer.sign(PURPOSE, upload.id, upload.nonce)


def _read(
    uploader: Uploader, declaration: UploadDeclaration, allowance: Allowance, now: datetime
) -> Upload:
    form, file_name = FormErrors(), None
    with form.field():
        media_type = declaration.content_type.partition(";")[0].strip().lower()
        file_name = clean_file_name(declaration.file_name, allowance, media_type)
    with form.field():
        if not 1 <= declaration.size <= allowance.largest:
            raise SizeInvalid("size", megabytes=allowance.largest // MEGABYTE)
    form.check()
    assert file_name is not None, "a form without a name is refused"  # noqa: S101
    name, kind = file_name
    return Upload(
        id=new_key(), user_id=uploader.user_id, staff_id=uploader.staff_id, name=name, kind=kind,
        size=declaration.size, state=UploadState.AWAITED, nonce=new_nonce(), created_at=now,
        expires_at=now + LIFETIME,
    )  # fmt: skip


async def _check_quota(uploader: Uploader, size: int, allowance: Allowance, now: datetime) -> None:
    """Check the quota under an advisory lock, which serializes the creations of one uploader."""
    await raw_sql.fetch(_LOCK_UPLOADER, f"uploads/{uploader.key}")
    since = now - timedelta(days=1)
    (usage,) = await raw_sql.fetch(_USED_TODAY, uploader.key, since, list(allowance.kinds))
    max_files, max_bytes = allowance.files_a_day, allowance.bytes_a_day
    if usage["files"] >= max_files or usage["bytes"] + size > max_bytes:
        raise QuotaExceeded(files=max_files, megabytes=max_bytes // MEGABYTE)

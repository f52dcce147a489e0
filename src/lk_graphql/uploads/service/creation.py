"""Creation of uploads: name, type, size and quota checks before the first byte."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer, new_nonce
from lk_graphql.ports import Ports
from lk_graphql.uploads.errors import KindUnsupported, QuotaExceeded, SizeInvalid
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.formats import (
    ANSWERS,
    DOCUMENTS,
    FORMATS,
    MEGABYTE,
    Allowance,
    clean_file_name,
)

DAY = timedelta(days=1)
LIFETIME = DAY
"""How long a file waits for its bytes, and then for somebody to make something of it."""
PURPOSE = "UPLOAD"


class Uploader(NamedTuple):
    """Whose file it is: a customer's or a member of staff's."""

    user_id: UUID | None = None
    staff_id: UUID | None = None

    @property
    def key(self) -> UUID:
        key = self.user_id or self.staff_id
        assert key is not None, "somebody uploads"  # noqa: S101
        return key


class UploadDeclaration(NamedTuple):
    """What a client says of a file before it sends it; `size` in bytes."""

    file_name: str
    content_type: str
    size: int


def customer_allowance(ports: Ports) -> Allowance:
    """Papers and pictures, as large and as many a day as the company lets a customer send."""
    return DOCUMENTS._replace(
        largest=ports.upload_bytes,
        files_a_day=ports.uploads_per_day,
        bytes_a_day=ports.upload_bytes_per_day,
    )


def answer_allowance(ports: Ports) -> Allowance:
    """The same files of staff, who answer many people a day."""
    return ANSWERS._replace(largest=ports.upload_bytes)


async def create(
    uploader: Uploader,
    declaration: UploadDeclaration,
    *,
    links: Signer,
    now: datetime,
    allowance: Allowance,
) -> tuple[UUID, str]:
    """Give the new row's key, and the token of its one-time URL.

    Raises `Refusals` of what the form says, `QuotaExceeded`.
    """
    upload = _read(uploader, declaration, allowance, now)
    async with in_transaction():
        await _check_quota(uploader, declaration.size, allowance, now)
        await upload.save()
    return upload.id, links.sign(PURPOSE, upload.id, upload.nonce)


def _read(
    uploader: Uploader, declaration: UploadDeclaration, allowance: Allowance, now: datetime
) -> Upload:
    form, found = FormErrors(), None
    with form.field():
        found = clean_file_name(declaration.file_name, allowance)
    with form.field():
        if not 1 <= declaration.size <= allowance.largest:
            raise SizeInvalid("size", megabytes=allowance.largest // MEGABYTE)
    with form.field():
        said = declaration.content_type.partition(";")[0].strip().lower()
        if found and said != FORMATS[found[1]].media_type:
            raise KindUnsupported("contentType", kinds=allowance.limits)
    form.check()
    assert found is not None, "a form without a name is refused"  # noqa: S101
    name, kind = found
    return Upload(
        id=new_key(), user_id=uploader.user_id, staff_id=uploader.staff_id, name=name, kind=kind,
        size=declaration.size, state=UploadState.AWAITED, nonce=new_nonce(), created_at=now,
        expires_at=now + LIFETIME,
    )  # fmt: skip


_LOCK_UPLOADER = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_USED_TODAY = """
SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM upload
WHERE coalesce(user_id, staff_id) = $1 AND created_at > $2 AND kind = ANY($3)
"""


async def _check_quota(uploader: Uploader, size: int, allowance: Allowance, now: datetime) -> None:
    """Two announcements at once wait for each other, until the transaction's end."""
    await raw_sql.fetch(_LOCK_UPLOADER, f"uploads/{uploader.key}")
    (used,) = await raw_sql.fetch(_USED_TODAY, uploader.key, now - DAY, list(allowance.kinds))
    files, most = allowance.files_a_day, allowance.bytes_a_day
    if used["files"] >= files or used["bytes"] + size > most:
        raise QuotaExceeded(files=files, megabytes=most // MEGABYTE)

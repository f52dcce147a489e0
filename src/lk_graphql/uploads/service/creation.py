"""Creation of uploads: name, type, size and quota checks before the first byte."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.kit.errors import Form
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Links, new_nonce
from lk_graphql.ports import Ports
from lk_graphql.uploads.errors import KindUnsupported, QuotaExceeded, SizeInvalid
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.formats import (
    ANSWERS,
    DOCUMENTS,
    FORMS,
    MEGABYTE,
    Allowance,
    cleaned,
)

DAY = timedelta(days=1)
LASTS = DAY
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


class Words(NamedTuple):
    """What a client says of a file before it sends it; `size` in bytes."""

    file_name: str
    content_type: str
    size: int


def of_customers(ports: Ports) -> Allowance:
    """Papers and pictures, as large and as many a day as the company lets a customer send."""
    return DOCUMENTS._replace(
        largest=ports.upload_bytes,
        files_a_day=ports.uploads_a_day,
        bytes_a_day=ports.upload_bytes_a_day,
    )


def of_answers(ports: Ports) -> Allowance:
    """The same files of staff, who answer many people a day."""
    return ANSWERS._replace(largest=ports.upload_bytes)


async def announce(
    who: Uploader, words: Words, *, links: Links, now: datetime, allowance: Allowance
) -> tuple[UUID, str]:
    """Give the new row's key, and the token of its one-time URL.

    Raises `Refusals` of what the form says, `QuotaExceeded`.
    """
    upload = _read(who, words, allowance, now)
    async with in_transaction():
        await _check_quota(who, words.size, allowance, now)
        await upload.save()
    return upload.id, links.token(PURPOSE, upload.id, upload.nonce)


def _read(who: Uploader, words: Words, allowance: Allowance, now: datetime) -> Upload:
    form, found = Form(), None
    with form.field():
        found = cleaned(words.file_name, allowance)
    with form.field():
        if not 1 <= words.size <= allowance.largest:
            raise SizeInvalid("size", megabytes=allowance.largest // MEGABYTE)
    with form.field():
        said = words.content_type.partition(";")[0].strip().lower()
        if found and said != FORMS[found[1]].media_type:
            raise KindUnsupported("contentType", kinds=allowance.words)
    form.check()
    assert found is not None, "a form without a name is refused"  # noqa: S101
    name, kind = found
    return Upload(
        id=new_key(), user_id=who.user_id, staff_id=who.staff_id, name=name, kind=kind,
        size=words.size, state=UploadState.AWAITED, nonce=new_nonce(), created_at=now,
        expires_at=now + LASTS,
    )  # fmt: skip


_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_OF_A_DAY = """
SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM upload
WHERE coalesce(user_id, staff_id) = $1 AND created_at > $2 AND kind = ANY($3)
"""


async def _check_quota(who: Uploader, size: int, allowance: Allowance, now: datetime) -> None:
    """Two announcements at once wait for each other, until the transaction's end."""
    await raw_sql.fetch(_ALONE, f"uploads/{who.key}")
    (used,) = await raw_sql.fetch(_OF_A_DAY, who.key, now - DAY, list(allowance.kinds))
    files, most = allowance.files_a_day, allowance.bytes_a_day
    if used["files"] >= files or used["bytes"] + size > most:
        raise QuotaExceeded(files=files, megabytes=most // MEGABYTE)

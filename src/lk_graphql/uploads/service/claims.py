"""Claims of uploads by their owner, and deletion of unclaimed ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.ports.files import Files
from lk_graphql.uploads.errors import UploadUnusable
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.creation import LIFETIME

_BATCH = 500


async def claim(
    owner: Viewer | StaffViewer,
    keys: Sequence[UUID | None],
    *,
    refusal: type[UploadUnusable],
    path: Sequence[str],
    now: datetime,
    in_quarantine: bool = False,
) -> list[Upload]:
    """Claim uploads in the caller's transaction and return them in the order of `keys`.

    With `in_quarantine`, files that aren't scanned yet are accepted. The caller must wait for the
    scan before reading them.

    Raises `refusal` if a file is unknown, unfinished, already claimed or of another owner. Its path
    is `path` and the index of the first such key.
    """
    usable = await require_usable(
        owner, [key for key in keys if key], now=now, in_quarantine=in_quarantine
    )
    uploads = list[Upload]()
    for index, key in enumerate(keys):
        upload = usable.pop(key, None) if key else None
        if upload is None:
            raise refusal(*path, str(index))
        uploads.append(upload)
    await mark_claimed([upload.id for upload in uploads], now=now)
    return uploads


async def require_usable(
    owner: Viewer | StaffViewer, keys: Sequence[UUID], *, now: datetime, in_quarantine: bool = False
) -> dict[UUID, Upload]:
    """Return those of the files that can be claimed, locked until the end of the transaction.

    The caller claims some or all of them by `mark_claimed`.
    """
    states = (UploadState.READY, UploadState.SCANNING)[: 1 + in_quarantine]
    owned = {"staff_id": owner.id} if isinstance(owner, StaffViewer) else {"user_id": owner.id}
    unclaimed = Upload.filter(
        **owned,
        id__in=keys,
        state__in=states,
        taken_at__isnull=True,
        expires_at__gt=now,
    )
    locked = unclaimed.order_by("id").select_for_update()  # one order avoids deadlocks
    return {upload.id: upload for upload in await locked}


async def mark_claimed(keys: Sequence[UUID], *, now: datetime) -> None:
    """Mark files as claimed: they can't be claimed again, and aren't deleted."""
    await Upload.filter(id__in=keys).update(taken_at=now)


async def release(keys: Sequence[UUID], *, now: datetime) -> None:
    """Release claimed files, whose rows and bytes the next cleanup deletes.

    The caller first removes its foreign keys to the rows, in the same transaction.
    """
    await Upload.filter(id__in=keys).update(taken_at=None, expires_at=now)


async def restore(keys: Sequence[UUID], *, now: datetime) -> None:
    """Cancel a claim, so that the uploader can use the files again."""
    await Upload.filter(id__in=keys).update(taken_at=None, expires_at=now + LIFETIME)


async def delete_unclaimed(files: Files, *, now: datetime) -> int:
    """Delete expired unclaimed uploads, bytes first, and return their number.

    A row without bytes is deleted by the next cleanup. Bytes without a row would never be deleted.
    """
    count = 0
    while orphans := await Upload.filter(taken_at__isnull=True, expires_at__lte=now).limit(_BATCH):
        for orphan in orphans:
            await files.delete(orphan.path)
            await files.delete(orphan.preview_path)
        keys = [orphan.id for orphan in orphans]
        count += await Upload.filter(id__in=keys, taken_at__isnull=True).delete()
    return count

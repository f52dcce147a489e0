"""Claims of uploads by their owner, and deletion of unclaimed ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.ports.files import Files
from lk_graphql.uploads.errors import UploadUnusable
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.creation import LIFETIME


async def claim(
    owner: Viewer | StaffViewer,
    keys: Sequence[UUID | None],
    *,
    refusal: type[UploadUnusable],
    path: Sequence[str],
    now: datetime,
    in_quarantine: bool = False,
) -> list[Upload]:
    """The uploads in the order of `keys`, from now on used; call it in the taker's transaction.

    Staff's may be `in_quarantine` still: then the taker waits for the scanner before it reads them.

    Raises `refusal`, which is the taker's own word, at `path` and the index of the first key
    that can't be used, whatever the reason: somebody else's, unknown, unfinished, used.
    """
    wanted = [key for key in keys if key]
    found = await require_usable(owner, wanted, now=now, in_quarantine=in_quarantine)
    taken = list[Upload]()
    for index, key in enumerate(keys):
        upload = found.pop(key, None) if key else None
        if upload is None:
            raise refusal(*path, str(index))
        taken.append(upload)
    await mark_claimed([upload.id for upload in taken], now=now)
    return taken


async def require_usable(
    owner: Viewer | StaffViewer, keys: Sequence[UUID], *, now: datetime, in_quarantine: bool = False
) -> dict[UUID, Upload]:
    """Those of the files that can be used, locked until the transaction's end.

    For a taker that refuses some of them and goes on with the others: then it calls `use`.
    """
    states = (UploadState.READY, UploadState.SCANNING)[: 1 + in_quarantine]
    owned = {"staff_id": owner.id} if isinstance(owner, StaffViewer) else {"user_id": owner.id}
    free = Upload.filter(
        **owned,
        id__in=keys,
        state__in=states,
        taken_at__isnull=True,
        expires_at__gt=now,
    )
    locked = free.order_by("id").select_for_update()  # everybody locks in the same order
    return {upload.id: upload for upload in await locked}


async def mark_claimed(keys: Sequence[UUID], *, now: datetime) -> None:
    """These files are something's from now on: nobody takes them again, and no sweep."""
    await Upload.filter(id__in=keys).update(taken_at=now)


async def release(keys: Sequence[UUID], *, now: datetime) -> None:
    """What was taken isn't needed any more: the next sweep forgets it, bytes and row.

    Whoever points to the rows lets go of them first, in the same transaction.
    """
    await Upload.filter(id__in=keys).update(taken_at=None, expires_at=now)


async def restore(keys: Sequence[UUID], *, now: datetime) -> None:
    """What was taken has only been looked at: its uploader can use it once more, like a new one."""
    await Upload.filter(id__in=keys).update(taken_at=None, expires_at=now + LIFETIME)


_BATCH = 500


async def delete_unclaimed(files: Files, *, now: datetime) -> int:
    """Bytes first: a row whose bytes are gone is found again, bytes without a row never."""
    forgotten = 0
    while orphans := await Upload.filter(taken_at__isnull=True, expires_at__lte=now).limit(_BATCH):
        for orphan in orphans:
            await files.delete(orphan.path)
            await files.delete(orphan.preview_path)
        keys = [orphan.id for orphan in orphans]
        forgotten += await Upload.filter(id__in=keys, taken_at__isnull=True).delete()
    return forgotten

"""Files that nobody made anything of end after a day."""

from datetime import datetime

from lk_graphql.ports.files import Files
from lk_graphql.uploads.models import Upload

_AT_ONCE = 500


async def forget_orphans(files: Files, *, now: datetime) -> int:
    """Bytes first: a row whose bytes are gone is found again, bytes without a row never."""
    forgotten = 0
    while orphans := await Upload.filter(taken_at__isnull=True, expires_at__lte=now).limit(
        _AT_ONCE
    ):
        for orphan in orphans:
            await files.delete(orphan.path)
            await files.delete(orphan.preview_path)
        keys = [orphan.id for orphan in orphans]
        forgotten += await Upload.filter(id__in=keys, taken_at__isnull=True).delete()
    return forgotten

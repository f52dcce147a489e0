"""Files are in quarantine until a scanner has seen them."""

from uuid import UUID

from lk_graphql.ports.files import Files
from lk_graphql.ports.scanner import Scanner
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import Upload, UploadState


async def scan(key: UUID, *, files: Files, scanner: Scanner | None) -> None:
    """Make a file READY, or refuse it and delete its bytes. Raises `ScannerAway`."""
    upload = await Upload.get_or_none(id=key, state=UploadState.SCANNING)
    if upload is None:
        return
    virus = await scanner.scan(files.get(upload.path)) if scanner else None
    scanned = Upload.filter(id=key, state=UploadState.SCANNING)
    if virus is None:
        await scanned.update(state=UploadState.READY)
        return
    await files.delete(upload.path)
    await files.delete(upload.preview_path)
    await scanned.update(state=UploadState.REFUSED, refusal=UploadErrorCode.VIRUS_FOUND.value)

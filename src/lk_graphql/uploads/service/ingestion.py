"""Reception of uploaded bytes, their checks, and the scan for viruses."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import UUID

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.ports import Ports
from lk_graphql.ports.files import Files, FilesUnavailable, single_chunk
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.scanner import Scanner, TooLargeToScan
from lk_graphql.uploads.errors import SizeMismatch, UploadErrorCode, UploadNotFound, UploadTooSlow
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.creation import PURPOSE
from lk_graphql.uploads.service.formats import PREVIEWED, renamed
from lk_graphql.uploads.service.previews import preview_of

_CHUNK = 1024 * 1024
_MARGIN = timedelta(seconds=30)
"""Time for the statements beside the timeouts, and for differences between clocks."""


@dataclass(frozen=True)
class UploadTimeouts:
    """Timeouts in seconds: `total` for the whole body, `chunk` for the next chunk.

    `storage` is the timeout for the checks of the received file and its storage.
    """

    total: float = 300
    chunk: float = 15
    storage: float = 120

    @classmethod
    def with_size(cls, size: int) -> "UploadTimeouts":
        """Add the time that `size` bytes take at 2 Mbit/s."""
        transfer = size / (256 * 1024)
        return cls(total=cls.total + transfer, storage=cls.storage + transfer)

    def ends_at(self, now: datetime) -> datetime:
        """Return a time at which a process that began `now` no longer receives the upload."""
        return now + timedelta(seconds=self.total + self.storage) + _MARGIN


async def receive(
    token: str,
    body: AsyncIterable[bytes],
    *,
    ports: Ports,
    now: datetime,
    timeouts: UploadTimeouts | None = None,
) -> Upload:
    """Receive, check and store the body of the upload of a token.

    After an interruption the body can be sent again, after a refusal it can't.

    Raises `UploadNotFound`, `UploadTooSlow`, `SizeMismatch`, `ContentMismatch`, `ContentUnsafe`,
    `FilesUnavailable`.
    """
    upload = await _upload_of(token, ports.signer)
    timeouts = timeouts or UploadTimeouts.with_size(upload.size)
    await _begin(upload, timeouts, now)
    try:
        with TemporaryDirectory(prefix="lk-upload-") as folder:
            file = await _receive_body(upload, body, Path(folder), timeouts)
            async with asyncio.timeout(timeouts.storage):
                await _store(upload, file, ports.files)
    except UploadTooSlow:
        await _set_state(upload, UploadState.AWAITED)
        raise
    except Refusal as refusal:
        await _set_state(upload, UploadState.REFUSED, refusal=refusal.code)
        raise
    except BaseException as failure:
        await asyncio.shield(_set_state(upload, UploadState.AWAITED))
        if isinstance(failure, OSError) and not isinstance(failure, ConnectionError):
            # the local disk failed, or the file store took too long
            raise FilesUnavailable(type(failure).__name__) from failure
        raise
    upload.received_at = now
    await _accept(upload, ports)
    return upload


async def scan(key: UUID, *, files: Files, scanner: Scanner | None) -> None:
    """Scan an upload: set it READY, or set it REFUSED and delete its bytes.

    Raises `ScannerUnavailable`.
    """
    upload = await Upload.get_or_none(id=key, state=UploadState.SCANNING)
    if upload is None:
        return
    refusal = await _scan_refusal(files.get(upload.path), scanner) if scanner else None
    scanning = Upload.filter(id=key, state=UploadState.SCANNING)
    if refusal is None:
        await scanning.update(state=UploadState.READY)
        return
    await files.delete(upload.path)
    await files.delete(upload.preview_path)
    await scanning.update(state=UploadState.REFUSED, refusal=refusal.value)


async def _scan_refusal(content: AsyncIterable[bytes], scanner: Scanner) -> UploadErrorCode | None:
    try:
        virus = await scanner.scan(content)
    except TooLargeToScan:
        return UploadErrorCode.SIZE_INVALID
    return UploadErrorCode.VIRUS_FOUND if virus else None


async def reopen_interrupted(*, now: datetime) -> int:
    """Let uploads be sent again whose process has ended while it received them; return a count.

    A column and not a lock of the database says that an upload is being received: a lock would need
    a connection for minutes, and a pooler in transaction mode can't keep it.
    """
    interrupted = Upload.filter(state=UploadState.RECEIVING, receiving_until__lt=now)
    return await interrupted.update(state=UploadState.AWAITED, receiving_until=None)


async def _upload_of(token: str, signer: Signer) -> Upload:
    upload = await Upload.get_or_none(id=key_of_token(token)) if key_of_token(token) else None
    if upload is None or not signer.verify(token, PURPOSE, upload.id, upload.nonce):
        raise UploadNotFound
    return upload


async def _begin(upload: Upload, timeouts: UploadTimeouts, now: datetime) -> None:
    """Claim the upload for this process. Raises `UploadNotFound`."""
    upload.receiving_until = timeouts.ends_at(now)
    awaited = Upload.filter(id=upload.id, state=UploadState.AWAITED, expires_at__gt=now)
    receiving = {"state": UploadState.RECEIVING, "receiving_until": upload.receiving_until}
    if not await awaited.update(**receiving):
        raise UploadNotFound


async def _receive_body(
    upload: Upload, body: AsyncIterable[bytes], folder: Path, timeouts: UploadTimeouts
) -> Path:
    """Write the body to a file in `folder`."""
    file, size = folder / "content", 0
    with file.open("wb") as content:
        try:
            async with asyncio.timeout(timeouts.total):
                async for chunk in _with_timeout(body, timeouts.chunk):
                    size += len(chunk)
                    if size > upload.size:
                        raise SizeMismatch
                    await _write(content, chunk)
        except TimeoutError:
            raise UploadTooSlow from None
    if size != upload.size:
        raise SizeMismatch
    return file


async def _write(content: BinaryIO, chunk: bytes) -> None:
    await asyncio.to_thread(content.write, chunk)


async def _with_timeout(body: AsyncIterable[bytes], seconds: float) -> AsyncIterator[bytes]:
    chunks = aiter(body)
    while True:
        try:
            async with asyncio.timeout(seconds):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        yield chunk


async def _store(upload: Upload, file: Path, files: Files) -> None:
    """Check, clean and store the file, and describe the stored file in `upload`."""
    kind = await asyncio.to_thread(check, file, upload.kind)
    if kind is not upload.kind:
        upload.kind, upload.name = kind, renamed(upload.name, kind)
    upload.size, upload.sha256 = await asyncio.to_thread(_fingerprint, file)
    await files.put(upload.path, _chunks(file))
    if upload.kind in PREVIEWED:
        preview = await preview_of(file)
        if preview is not None:
            await files.put(upload.preview_path, single_chunk(preview))
            upload.has_preview = True


def _fingerprint(file: Path) -> tuple[int, str]:
    with file.open("rb") as content:
        return file.stat().st_size, file_digest(content, "sha256").hexdigest()


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while chunk := await asyncio.to_thread(content.read, _CHUNK):
            yield chunk


async def _accept(upload: Upload, ports: Ports) -> None:
    """Set the state after reception.

    Raises `UploadNotFound` if the row was deleted in the meantime, and then deletes the bytes, or
    if the upload was sent again.
    """
    is_scanned = ports.scanner is not None
    upload.state = UploadState.SCANNING if is_scanned else UploadState.READY
    columns = ("state", "name", "kind", "size", "sha256", "received_at", "has_preview")
    values = {name: getattr(upload, name) for name in columns}
    async with in_transaction():
        is_updated = await _receiving(upload).update(**values, receiving_until=None)
        if is_updated and is_scanned:
            await enqueue("uploads.scan", upload_id=upload.id)
    if is_updated:
        return
    if not await Upload.exists(id=upload.id):  # the upload expired, or its user was erased
        await ports.files.delete(upload.path)
        await ports.files.delete(upload.preview_path)
    raise UploadNotFound


async def _set_state(upload: Upload, state: UploadState, *, refusal: str | None = None) -> None:
    with suppress(asyncio.CancelledError):
        await _receiving(upload).update(state=state, refusal=refusal, receiving_until=None)


def _receiving(upload: Upload) -> QuerySet[Upload]:
    """Select the row while this process receives it, and no other one after an interruption."""
    return Upload.filter(
        id=upload.id, state=UploadState.RECEIVING, receiving_until=upload.receiving_until
    )

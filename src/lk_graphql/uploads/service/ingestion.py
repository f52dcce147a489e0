"""Reception of uploaded bytes, their checks, and the scan for viruses."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.ports import Ports
from lk_graphql.ports.files import Files, FilesUnavailable, single_chunk
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.scanner import Scanner
from lk_graphql.uploads.errors import SizeMismatch, UploadErrorCode, UploadNotFound, UploadTooSlow
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.creation import PURPOSE
from lk_graphql.uploads.service.formats import PREVIEWED, renamed
from lk_graphql.uploads.service.previews import preview_of

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class UploadTimeouts:
    """Timeouts in seconds: `total` for the whole body, `chunk` for the next chunk."""

    total: float = 300
    chunk: float = 15

    @classmethod
    def with_size(cls, size: int) -> "UploadTimeouts":
        """Add the time that `size` bytes take at 2 Mbit/s."""
        return cls(total=cls.total + size / (256 * 1024))


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
    upload = await _lock_upload(token, ports.signer, now)
    try:
        with TemporaryDirectory(prefix="lk-upload-") as folder:
            file = await _receive_body(
                upload, body, Path(folder), timeouts or UploadTimeouts.with_size(upload.size)
            )
            await _store(upload, file, ports.files)
    except Refusal as refusal:
        if not isinstance(refusal, UploadTooSlow):
            await _set_state(upload, UploadState.REFUSED, refusal=refusal.code.value)
            raise
        await _set_state(upload, UploadState.AWAITED)
        raise
    except BaseException as failure:
        await asyncio.shield(_set_state(upload, UploadState.AWAITED))
        if isinstance(failure, OSError) and not isinstance(failure, ConnectionError):
            raise FilesUnavailable(type(failure).__name__) from failure  # the local disk failed
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
    virus = await scanner.scan(files.get(upload.path)) if scanner else None
    scanning = Upload.filter(id=key, state=UploadState.SCANNING)
    if virus is None:
        await scanning.update(state=UploadState.READY)
        return
    await files.delete(upload.path)
    await files.delete(upload.preview_path)
    await scanning.update(state=UploadState.REFUSED, refusal=UploadErrorCode.VIRUS_FOUND.value)


async def _lock_upload(token: str, links: Signer, now: datetime) -> Upload:
    upload = await Upload.get_or_none(id=key_of_token(token)) if key_of_token(token) else None
    if upload is None or not links.verify(token, PURPOSE, upload.id, upload.nonce):
        raise UploadNotFound
    awaited = Upload.filter(id=upload.id, state=UploadState.AWAITED, expires_at__gt=now)
    if not await awaited.update(state=UploadState.RECEIVING):
        raise UploadNotFound
    return upload


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

    Deletes the bytes and raises `UploadNotFound` if the row was deleted in the meantime.
    """
    is_scanned = ports.scanner is not None
    upload.state = UploadState.SCANNING if is_scanned else UploadState.READY
    columns = ("state", "name", "kind", "size", "sha256", "received_at", "has_preview")
    async with in_transaction():
        receiving = Upload.filter(id=upload.id, state=UploadState.RECEIVING)
        is_updated = await receiving.update(**{name: getattr(upload, name) for name in columns})
        if is_updated and is_scanned:
            await enqueue("uploads.scan", upload_id=upload.id)
    if not is_updated:  # the upload expired, or its user was erased
        await ports.files.delete(upload.path)
        await ports.files.delete(upload.preview_path)
        raise UploadNotFound


async def _set_state(upload: Upload, state: UploadState, *, refusal: str | None = None) -> None:
    with suppress(asyncio.CancelledError):
        await Upload.filter(id=upload.id).update(state=state, refusal=refusal)

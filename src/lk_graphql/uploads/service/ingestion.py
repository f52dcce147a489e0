"""Reception of uploaded bytes, checks and virus scan."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.ports import Ports
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.scanner import Scanner
from lk_graphql.uploads.errors import SizeMismatch, UploadErrorCode, UploadNotFound, UploadTooSlow
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.creation import PURPOSE
from lk_graphql.uploads.service.formats import PREVIEWED
from lk_graphql.uploads.service.previews import render_preview

_MAX_RENDERERS = 2
"""Pictures that are drawn at the same time: each may take a hundred megabytes."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class UploadTimeouts:
    """Seconds that a body may take: for all of it, and for the next piece."""

    whole: float = 300
    chunk: float = 15

    @classmethod
    def with_size(cls, size: int) -> "UploadTimeouts":
        """Of a long file: a line of 2 Mbit/s, which an office has."""
        return cls(whole=cls.whole + size / (256 * 1024))


async def receive(
    token: str,
    body: AsyncIterable[bytes],
    *,
    ports: Ports,
    now: datetime,
    timeouts: UploadTimeouts | None = None,
) -> Upload:
    """The upload that a one-time URL stands for, checked and kept.

    What is cut off can be sent again, what is refused can't. Raises `UploadNotFound`,
    `TooSlow`, `SizeMismatch`, `ContentMismatch`, `ContentUnsafe`.
    """
    upload = await _lock_upload(token, ports.signer, now)
    try:
        with TemporaryDirectory(prefix="lk-upload-") as folder:
            file, digest = await _receive_body(
                upload, body, Path(folder), timeouts or UploadTimeouts.with_size(upload.size)
            )
            await _store(upload, file, ports.files)
    except Refusal as refusal:
        if not isinstance(refusal, UploadTooSlow):
            await _set_state(upload, UploadState.REFUSED, refusal=refusal.code.value)
            raise
        await _set_state(upload, UploadState.AWAITED)
        raise
    except BaseException:
        await asyncio.shield(_set_state(upload, UploadState.AWAITED))
        raise
    upload.sha256, upload.received_at = digest, now
    await _accept(upload, ports)
    return upload


async def _lock_upload(token: str, links: Signer, now: datetime) -> Upload:
    upload = await Upload.get_or_none(id=key_of_token(token)) if key_of_token(token) else None
    if upload is None or not links.verify(token, PURPOSE, upload.id, upload.nonce):
        raise UploadNotFound
    claimed = Upload.filter(id=upload.id, state=UploadState.AWAITED, expires_at__gt=now)
    if not await claimed.update(state=UploadState.RECEIVING):
        raise UploadNotFound
    return upload


async def _receive_body(
    upload: Upload, body: AsyncIterable[bytes], folder: Path, timeouts: UploadTimeouts
) -> tuple[Path, str]:
    """Store the body as a file of `folder`; its path and SHA-256."""
    file, digest, size = folder / "content", sha256(), 0
    with file.open("wb") as content:
        try:
            async with asyncio.timeout(timeouts.whole):
                async for chunk in _with_timeout(body, timeouts.chunk):
                    size += len(chunk)
                    if size > upload.size:
                        raise SizeMismatch
                    digest.update(chunk)
                    await _write(content, chunk)
        except TimeoutError:
            raise UploadTooSlow from None
    if size != upload.size:
        raise SizeMismatch
    return file, digest.hexdigest()


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
    await asyncio.to_thread(check, file, upload.kind)
    await files.put(upload.path, _chunks(file))
    if upload.kind in PREVIEWED:
        drawn = await _render(render_preview, file)
        if drawn is not None:
            await files.put(upload.preview_path, _single_chunk(drawn))
            upload.has_preview = True


_render_slots = asyncio.Semaphore(_MAX_RENDERERS)


async def _render(render: Callable[[Path], bytes | None], file: Path) -> bytes | None:
    async with _render_slots:
        return await asyncio.to_thread(render, file)


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while piece := await asyncio.to_thread(content.read, _CHUNK):
            yield piece


async def _single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _accept(upload: Upload, ports: Ports) -> None:
    """Leaves no bytes and raises `UploadNotFound` where the upload has been forgotten meanwhile."""
    is_scanned = ports.scanner is not None
    upload.state = UploadState.SCANNING if is_scanned else UploadState.READY
    columns = ("state", "sha256", "received_at", "has_preview")
    async with in_transaction():
        awaited = Upload.filter(id=upload.id, state=UploadState.RECEIVING)
        is_kept = await awaited.update(**{name: getattr(upload, name) for name in columns})
        if is_kept and is_scanned:
            await enqueue("uploads.scan", upload_id=upload.id)
    if not is_kept:  # its day was over, or its person is
        await ports.files.delete(upload.path)
        await ports.files.delete(upload.preview_path)
        raise UploadNotFound


async def _set_state(upload: Upload, state: UploadState, *, refusal: str | None = None) -> None:
    with suppress(asyncio.CancelledError):
        await Upload.filter(id=upload.id).update(state=state, refusal=refusal)


async def scan(key: UUID, *, files: Files, scanner: Scanner | None) -> None:
    """Make a file READY, or refuse it and delete its bytes. Raises `ScannerUnavailable`."""
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

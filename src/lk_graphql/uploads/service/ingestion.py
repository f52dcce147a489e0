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
from lk_graphql.kit.signing import Links, key_in
from lk_graphql.ports import Ports
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.scanner import Scanner
from lk_graphql.uploads.errors import SizeMismatch, TooSlow, UploadErrorCode, UploadNotFound
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.creation import PURPOSE
from lk_graphql.uploads.service.formats import PREVIEWED
from lk_graphql.uploads.service.previews import preview

_AT_ONCE = 2
"""Pictures that are drawn at the same time: each may take a hundred megabytes."""
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Patience:
    """Seconds that a body may take: for all of it, and for the next piece."""

    whole: float = 300
    piece: float = 15

    @classmethod
    def with_size(cls, size: int) -> "Patience":
        """Of a long file: a line of 2 Mbit/s, which an office has."""
        return cls(whole=cls.whole + size / (256 * 1024))


async def receive(
    token: str,
    body: AsyncIterable[bytes],
    *,
    ports: Ports,
    now: datetime,
    patience: Patience | None = None,
) -> Upload:
    """The upload that a one-time URL stands for, checked and kept.

    What is cut off can be sent again, what is refused can't. Raises `UploadNotFound`,
    `TooSlow`, `SizeMismatch`, `ContentMismatch`, `ContentUnsafe`.
    """
    upload = await _claimed(token, ports.links, now)
    try:
        with TemporaryDirectory(prefix="lk-upload-") as folder:
            file, digest = await _taken_in(
                upload, body, Path(folder), patience or Patience.with_size(upload.size)
            )
            await _keep(upload, file, ports.files)
    except Refusal as refusal:
        if not isinstance(refusal, TooSlow):
            await _settle(upload, UploadState.REFUSED, refusal=refusal.code.value)
            raise
        await _settle(upload, UploadState.AWAITED)
        raise
    except BaseException:
        await asyncio.shield(_settle(upload, UploadState.AWAITED))
        raise
    upload.sha256, upload.received_at = digest, now
    await _accept(upload, ports)
    return upload


async def _claimed(token: str, links: Links, now: datetime) -> Upload:
    upload = await Upload.get_or_none(id=key_in(token)) if key_in(token) else None
    if upload is None or not links.is_genuine(token, PURPOSE, upload.id, upload.nonce):
        raise UploadNotFound
    claimed = Upload.filter(id=upload.id, state=UploadState.AWAITED, expires_at__gt=now)
    if not await claimed.update(state=UploadState.RECEIVING):
        raise UploadNotFound
    return upload


async def _taken_in(
    upload: Upload, body: AsyncIterable[bytes], folder: Path, patience: Patience
) -> tuple[Path, str]:
    """Store the body as a file of `folder`; its path and SHA-256."""
    file, digest, size = folder / "content", sha256(), 0
    with file.open("wb") as content:
        try:
            async with asyncio.timeout(patience.whole):
                async for chunk in _in_time(body, patience.piece):
                    size += len(chunk)
                    if size > upload.size:
                        raise SizeMismatch
                    digest.update(chunk)
                    await _write(content, chunk)
        except TimeoutError:
            raise TooSlow from None
    if size != upload.size:
        raise SizeMismatch
    return file, digest.hexdigest()


async def _write(content: BinaryIO, chunk: bytes) -> None:
    await asyncio.to_thread(content.write, chunk)


async def _in_time(body: AsyncIterable[bytes], seconds: float) -> AsyncIterator[bytes]:
    chunks = aiter(body)
    while True:
        try:
            async with asyncio.timeout(seconds):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        yield chunk


async def _keep(upload: Upload, file: Path, files: Files) -> None:
    await asyncio.to_thread(check, file, upload.kind)
    await files.put(upload.path, _pieces(file))
    if upload.kind in PREVIEWED:
        drawn = await _drawn(preview, file)
        if drawn is not None:
            await files.put(upload.preview_path, _once(drawn))
            upload.has_preview = True


_drawing = asyncio.Semaphore(_AT_ONCE)


async def _drawn(draw: Callable[[Path], bytes | None], file: Path) -> bytes | None:
    async with _drawing:
        return await asyncio.to_thread(draw, file)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while piece := await asyncio.to_thread(content.read, _PIECE):
            yield piece


async def _once(content: bytes) -> AsyncIterator[bytes]:
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


async def _settle(upload: Upload, state: UploadState, *, refusal: str | None = None) -> None:
    with suppress(asyncio.CancelledError):
        await Upload.filter(id=upload.id).update(state=state, refusal=refusal)


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

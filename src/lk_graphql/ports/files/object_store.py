"""Files in an object store, read and written in pieces.

The synchronous functions of the store's library run in threads: its `…_async` functions call back
into Python from threads of their own, which aborts the process if the interpreter is exiting.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store


class FilesUnavailable(Exception):
    """The store didn't answer, or not with what was asked; later it may.

    It tells the kind of failure and not the store's words: they may quote an access key.
    """


class Files(Protocol):
    """Keeps files under paths like `uploads/0192….pdf`.

    Paths are ours, never a person's: small Latin letters, digits, `-`, `_`, slashes and one dot.
    Anything else raises ValueError. A path is written once, or again with the same bytes, and then
    only read or deleted. All methods raise `FilesUnavailable`.
    """

    async def put(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        """Keep what comes, all of it or nothing: what `chunks` raises leaves no file.

        Holds a few parts of 5 MB in memory, however long the file is.
        """
        ...

    def get(self, path: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in pieces of a megabyte.

        The first step raises FileNotFoundError if there is no such file.
        """
        ...

    async def size(self, path: str) -> int | None:
        """In bytes; None if there is no such file."""
        ...

    async def written_at(self, path: str) -> datetime | None:
        """When it was put there, by the store's clock; None if there is no such file."""
        ...

    def older(self, folder: str, *, than: datetime) -> AsyncIterator[str]:
        """The paths of files below a folder that were put there before a moment."""
        ...

    async def delete(self, path: str) -> None:
        """What isn't there is deleted already."""
        ...


if TYPE_CHECKING:
    from obstore import ObjectMeta  # there for type checkers only

T = TypeVar("T")

Store = LocalStore | MemoryStore | S3Store

_PIECE = 1024 * 1024
"""Bytes that are read at once: nobody's slowness keeps a request to the store open."""
_PART = 5 * 1024 * 1024
"""Bytes that are written at once: S3 takes no smaller part but the last."""
_PARTS_AT_ONCE = 2
_THREADS = 8
_LISTED = 1000
"""Files that are listed at once."""
_PATH = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9]{1,8})?")


class ObjectStoreFiles:
    """`Files` over an object store; it is the same code for a folder, S3 and memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(_THREADS, "files")

    async def put(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        writer = await self._call(
            obstore.open_writer,
            _checked_path(path),
            buffer_size=_PART,
            max_concurrency=_PARTS_AT_ONCE,
        )
        try:
            async for chunk in chunks:
                await self._in_thread(writer.write, chunk)
        except BaseException as reason:
            await self._in_thread(_abandon, writer, reason)
            raise
        await self._in_thread(writer.close)

    async def get(
        self, path: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        size = await self.size(path)
        if size is None:
            raise FileNotFoundError(path)
        end = size if end is None else min(end, size)
        while start < end:
            stop = min(end, start + _PIECE)
            yield bytes(await self._call(obstore.get_range, path, start=start, end=stop))
            start = stop

    async def size(self, path: str) -> int | None:
        head = await self._head(path)
        return head and head["size"]

    async def written_at(self, path: str) -> datetime | None:
        head = await self._head(path)
        return head and head["last_modified"]

    async def older(self, folder: str, *, than: datetime) -> AsyncIterator[str]:
        pages = _listed(self._store, _checked_path(folder))
        while page := await self._in_thread(lambda: next(pages, None)):
            for file in page:
                if file["last_modified"] < than:
                    yield file["path"]

    async def delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            await self._call(obstore.delete, _checked_path(path))

    async def _head(self, path: str) -> "ObjectMeta | None":
        try:
            return await self._call(obstore.head, _checked_path(path))
        except FileNotFoundError:
            return None

    async def _call(self, function: Callable[..., T], path: str, **options: object) -> T:
        return await self._in_thread(partial(function, self._store, path, **options))

    async def _in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        """Not cancelled before the thread is done: until then its writer is nobody else's."""
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, partial(function, *arguments))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise
        except BaseError as outage:
            raise FilesUnavailable(type(outage).__name__) from None


def _listed(store: Store, folder: str) -> "Iterator[Sequence[ObjectMeta]]":
    """In pages; it asks the store with each."""
    library = cast("Any", obstore)  # `list` is partly untyped, because of another format
    return iter(library.list(store, prefix=folder, chunk_size=_LISTED))


def _abandon(writer: AbstractContextManager[object], reason: BaseException) -> None:
    """Leaves no part of the file behind."""
    writer.__exit__(type(reason), reason, None)


def _checked_path(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path of ours")
    return path

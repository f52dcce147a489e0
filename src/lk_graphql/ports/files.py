"""Files in an object store (a folder, an S3 bucket, or memory), read and written in pieces.

The synchronous functions of the store's library run in threads: its `…_async` functions call back
into Python from threads of their own, which aborts the process if the interpreter is exiting.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from urllib.parse import SplitResult, parse_qs, unquote

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store

from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.service_urls import split_service_url
from lk_graphql.ports.service_calls import service_call


class FilesUnavailable(Unavailable):
    """No response of the store, an error, or a full disk; a retry may succeed.

    The message has the class of the failure: the store's text may quote an access key.
    """

    def __init__(self, failure: str) -> None:
        super().__init__(f"file store ({failure})")


class Files(Protocol):
    """Stores files under paths like `uploads/0192….pdf`.

    Paths are generated, not user input: lower-case Latin letters, digits, `-`, `_`, slashes and
    one dot. Others raise ValueError. A path is written once, or again with the same bytes, and
    then only read or deleted. All methods raise `FilesUnavailable`.
    """

    async def put(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        """Store a file, completely or not at all: an exception in `chunks` leaves no file.

        Holds only a few parts of 5 MB in memory, whatever the size.
        """
        ...

    def get(self, path: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` to `end`, exclusive, in chunks of 1 MiB.

        The first step raises FileNotFoundError if there is no such file.
        """
        ...

    async def size(self, path: str) -> int | None:
        """The size in bytes; None if there is no such file."""
        ...

    async def written_at(self, path: str) -> datetime | None:
        """The time of writing by the store's clock; None if there is no such file."""
        ...

    def older(self, folder: str, *, than: datetime) -> AsyncIterator[str]:
        """The paths of files below a folder that were written before a time."""
        ...

    async def delete(self, path: str) -> None:
        """Delete a file; a missing one is no error."""
        ...


if TYPE_CHECKING:
    from obstore import ObjectMeta  # exists for type checkers only

T = TypeVar("T")

Store = LocalStore | MemoryStore | S3Store

_CHUNK = 1024 * 1024
"""Bytes of one read, so that slow clients hold no request to the store open."""
_PART = 5 * 1024 * 1024
"""Bytes of one write: the minimum of S3 for all parts but the last."""
_PARTS_AT_ONCE = 2
_THREADS = 8
_PAGE_SIZE = 1000
"""Files of one listing request."""
_TIMEOUT = "60s"
"""The time limit of one request to the store, which has at most one part of 5 MB."""
_PATH = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9]{1,8})?")


class ObjectStoreFiles:
    """`Files` over an object store: a folder, S3 or memory."""

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
            await self._in_thread(_abort, writer, reason)
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
            stop = min(end, start + _CHUNK)
            yield bytes(await self._call(obstore.get_range, path, start=start, end=stop))
            start = stop

    async def size(self, path: str) -> int | None:
        head = await self._head(path)
        return head and head["size"]

    async def written_at(self, path: str) -> datetime | None:
        head = await self._head(path)
        return head and head["last_modified"]

    async def older(self, folder: str, *, than: datetime) -> AsyncIterator[str]:
        pages = _pages(self._store, _checked_path(folder))
        while page := await self._in_thread(lambda: next(pages, None)):
            for file in page:
                if file["last_modified"] < than:
                    yield file["path"]

    async def delete(self, path: str) -> None:
        await self._call(_delete, _checked_path(path))

    async def _head(self, path: str) -> "ObjectMeta | None":
        return await self._call(_head, _checked_path(path))

    async def _call(self, function: Callable[..., T], path: str, **options: object) -> T:
        return await self._in_thread(partial(function, self._store, path, **options))

    async def _in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        """Run in a thread; a cancellation waits for the thread, which may be using the writer."""
        with service_call("files", "request"):
            return await self._awaited(function, *arguments)

    async def _awaited(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, partial(function, *arguments))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise
        except (BaseError, OSError) as outage:
            raise FilesUnavailable(type(outage).__name__) from None


async def single_chunk(content: bytes) -> AsyncIterator[bytes]:
    """Chunks for `Files.put`, of content that is in memory."""
    yield content


def _head(store: Store, path: str) -> "ObjectMeta | None":
    try:
        return obstore.head(store, path)
    except FileNotFoundError:
        return None


def _delete(store: Store, path: str) -> None:
    with suppress(FileNotFoundError):
        obstore.delete(store, path)


def _pages(store: Store, folder: str) -> "Iterator[Sequence[ObjectMeta]]":
    """Pages of files below a folder, one request to the store each."""
    library = cast("Any", obstore)  # `list` is partly untyped, because of another format
    return iter(library.list(store, prefix=folder, chunk_size=_PAGE_SIZE))


def _abort(writer: AbstractContextManager[object], reason: BaseException) -> None:
    """Discard the parts written so far."""
    writer.__exit__(type(reason), reason, None)


def _checked_path(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a valid path of a file")
    return path


def open_files(url: str) -> Files:
    """Open the store of `LK_FILES_URL`; a missing folder is created.

        file:///var/lib/lk/files
        s3://key:secret@s3.example.com/bucket?region=ru-central1
        s3+http://key:secret@127.0.0.1:9000/bucket

    The last form is without TLS, for a store on this machine or behind a tunnel. Raises ValueError
    without quoting the URL.
    """
    address = split_service_url(url)
    if address.scheme == "file":
        return in_folder(Path(unquote(address.path)))
    if address.scheme in {"s3", "s3+http"}:
        return _bucket(address)
    raise ValueError("Files are kept at file:///folder or s3://key:secret@host/bucket")


def in_folder(folder: Path) -> Files:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ObjectStoreFiles(LocalStore(folder))


def in_memory() -> Files:
    """The store of tests."""
    return ObjectStoreFiles(MemoryStore())


def _bucket(address: SplitResult) -> Files:
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    bucket, _, prefix = address.path.strip("/").partition("/")
    is_complete = all((address.hostname, bucket, address.username, address.password))
    if not is_complete or options.keys() - {"region"}:
        raise ValueError("A bucket's address looks like s3://key:secret@host/bucket?region=ru-1")
    region = options.get("region", "us-east-1")  # expected by stores without regions
    return _opened_bucket(address, bucket, prefix, region)


def _opened_bucket(address: SplitResult, bucket: str, prefix: str, region: str) -> Files:
    is_plain = address.scheme == "s3+http"
    host = address.netloc.rpartition("@")[2]
    store = S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{'http' if is_plain else 'https'}://{host}",
        access_key_id=unquote(address.username or ""),
        secret_access_key=unquote(address.password or ""),
        region=region,
        virtual_hosted_style_request=False,
        client_options={"allow_http": is_plain, "timeout": _TIMEOUT},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )
    return ObjectStoreFiles(store)

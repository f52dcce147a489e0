"""What whoever keeps files promises."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from datetime import datetime
from functools import cached_property
from typing import Protocol


class FilesAway(Exception):
    """The store didn't answer, or not with what was asked; later it may.

    It tells the kind of failure and not the store's words: they may quote an access key.
    """


class Files(Protocol):
    """Keeps files under paths like `uploads/0192….pdf`.

    Paths are ours, never a person's: small Latin letters, digits, `-`, `_`, slashes and one dot.
    Anything else raises ValueError. A path is written once, or again with the same bytes, and then
    only read or deleted. All methods raise `FilesAway`.
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


class Late:
    """Files that are opened when the first is asked for: a store's library takes 6 MiB."""

    def __init__(self, opened: Callable[[], Files]) -> None:
        self._opened = opened

    @cached_property
    def _files(self) -> Files:
        return self._opened()

    async def put(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        await self._files.put(path, chunks)

    def get(self, path: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return self._files.get(path, start=start, end=end)

    async def size(self, path: str) -> int | None:
        return await self._files.size(path)

    async def written_at(self, path: str) -> datetime | None:
        return await self._files.written_at(path)

    def older(self, folder: str, *, than: datetime) -> AsyncIterator[str]:
        return self._files.older(folder, than=than)

    async def delete(self, path: str) -> None:
        await self._files.delete(path)

"""What whoever keeps files promises."""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
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

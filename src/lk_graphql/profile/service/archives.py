"""A ZIP archive that is written while it is read, a megabyte in memory at a time."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lk_graphql.profile.service.dossiers import Enclosed


class _Outlet:
    """What `ZipFile` writes to; it can't go back, so lengths stand behind each file."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, piece: bytes) -> int:
        self._waiting += piece
        return len(piece)

    def flush(self) -> None:
        """There is nowhere further to push it."""

    def close(self) -> None:
        """Whoever reads it closes nothing."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


async def zipped(files: AsyncIterable[Enclosed], *, at: datetime) -> AsyncIterator[bytes]:
    """The bytes of the archive, in pieces; `at` is the time that its files carry, in their zone."""
    outlet = _Outlet()
    with ZipFile(outlet, "w") as archive:
        async for file in files:
            entry = ZipInfo(file.path, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as inside:
                async for piece in file.content:
                    await asyncio.to_thread(inside.write, piece)
                    yield outlet.taken()
    yield outlet.taken()

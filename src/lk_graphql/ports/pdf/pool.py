"""A pool of rendering processes, started with the first page.

`ProcessPoolExecutor` can't stop a hanging job, and its processes outlive a killed server. The
processes of this pool read jobs from a pipe and exit at its end.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import orjson

from lk_graphql.ports.pdf import renderer

Drafts = Callable[[], Sequence[str]]
_PAGES_PER_PROCESS = 500
"""Then the process is replaced, because the libraries leak memory."""


class PdfFailed(Exception):
    """The page could not be rendered: invalid or too long, a timeout, or the process died."""


class PdfPoolBusy(Exception):
    """Too many pages are waiting; a later attempt may succeed."""


class PdfRenderer(Protocol):
    """Renders pages."""

    async def page(self, key: str, drafts: Drafts) -> bytes:
        """The first of the drafts that fits on one page, or else the last on several, as PDF.

        Concurrent calls with the same key share one page: `drafts` is called once, in a thread.
        Raises `PdfFailed` and `PdfPoolBusy`.
        """
        ...

    async def close(self) -> None:
        """Cancel all pages and end the processes."""
        ...


class PdfPool:
    """At most `processes` at work and `waiting` pages in all, each with a limit of `seconds`."""

    def __init__(self, processes: int = 1, *, waiting: int = 32, seconds: float = 60) -> None:
        self._slots = asyncio.Semaphore(processes)
        self._waiting = waiting
        self._seconds = seconds
        self._idle: list[_RenderProcess] = []
        self._under_way: dict[str, asyncio.Task[bytes]] = {}

    async def page(self, key: str, drafts: Drafts) -> bytes:
        running = self._under_way.get(key)
        if running is None:
            if len(self._under_way) >= self._waiting:
                raise PdfPoolBusy
            running = asyncio.create_task(self._page(drafts))
            self._under_way[key] = running
            running.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(running)  # other callers may wait for the same page

    async def close(self) -> None:
        for task in [*self._under_way.values()]:
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        while self._idle:
            await self._idle.pop().end()

    async def _page(self, drafts: Drafts) -> bytes:
        async with self._slots:
            texts = await asyncio.to_thread(drafts)
            try:
                is_page, content = await self._render(texts)
            except (TimeoutError, EOFError, ConnectionError) as failure:
                raise PdfFailed(f"{type(failure).__name__} while printing") from failure
        if not is_page:
            raise PdfFailed(content.decode())
        return content

    async def _render(self, drafts: Sequence[str]) -> tuple[bool, bytes]:
        if self._idle:
            with suppress(EOFError, ConnectionError):  # it was killed, perhaps for its memory
                return await self._render_in(self._idle.pop(), drafts)
        return await self._render_in(await _RenderProcess.start(), drafts)

    async def _render_in(
        self, process: "_RenderProcess", drafts: Sequence[str]
    ) -> tuple[bool, bytes]:
        try:
            async with asyncio.timeout(self._seconds):
                result = await process.render(drafts)
        except BaseException:
            await process.end()
            raise
        if process.pages < _PAGES_PER_PROCESS:
            self._idle.append(process)
        else:
            await process.end()
        return result


class _RenderProcess:
    """A process, which renders one page at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.pages = 0

    @classmethod
    async def start(cls) -> "_RenderProcess":
        command = (sys.executable, "-m", "lk_graphql.ports.pdf")
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))

    async def render(self, drafts: Sequence[str]) -> tuple[bool, bytes]:
        """Return whether it succeeded, and the page or error. Raises EOFError, ConnectionError."""
        job_pipe, result_pipe = self._process.stdin, self._process.stdout
        if job_pipe is None or result_pipe is None:
            raise ConnectionError
        job = orjson.dumps([*drafts])
        job_pipe.write(len(job).to_bytes(4) + job)
        await job_pipe.drain()
        head = await result_pipe.readexactly(5)
        content = await result_pipe.readexactly(int.from_bytes(head[1:]))
        self.pages += 1
        return head[:1] == renderer.PAGE, content

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

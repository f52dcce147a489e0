"""Processes that print, a few of them, started when the first page is wanted.

They are ours and not `ProcessPoolExecutor`'s: it can't stop a job that hangs, and its processes
outlive a server that is killed. These read jobs from a pipe and end where it ends.
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
_PAGES_OF_A_PROCESS = 500
"""Then another takes its place: what the libraries leave behind goes with it."""


class PdfFailed(Exception):
    """No page came of it: it can't be printed, took too long, or the process died."""


class PdfPoolBusy(Exception):
    """Too many different pages are wanted at once; later it may go."""


class PdfRenderer(Protocol):
    """Prints pages."""

    async def page(self, key: str, drafts: Drafts) -> bytes:
        """The first of the drafts that fits on one page.

        Whoever wants the same key meanwhile gets the same page: `drafts` is called once, in a
        thread. Raises `PdfFailed` and `PdfPoolBusy`.
        """
        ...

    async def close(self) -> None:
        """Stop all that is under way."""
        ...


class PdfPool:
    """At most `processes` print at once, and `waiting` pages are wanted; each has `seconds`."""

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
        return await asyncio.shield(running)  # whoever hangs up doesn't take it from the others

    async def close(self) -> None:
        for task in [*self._under_way.values()]:
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        while self._idle:
            await self._idle.pop().end()

    async def _page(self, drafts: Drafts) -> bytes:
        async with self._slots:
            drawn = await asyncio.to_thread(drafts)
            printer = self._idle.pop() if self._idle else await _RenderProcess.start()
            try:
                async with asyncio.timeout(self._seconds):
                    is_page, content = await printer.print(drawn)
            except (TimeoutError, EOFError, ConnectionError) as failure:
                await printer.end()
                raise PdfFailed(f"{type(failure).__name__} while printing") from failure
            except BaseException:
                await printer.end()
                raise
            await self._keep(printer)
        if not is_page:
            raise PdfFailed(content.decode())
        return content

    async def _keep(self, printer: "_RenderProcess") -> None:
        if printer.pages < _PAGES_OF_A_PROCESS:
            self._idle.append(printer)
        else:
            await printer.end()


class _RenderProcess:
    """One process; it knows one job at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.pages = 0

    @classmethod
    async def start(cls) -> "_RenderProcess":
        command = (sys.executable, "-m", "lk_graphql.ports.pdf")
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))

    async def print(self, drafts: Sequence[str]) -> tuple[bool, bytes]:
        """A page, or else what was wrong. Raises EOFError and ConnectionError when it dies."""
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise ConnectionError
        job = orjson.dumps([*drafts])
        into.write(len(job).to_bytes(4) + job)
        await into.drain()
        head = await out.readexactly(5)
        content = await out.readexactly(int.from_bytes(head[1:]))
        self.pages += 1
        return head[:1] == renderer.PAGE, content

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

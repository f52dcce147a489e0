"""A gate in front of a service, by which it is made slow, silent, absent or nonsensical."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from socket import create_server

_CHUNK = 64 * 1024
_SLOW_SECONDS = 1.5
"""The delay of each piece of a slow answer."""


class GateMode(StrEnum):
    """The behaviour of a service as its clients see it."""

    UP = "up"
    DOWN = "down"  # connections are refused
    SLOW = "slow"
    HANGING = "hanging"  # connections are accepted and never answered
    NONSENSE = "nonsense"


class Gate:
    """A TCP proxy from `port` to a service on this machine.

    `nonsense` are the answers of the mode NONSENSE, taken in turn.
    """

    def __init__(self, service_port: int, nonsense: list[bytes]) -> None:
        self.port = free_port()
        self._service_port, self._nonsense = service_port, nonsense
        self._mode = GateMode.DOWN
        self._listener: asyncio.Server | None = None
        self._connections = set[asyncio.Task[None]]()
        self._count = 0

    async def switch(self, mode: GateMode) -> None:
        """Change the behaviour; open connections end."""
        self._mode = mode
        for connection in self._connections:
            connection.cancel()
        if mode is GateMode.DOWN and self._listener:
            self._listener.close()
            self._listener = None
        elif mode is not GateMode.DOWN and not self._listener:
            self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        with suppress(asyncio.CancelledError, OSError):
            await task

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            match self._mode:
                case GateMode.DOWN:  # of a connection that was accepted in the moment of the change
                    pass
                case GateMode.HANGING:
                    await asyncio.Event().wait()
                case GateMode.NONSENSE:
                    await self._answer_nonsense(reader, writer)
                case _:
                    await self._forward(reader, writer)
        finally:
            writer.close()

    async def _answer_nonsense(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(TimeoutError):  # an SMTP client waits for the server's first line
            await asyncio.wait_for(reader.read(_CHUNK), 0.2)
        self._count += 1
        writer.write(self._nonsense[self._count % len(self._nonsense)])
        await writer.drain()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._service_port)
        delay = _SLOW_SECONDS if self._mode is GateMode.SLOW else 0
        try:
            await asyncio.gather(_copy(reader, upstream, 0), _copy(upstream_reader, writer, delay))
        finally:
            upstream.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Copy to the end of the stream, or until either side is gone."""
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            await asyncio.sleep(delay)
            writer.write(data)
            await writer.drain()
        writer.write_eof()


@asynccontextmanager
async def gate_to(service_port: int, nonsense: list[bytes]) -> AsyncGenerator[Gate]:
    """An open gate."""
    gate = Gate(service_port, nonsense)
    await gate.switch(GateMode.UP)
    try:
        yield gate
    finally:
        await gate.switch(GateMode.DOWN)


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]

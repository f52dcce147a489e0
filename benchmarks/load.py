"""The load generator, a process that sends as many requests as the server can answer.

Reads a `LoadJob` as JSON from standard input and writes a `LoadResult` as JSON to standard output.
"""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import count, cycle, islice
from time import perf_counter, time_ns
from typing import Any

import uvloop

KEY = "k" * 32  # replaced by a new idempotency key in each request
GRACE = 30.0  # seconds to wait for the last answers


@dataclass(frozen=True)
class LoadJob:
    """Send `requests` (complete HTTP requests) cyclically, from number `start`.

    Stops after `seconds`, or after `at_most` answers if that isn't 0.
    """

    port: int
    requests: list[str]
    seconds: float
    start: int = 0
    connections: int = 16
    at_most: int = 0


@dataclass(frozen=True)
class LoadResult:
    """Latencies in milliseconds; `failed` counts answers with errors or other statuses than 200."""

    answered: int
    failed: int
    seconds: float
    p50: float
    p99: float
    example: str = ""


class LoadRun:
    """The shared state of the connections: remaining requests, latencies and failures."""

    def __init__(self, job: LoadJob) -> None:
        self.latencies: list[float] = []
        self.failures: list[bytes] = []
        self.started_at = perf_counter()
        self._end = self.started_at + job.seconds
        self._requests = _requests(job)

    def next(self) -> bytes | None:
        return None if perf_counter() > self._end else next(self._requests, None)

    def outcome(self) -> LoadResult:
        elapsed = perf_counter() - self.started_at
        latencies = sorted(self.latencies)
        percentiles = (
            [latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99)]
            if latencies
            else [0, 0]
        )
        example = self.failures[0][:500].decode(errors="replace") if self.failures else ""
        return LoadResult(
            len(latencies), len(self.failures), elapsed, percentiles[0], percentiles[1], example
        )


class LoadConnection(asyncio.Protocol):
    """A connection that sends its next request after each answer."""

    def __init__(self, run: LoadRun) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._run = run
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not is_complete(self._received):
            return
        self._run.latencies.append(perf_counter() - self._sent_at)
        if not is_success(self._received):
            self._run.failures.append(self._received)
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("The server closed the connection."))

    def _send_next(self) -> None:
        self._received = b""
        request = self._run.next()
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(request)


def is_complete(received: bytes) -> bool:
    """True for a complete response, by its length or its last chunk."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        return received.endswith(b"\r\n0\r\n\r\n")
    length = int(head[at + 17 :].partition(b"\r\n")[0])
    return len(received) >= end + 4 + length


def is_success(answer: bytes) -> bool:
    """True for status 200 without `errors`, which stand first or last in the body."""
    return (
        answer.startswith(b"HTTP/1.1 200")
        and b'"errors":[{' not in answer[:600]
        and b'"errors":[{' not in answer[-600:]
    )


def _requests(job: LoadJob) -> Iterator[bytes]:
    requests = [request.encode() for request in job.requests]
    start = job.start % len(requests)
    stream = islice(cycle(requests), start, None)
    if KEY in job.requests[0]:
        stream = with_keys(stream)
    return islice(stream, job.at_most) if job.at_most else stream


def with_keys(requests: Iterable[bytes]) -> Iterator[bytes]:
    for request, number in zip(requests, count(time_ns() << 32), strict=False):
        yield request.replace(KEY.encode(), b"%032x" % number)


async def run_load(job: LoadJob) -> LoadResult:
    """Run the load. Raises ConnectionError if the server closes a connection."""
    loop, run = asyncio.get_running_loop(), LoadRun(job)
    connections = [
        await loop.create_connection(lambda: LoadConnection(run), "127.0.0.1", job.port)
        for _ in range(job.connections)
    ]
    await asyncio.wait_for(
        asyncio.gather(*(connection.done for _, connection in connections)), job.seconds + GRACE
    )
    return run.outcome()


if __name__ == "__main__":
    load_job = LoadJob(**json.load(sys.stdin))
    print(json.dumps(asdict(uvloop.run(run_load(load_job)))))

"""The load, in a process of its own: as many requests as the server can answer.

Reads a `Job` as JSON from its standard input and writes an `Outcome` as JSON to its output.
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

KEY = "k" * 32  # stands for an idempotency key, which is new in each request
GRACE = 30.0  # seconds for the answers that are under way at the end


@dataclass(frozen=True)
class Job:
    """Send `requests` (whole HTTP requests) round and round, starting somewhere.

    Stops after so many `seconds`, or after so many answers (`at_most`).
    """

    port: int
    requests: list[str]
    seconds: float
    start: int = 0
    connections: int = 16
    at_most: int = 0


@dataclass(frozen=True)
class Outcome:
    """Latencies in milliseconds. `failed` counts answers that aren't 200 or hold errors."""

    answered: int
    failed: int
    seconds: float
    p50: float
    p99: float
    example: str = ""


class Run:
    """What the connections share: the requests that are left, the answers that came."""

    def __init__(self, job: Job) -> None:
        self.latencies: list[float] = []
        self.failures: list[bytes] = []
        self.begun = perf_counter()
        self._end = self.begun + job.seconds
        self._requests = _requests(job)

    def next(self) -> bytes | None:
        return None if perf_counter() > self._end else next(self._requests, None)

    def outcome(self) -> Outcome:
        elapsed = perf_counter() - self.begun
        known = sorted(self.latencies)
        at = [known[int(len(known) * share)] * 1000 for share in (0.5, 0.99)] if known else [0, 0]
        example = self.failures[0][:500].decode(errors="replace") if self.failures else ""
        return Outcome(len(known), len(self.failures), elapsed, at[0], at[1], example)


class Client(asyncio.Protocol):
    """A connection that asks for the next thing when it has the answer to the last."""

    def __init__(self, run: Run) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._run = run
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not is_whole(self._received):
            return
        self._run.latencies.append(perf_counter() - self._asked)
        if not is_good(self._received):
            self._run.failures.append(self._received)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(exc or ConnectionError("The server closed the connection."))

    def _ask(self) -> None:
        self._received = b""
        request = self._run.next()
        if request is None:
            self.over.set_result(None)
            self._transport.close()
            return
        self._asked = perf_counter()
        self._transport.write(request)


def is_whole(received: bytes) -> bool:
    """Whether all of an answer is there, by its length or by its last chunk."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        return received.endswith(b"\r\n0\r\n\r\n")
    length = int(head[at + 17 :].partition(b"\r\n")[0])
    return len(received) >= end + 4 + length


def is_good(answer: bytes) -> bool:
    """A GraphQL answer with `errors` is a 200 as well: they come first or last."""
    return (
        answer.startswith(b"HTTP/1.1 200")
        and b'"errors":[{' not in answer[:600]
        and b'"errors":[{' not in answer[-600:]
    )


def _requests(job: Job) -> Iterator[bytes]:
    whole = [request.encode() for request in job.requests]
    start = job.start % len(whole)
    endless = islice(cycle(whole), start, None)
    if KEY in job.requests[0]:
        endless = with_keys(endless)
    return islice(endless, job.at_most) if job.at_most else endless


def with_keys(requests: Iterable[bytes]) -> Iterator[bytes]:
    for request, number in zip(requests, count(time_ns() << 32), strict=False):
        yield request.replace(KEY.encode(), b"%032x" % number)


async def put(job: Job) -> Outcome:
    """Raises ConnectionError when the server hangs up."""
    loop, run = asyncio.get_running_loop(), Run(job)
    made = [
        await loop.create_connection(lambda: Client(run), "127.0.0.1", job.port)
        for _ in range(job.connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(c.over for _, c in made)), job.seconds + GRACE)
    return run.outcome()


if __name__ == "__main__":
    told = Job(**json.load(sys.stdin))
    print(json.dumps(asdict(uvloop.run(put(told)))))

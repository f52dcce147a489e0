"""The load generator of `benchmarks.overload`: requests that arrive whether answered or not.

Reads an `ArrivalJob` as JSON from standard input and writes a list of `PhaseResult` to standard
output. Latencies count from the moment at which a request was due, so a generator or a server that
lags behind doesn't hide it.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from random import Random
from time import perf_counter, time_ns
from typing import Any

import uvloop

from benchmarks.load import KEY, is_complete

GRACE = 10.0  # seconds to wait for the last answers
MAX_CONNECTIONS = 4000


@dataclass(frozen=True)
class Phase:
    """Seconds of `rate` arrivals per second, at random moments; 0: as many as are answered."""

    rate: float
    seconds: float


@dataclass(frozen=True)
class ArrivalJob:
    """`requests` are complete HTTP requests by kind, sent as often as `weights` say."""

    port: int
    requests: Mapping[str, Sequence[str]]
    weights: Mapping[str, float]
    phases: Sequence[Phase]
    connections: int = 32
    """Of a phase without a rate."""


@dataclass
class KindResult:
    """The latencies of 200 and of 503; the other answers `failed`, or never came."""

    sent: int = 0
    answered: list[float] = field(default_factory=list[float])
    refused: list[float] = field(default_factory=list[float])
    example: str = ""


@dataclass
class PhaseResult:
    """`settled` is the time of the last answer that was refused or took longer than usual."""

    seconds: float
    kinds: dict[str, KindResult]
    settled: float


USUAL = 0.25
"""Seconds. Answers that take longer show that the server hasn't recovered."""


class Client:
    """Sends requests on idle connections, or on new ones."""

    def __init__(self, job: ArrivalJob) -> None:
        self._port = job.port
        self._random = Random(15)
        self._kinds, self._weights = [*job.weights], [*job.weights.values()]
        self._streams = {kind: _stream(texts) for kind, texts in job.requests.items()}
        self._idle: list[Connection] = []
        self._opened = 0
        self._opening = set[asyncio.Task[None]]()
        self.open = 0
        self.start()

    def start(self) -> None:
        """Begin a phase with new figures."""
        self._started_at = perf_counter()
        self._result = PhaseResult(0, {kind: KindResult() for kind in self._kinds}, 0)

    def finish(self) -> PhaseResult:
        self._result.seconds = perf_counter() - self._started_at
        return self._result

    def send(self, due_at: float, then: Callable[[], None] = lambda: None) -> None:
        """Send a request of a random kind; `then` is called after its end."""
        (kind,) = self._random.choices(self._kinds, self._weights)
        request = Request(kind, next(self._streams[kind]), due_at, self._result, then)
        self._result.kinds[kind].sent += 1
        self.open += 1
        if self._idle:
            self._idle.pop().send(request)
        elif self._opened < MAX_CONNECTIONS:
            self._opened += 1
            task = asyncio.create_task(self._connect(request))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        else:
            self.end(request, b"no connection was left")

    def end(self, request: "Request", answer: bytes) -> None:
        """Record the answer of a request, or why there is none."""
        now = perf_counter()
        self.open -= 1
        result = request.result.kinds[request.kind]
        latency = now - request.due_at
        if answer.startswith(b"HTTP/1.1 200"):
            result.answered.append(latency)
        elif answer.startswith(b"HTTP/1.1 503"):
            result.refused.append(latency)
        else:
            result.example = result.example or answer[:600].decode(errors="replace")
        if latency > USUAL or not answer.startswith(b"HTTP/1.1 200"):
            request.result.settled = now - self._started_at
        request.then()

    def release(self, connection: "Connection") -> None:
        self._idle.append(connection)

    def lose(self, connection: "Connection") -> None:
        self._opened -= 1
        if connection in self._idle:
            self._idle.remove(connection)

    async def _connect(self, request: "Request") -> None:
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(self), "127.0.0.1", self._port
            )
        except OSError as error:
            self._opened -= 1
            self.end(request, str(error).encode())
        else:
            connection.send(request)


@dataclass(slots=True, eq=False)
class Request:
    kind: str
    content: bytes
    due_at: float
    result: PhaseResult
    then: Callable[[], None]


class Connection(asyncio.Protocol):
    """A connection with at most one request at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._request: Request | None = None
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def send(self, request: Request) -> None:
        self._request = request
        self._transport.write(request.content)

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if self._request is None or not is_complete(self._received):
            return
        request, answer = self._request, self._received
        self._request, self._received = None, b""
        self._client.release(self)
        self._client.end(request, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self._client.lose(self)
        if self._request is not None:
            self._client.end(self._request, f"connection lost: {exc}".encode())
            self._request = None


def _stream(texts: Sequence[str]) -> Iterator[bytes]:
    """The requests of a kind again and again, each with an idempotency key of its own."""
    keys = count(time_ns() << 32)
    contents = [text.encode() for text in texts]
    return (
        content.replace(KEY.encode(), b"%032x" % key)
        for content, key in zip(cycle(contents), keys, strict=False)
    )


async def open_loop(client: Client, phase: Phase) -> None:
    due_at = perf_counter()
    end = due_at + phase.seconds
    rng = Random(15)
    while due_at < end:
        now = perf_counter()
        while due_at <= now:
            client.send(due_at)
            due_at += rng.expovariate(phase.rate)
        await asyncio.sleep(max(0.001, due_at - now))


async def closed_loop(client: Client, phase: Phase, connections: int) -> None:
    end = perf_counter() + phase.seconds

    def send_next() -> None:
        if perf_counter() < end:
            # from the event loop, so that a refusal at once doesn't recurse
            asyncio.get_running_loop().call_soon(lambda: client.send(perf_counter(), send_next))

    for _ in range(connections):
        send_next()
    await asyncio.sleep(phase.seconds)


async def run(job: ArrivalJob) -> list[PhaseResult]:
    client = Client(job)
    results: list[PhaseResult] = []
    for phase in job.phases:
        client.start()
        if phase.rate:
            await open_loop(client, phase)
        else:
            await closed_loop(client, phase, job.connections)
        results.append(client.finish())
    end = perf_counter() + GRACE
    while client.open and perf_counter() < end:  # noqa: ASYNC110 - the answers of all connections
        await asyncio.sleep(0.05)
    return results


if __name__ == "__main__":
    given = json.load(sys.stdin)
    given["phases"] = [Phase(**phase) for phase in given["phases"]]
    print(json.dumps([asdict(result) for result in uvloop.run(run(ArrivalJob(**given)))]))

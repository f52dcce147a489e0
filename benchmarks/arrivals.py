"""The load generator of `benchmarks.overload`: requests that arrive whether answered or not.

Reads an `ArrivalJob` as JSON from standard input and writes a list of `PhaseResult` to standard
output. Latencies count from the moment at which a request was due, so a generator or a server that
lags behind doesn't hide it.

It shares a core with PostgreSQL, so it has to be cheap: prepared bytes on non-blocking sockets,
without an event loop's transports, cost half as much as asyncio's protocols over uvloop.
"""

import json
import select
import socket
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from random import Random
from time import perf_counter, sleep, time_ns

from benchmarks.load import KEY, is_complete

GRACE = 10.0  # seconds to wait for the last answers
MAX_CONNECTIONS = 4000
TICK = 0.001  # seconds between two looks at what is due and what has arrived


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

    started_at: float
    seconds: float
    kinds: dict[str, KindResult]
    settled: float


USUAL = 0.25
"""Seconds. Answers that take longer show that the server hasn't recovered."""


@dataclass(slots=True, eq=False)
class Request:
    kind: KindResult
    phase: PhaseResult
    content: bytes
    due_at: float


@dataclass(slots=True, eq=False)
class Connection:
    """A connection with at most one request at a time."""

    socket: socket.socket
    request: Request | None
    received: bytes = b""


class Client:
    """Sends requests on idle connections, or on new ones."""

    def __init__(self, job: ArrivalJob) -> None:
        self._address = ("127.0.0.1", job.port)
        self._contents = _contents(job)
        self._kinds = tuple(job.weights)
        self._connections: dict[int, Connection] = {}
        self._idle = deque[Connection]()
        self._poll = select.epoll()
        self.open = 0
        self.start()

    def start(self) -> None:
        """Begin a phase with new figures."""
        kinds = {kind: KindResult() for kind in self._kinds}
        self._phase = PhaseResult(perf_counter(), 0, kinds, 0)

    def finish(self) -> PhaseResult:
        self._phase.seconds = perf_counter() - self._phase.started_at
        return self._phase

    def send(self, due_at: float) -> None:
        """Send a request of a random kind."""
        name, content = next(self._contents)
        kind = self._phase.kinds[name]
        kind.sent += 1
        self.open += 1
        request = Request(kind, self._phase, content, due_at)
        if self._idle:
            connection = self._idle.pop()
            connection.request = request
            self._write(connection, request)
        elif len(self._connections) < MAX_CONNECTIONS:
            self._connect(request)
        else:
            self._end(request, b"no connection was left")

    def receive(self, seconds: float) -> None:
        """Read what arrives within some time."""
        for descriptor, event in self._poll.poll(seconds):
            connection = self._connections[descriptor]
            if event == select.EPOLLOUT:  # connected
                self._poll.modify(descriptor, select.EPOLLIN)
                if connection.request:
                    self._write(connection, connection.request)
            else:
                self._read(connection)

    def _connect(self, request: Request) -> None:
        connection = Connection(socket.socket(), request)
        connection.socket.setblocking(False)
        connection.socket.connect_ex(self._address)
        descriptor = connection.socket.fileno()
        self._connections[descriptor] = connection
        self._poll.register(descriptor, select.EPOLLOUT)

    def _write(self, connection: Connection, request: Request) -> None:
        try:
            connection.socket.sendall(request.content)
        except OSError as error:
            self._lose(connection, error)

    def _read(self, connection: Connection) -> None:
        try:
            data = connection.socket.recv(1 << 18)
        except OSError as error:
            self._lose(connection, error)
            return
        if not data:
            self._lose(connection, None)
            return
        received = connection.received + data
        if connection.request is None or not is_complete(received):
            connection.received = received
            return
        request, connection.request, connection.received = connection.request, None, b""
        self._idle.append(connection)
        self._end(request, received)

    def _lose(self, connection: Connection, error: OSError | None) -> None:
        del self._connections[connection.socket.fileno()]
        connection.socket.close()
        if connection.request is None:
            self._idle.remove(connection)
        else:
            self._end(connection.request, f"connection lost: {error}".encode())

    def _end(self, request: Request, answer: bytes) -> None:
        """Record the answer of a request, or why there is none."""
        now = perf_counter()
        self.open -= 1
        latency = now - request.due_at
        if is_answered := answer.startswith(b"HTTP/1.1 200"):
            request.kind.answered.append(latency)
        elif answer.startswith(b"HTTP/1.1 503"):
            request.kind.refused.append(latency)
        elif not request.kind.example:
            request.kind.example = answer[:600].decode(errors="replace")
        if latency > USUAL or not is_answered:
            request.phase.settled = now - request.phase.started_at


def _contents(job: ArrivalJob) -> Iterator[tuple[str, bytes]]:
    """Requests of random kinds for ever, each with an idempotency key of its own."""
    keys, placeholder = count(time_ns() << 32), KEY.encode()
    rng, weights = Random(15), [*job.weights.values()]
    streams = {
        kind: cycle([text.encode() for text in texts]) for kind, texts in job.requests.items()
    }
    while True:
        for kind in rng.choices([*job.weights], weights, k=1000):
            content = next(streams[kind])
            if placeholder in content:
                content = content.replace(placeholder, b"%032x" % next(keys))
            yield kind, content


def open_loop(client: Client, phase: Phase) -> None:
    due_at = perf_counter()
    end = due_at + phase.seconds
    rng = Random(15)
    while due_at < end:
        now = perf_counter()
        while due_at <= now:
            client.send(due_at)
            due_at += rng.expovariate(phase.rate)
        sleep(TICK)
        client.receive(0)


def closed_loop(client: Client, phase: Phase, connections: int) -> None:
    end = perf_counter() + phase.seconds
    while (now := perf_counter()) < end:
        for _ in range(connections - client.open):
            client.send(now)
        client.receive(end - now)


def run(job: ArrivalJob) -> list[PhaseResult]:
    client = Client(job)
    results: list[PhaseResult] = []
    for phase in job.phases:
        client.start()
        if phase.rate:
            open_loop(client, phase)
        else:
            closed_loop(client, phase, job.connections)
        results.append(client.finish())
    end = perf_counter() + GRACE
    while client.open and perf_counter() < end:
        client.receive(0.05)
    return results


if __name__ == "__main__":
    given = json.load(sys.stdin)
    given["phases"] = [Phase(**phase) for phase in given["phases"]]
    print(json.dumps([asdict(result) for result in run(ArrivalJob(**given))]))

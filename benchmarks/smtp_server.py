"""An SMTP server in a process of its own: it takes every mail, counts, and keeps nothing.

It speaks as much SMTP as mails need, so that on a machine with few cores it takes less of them than
the sender.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

_REPLIES = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}


@dataclass
class SmtpCounts:
    """Connections, and mails by second."""

    connections: int = 0
    seconds: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def mails(self) -> int:
        return sum(self.seconds.values())

    @property
    def most(self) -> int:
        """The most mails of a second of the clock."""
        return max(self.seconds.values(), default=0)


@contextmanager
def smtp_server(delay: float = 0) -> Generator[tuple[str, SmtpCounts]]:
    """The URL of a server that answers after `delay` seconds; the counts come at the end."""
    command = [sys.executable, "-m", "benchmarks.smtp_server", str(delay)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    counts = SmtpCounts()
    try:
        yield f"smtp://127.0.0.1:{process.stdout.readline().strip()}", counts
    finally:
        process.stdin.close()
        result = json.loads(process.stdout.readline())
        counts.connections, counts.seconds = result["connections"], result["seconds"]
        process.wait()


async def _serve(delay: float) -> None:
    connections, seconds = 0, Counter[int]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(delay)
                seconds[int(time.time())] += 1
            writer.write(_REPLIES.get(verb, b"250 ok\r\n"))
            if verb == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps({"connections": connections, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))

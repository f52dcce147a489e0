"""A real `lk serve` process, killed during its calls of the acquirer."""

import asyncio
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.support.cli_process import LK, environment, wait_for
from tests.support.client import COMPANY


@dataclass
class ServerProcess:
    """A server process on one port; its log is appended to `folder`/log."""

    port: int
    folder: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configure(self, dsn: str, acquirer_url: str) -> None:
        """Set the environment; the company is that of the tests, so that orders are identical."""
        self.variables = environment(
            LK_DATABASE_URL=dsn,
            LK_SMTP_URL="smtp://127.0.0.1:1",
            LK_SECRET_KEY="k" * 32,
            LK_PUBLIC_URL=COMPANY.public_url,
            LK_COMPANY_NAME=COMPANY.name,
            LK_PORT=str(self.port),
            LK_ACQUIRER_URL=acquirer_url,
            LK_ACQUIRER_SHOP="shop",
            LK_ACQUIRER_SECRET="secret",
        )

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        with (self.folder / "log").open("a") as log:
            process = self.process = subprocess.Popen(
                [*LK, "serve"], cwd=self.folder, env=self.variables, stdout=log,
                stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        wait_for(self.url, lambda: process.poll() is None)

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def wait_for_signal(self) -> int | None:
        """Wait for the end of the process; the signal's number. Raises `TimeoutExpired`."""
        return self.process and -self.process.wait(10)


class KillMoment(StrEnum):
    """Moment of the kill, relative to a call of the acquirer."""

    BEFORE_ORDER = "before the acquirer stored the order"
    BEFORE_RESPONSE = "after the acquirer stored the order, before its response"
    AFTER_RESPONSE = "a moment after the acquirer's response"


@dataclass
class ServerKiller:
    """ASGI middleware of the acquirer that kills the server at a given order."""

    kill: Callable[[], None]
    moment: KillMoment = KillMoment.AFTER_RESPONSE
    delay: float = 0
    _remaining: int = 0

    def await_call(self, moment: KillMoment, *, number: int, delay: float) -> None:
        """Kill at the given order; `delay` is in seconds after the response."""
        self.moment, self.delay, self._remaining = moment, delay, number

    def around(self, app: Any) -> Any:
        async def middleware(scope: Any, receive: Any, send: Any) -> None:
            if not self._is_awaited(scope):
                await app(scope, receive, send)
                return
            if self.moment is not KillMoment.BEFORE_ORDER:
                await app(
                    scope, receive, send if self.moment is KillMoment.AFTER_RESPONSE else _discard
                )
            if self.moment is KillMoment.AFTER_RESPONSE:
                await asyncio.sleep(self.delay)
            self.kill()
            while (await receive())["type"] != "http.disconnect":
                pass

        return middleware

    def _is_awaited(self, scope: Any) -> bool:
        if scope["type"] != "http" or scope["path"] != "/v3/payments":
            return False
        self._remaining -= 1
        return self._remaining == 0


async def _discard(_: Any) -> None: ...

"""A real `lk serve`, and who kills it while it calls the acquirer."""

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
class Server:
    """Started, killed and started again on one port; its log is added to `folder`/log."""

    port: int
    folder: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configure(self, dsn: str, acquirer_url: str) -> None:
        """For the tests' company: the reconciler repeats its orders to the letter."""
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
        """Returns when it is ready."""
        with (self.folder / "log").open("a") as log:
            process = self.process = subprocess.Popen(
                [*LK, "serve"], cwd=self.folder, env=self.variables, stdout=log,
                stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        wait_for(self.url, lambda: process.poll() is None)

    def kill(self) -> None:
        """With SIGKILL, in the middle of whatever it does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def dies_of(self) -> int | None:
        """The signal's number, when it has died. Raises `TimeoutExpired` if it lives on."""
        return self.process and -self.process.wait(10)


class KillMoment(StrEnum):
    """When the server dies, seen from its call of the acquirer."""

    UNHEARD = "before the acquirer heard of an order"
    UNTOLD = "after it had written an order down, before it said so"
    TOLD = "a moment after it had said so"


@dataclass
class ServerKiller:
    """Stands before the acquirer, counts the orders, and kills whoever gives the one awaited."""

    kill: Callable[[], None]
    blow: KillMoment = KillMoment.TOLD
    delay: float = 0
    _left: int = 0

    def await_call(self, blow: KillMoment, *, number: int, delay: float) -> None:
        """`delay` are the seconds of the moment after which a server that was TOLD dies."""
        self.blow, self.delay, self._left = blow, delay, number

    def around(self, app: Any) -> Any:
        async def listening(scope: Any, receive: Any, send: Any) -> None:
            if not self._is_awaited(scope):
                await app(scope, receive, send)
                return
            if self.blow is not KillMoment.UNHEARD:
                await app(scope, receive, send if self.blow is KillMoment.TOLD else _unsaid)
            if self.blow is KillMoment.TOLD:
                await asyncio.sleep(self.delay)
            self.kill()
            while (await receive())["type"] != "http.disconnect":
                pass

        return listening

    def _is_awaited(self, scope: Any) -> bool:
        if scope["type"] != "http" or scope["path"] != "/v3/payments":
            return False
        self._left -= 1
        return self._left == 0


async def _unsaid(_: Any) -> None: ...

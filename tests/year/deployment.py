"""A running cabinet as the driver sees it: what operators, billing and customers have in hand."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from lk_graphql.billing.service.receipts.content import ReceiptContent

from .acquirer import YearAcquirer
from .browser import Browser
from .installation import Template
from .mailbox import Mailbox
from .model.files import File


class YearClock:
    """The time of a seed; it moves only when the driver moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self.now

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = moment


@dataclass(frozen=True)
class Installation:
    """The parts of a run: the template of its databases, the clock, and the sockets."""

    template: Template
    clock: YearClock
    mailbox: Mailbox
    acquirer: YearAcquirer
    smtp: str


@dataclass(frozen=True)
class Loaded:
    """The outcome of an import; `faults` are code, column and number of refused rows."""

    state: str
    reason: str
    faults: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Login:
    """The form of registration."""

    email: str
    phone: str
    last_name: str
    first_name: str
    patronymic: str
    password: str


class Deployment(Protocol):
    @property
    def installation(self) -> Installation: ...

    @property
    def clock(self) -> YearClock: ...

    @property
    def app(self) -> Any:
        """The ASGI application, or None if it runs elsewhere."""

    def browser(self, number: int) -> Browser:
        """A client with an address of its own."""
        ...

    async def do_jobs(self, *scheduled: str) -> None:
        """Run scheduled jobs, and wait until the worker has nothing left that is due."""

    async def import_files(
        self,
        kind: str,
        files: Sequence[File],
        as_of: datetime,
        controls: dict[str, int] | None = None,
    ) -> Loaded | None:
        """`lk import`; None if the files have been loaded before. Raises `CommandError`."""

    def faults(self) -> list[str]:
        """The lines of the last report of bad rows."""
        ...

    async def export(self, kind: str, since: datetime) -> bytes:
        """`lk export`."""
        ...

    async def create_login(self, login: Login) -> bool:
        """Create a login for a customer; False if customers register themselves."""
        ...

    async def publish_requisites(self, text: str) -> str:
        """`lk supplier publish`; why it was refused, or nothing."""
        ...

    async def receipt(self, key: UUID) -> ReceiptContent | None:
        """The content of a receipt. Raises `NoContent` where only pages can be had."""
        ...


class NoContent(Exception):
    """The contents of receipts are out of reach, in other processes."""


Deploy = Callable[[Installation, str], AbstractAsyncContextManager[Deployment]]
"""Deploys the cabinet on a database of this name."""


def write_files(folder: Path, files: Sequence[File]) -> list[Path]:
    """The files on disk, each once."""
    paths = [folder / file.name for file in files]
    for file, path in zip(files, paths, strict=True):
        path.write_bytes(file.content)
    return [*dict.fromkeys(paths)]

"""Mails of the demo: stored in a folder as `.eml` files, shown at `/dev/mail`.

A folder needs no table that production would not use, and any mail program opens its files.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email, display
from lk_graphql.kit.ids import new_key
from lk_graphql.ports.mail.message import Mail, Mailer, Sender, message


@dataclass(frozen=True)
class StoredMail:
    """A stored mail."""

    id: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str


class FileMailer:
    """Stores mails in a folder, and deletes all but the newest `keep`; file names are sortable."""

    def __init__(
        self, folder: Path, sender: Sender, *, keep: int = 200, clock: Clock = utc_now
    ) -> None:
        self._folder = folder
        self._sender = sender
        self._keep = keep
        self._clock = clock

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        content = message(mail, to, self._sender, key=key, now=self._clock())
        await asyncio.to_thread(self._write, content)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Mailer]:
        yield self

    async def mails(self) -> list[StoredMail]:
        """All mails, the newest first."""
        return await asyncio.to_thread(lambda: [_read(file) for file in self._files()])

    async def mail(self, mail_id: str) -> StoredMail | None:
        """A mail by its id; None for an unknown id."""
        file = next((file for file in self._files() if file.stem == mail_id), None)
        return await asyncio.to_thread(_read, file) if file else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{new_key().hex}.part"
        file.write_bytes(content)
        file.rename(file.with_suffix(".eml"))  # so that readers see no partial file
        for old in self._files()[self._keep :]:
            old.unlink(missing_ok=True)


def _read(file: Path) -> StoredMail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's class
    return StoredMail(
        file.stem,
        message["Date"].datetime,
        str(message["From"]),
        display(Email(str(message["To"]))),
        str(message["Subject"]),
        _body(message, "plain"),
        _body(message, "html"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part else ""

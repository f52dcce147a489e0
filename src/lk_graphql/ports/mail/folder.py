"""Mails of the demo: kept in a folder as `.eml` files, shown at `/dev/mail`.

A folder and not a table, since nothing but the demo has one: server and workers see the same,
a restart loses nothing, and any mail program opens a file.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email, display
from lk_graphql.kit.ids import new_key
from lk_graphql.ports.mail.message import Mail, Sender, message


@dataclass(frozen=True)
class StoredMail:
    """A mail as its recipient would see it."""

    id: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str


class FileMailer:
    """Keeps the newest `keep` mails; file names grow with time."""

    def __init__(
        self, folder: Path, sender: Sender, *, keep: int = 200, clock: Clock = utc_now
    ) -> None:
        self._folder = folder
        self._sender = sender
        self._keep = keep
        self._clock = clock

    async def send(self, mail: Mail, to: Email) -> None:
        letter = message(mail, to, self._sender, now=self._clock())
        await asyncio.to_thread(self._write, letter)

    async def mails(self) -> list[StoredMail]:
        """Newest first."""
        return await asyncio.to_thread(lambda: [_read(file) for file in self._files()])

    async def mail(self, mail_id: str) -> StoredMail | None:
        """None for an id that no mail has."""
        file = next((file for file in self._files() if file.stem == mail_id), None)
        return await asyncio.to_thread(_read, file) if file else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)

    def _write(self, letter: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{new_key().hex}.part"
        file.write_bytes(letter)
        file.rename(file.with_suffix(".eml"))  # nobody sees half a mail
        for old in self._files()[self._keep :]:
            old.unlink(missing_ok=True)


def _read(file: Path) -> StoredMail:
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(letter, EmailMessage)  # noqa: S101 - which is what this policy makes
    return StoredMail(
        file.stem,
        letter["Date"].datetime,
        str(letter["From"]),
        display(Email(str(letter["To"]))),
        str(letter["Subject"]),
        _body(letter, "plain"),
        _body(letter, "html"),
    )


def _body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return part.get_content() if part else ""

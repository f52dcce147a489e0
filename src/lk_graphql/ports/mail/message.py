"""Mail messages, the protocol of mailers, and the in-memory mailer of tests."""

from base64 import encodebytes
from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID

from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.errors import DoubtfulError, PermanentError, RecipientUnknown


@dataclass(frozen=True)
class MailAttachment:
    """A file that comes with a mail; `name` is shown, and may have any letters."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """A mail, as plain text and as HTML."""

    subject: str
    text: str
    html: str
    language: Language
    unsubscribe_url: str | None = None
    """The URL of one-click unsubscription by POST (RFC 8058)."""
    attachments: tuple[MailAttachment, ...] = ()


@dataclass(frozen=True)
class Sender:
    """The From address: `Металлэнергофинанс <lk@mef.ru>`."""

    name: str
    email: Email


class MailServerUnavailable(Exception):
    """A temporary failure of the mail server.

    The message is the server's code, as for `MailRefused`: the server's text quotes the address,
    and exceptions are logged.
    """


class MailRejected(DoubtfulError):
    """A refusal (5xx) without an enhanced status code, which may be the server's mistake."""


class MailRefused(PermanentError):
    """A permanent refusal of this mail, for its size, content or sender."""


class MailboxNotFound(MailRefused, RecipientUnknown):
    """The mailbox does not exist, or is closed."""


class Mailer(Protocol):
    """Sends mails to one recipient each, so that a repeat doesn't reach others again."""

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        """Send a mail whose Message-ID is made of `key`: receivers show repeats once.

        Raises `MailServerUnavailable`, `MailRejected`, `MailRefused` or `MailboxNotFound`.
        """
        ...

    def session(self) -> AbstractAsyncContextManager["Mailer"]:
        """A mailer for many mails, which may keep connections until the end of the block."""
        ...


# no line of base64 begins with =_
_BOUNDARY = "=_alternative"
_OUTER_BOUNDARY = "=_mixed"


def message(mail: Mail, to: Email, sender: Sender, *, key: UUID, now: datetime) -> bytes:
    """The message in 7-bit MIME, because some servers accept no 8-bit text.

    Raises ValueError for a line break in a header.
    """
    message_id = f"<{key.hex}@{sender.email.rpartition('@')[2]}>"
    headers = _plain_headers(mail, to, message_id, now)
    lines = [f"{name}: {_one_line(value)}" for name, value in headers]
    lines += [_folded("From", str(Address(sender.name, addr_spec=sender.email)))]
    lines += [_folded("Subject", _one_line(mail.subject))]
    if mail.attachments:
        lines += [f'Content-Type: multipart/mixed; boundary="{_OUTER_BOUNDARY}"', ""]
        lines += [f"--{_OUTER_BOUNDARY}", *_alternatives(mail)]
        for attachment in mail.attachments:
            lines += [f"--{_OUTER_BOUNDARY}", *_attached(attachment)]
        lines += [f"--{_OUTER_BOUNDARY}--", ""]
    else:
        lines += [*_alternatives(mail)]
    return "\r\n".join(lines).encode("ascii")


def _alternatives(mail: Mail) -> Iterator[str]:
    """The text and the HTML as a part of their own, with its header."""
    yield f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"'
    yield ""
    for subtype, content in (("plain", mail.text), ("html", mail.html)):
        yield f"--{_BOUNDARY}"
        yield f'Content-Type: text/{subtype}; charset="utf-8"'
        yield "Content-Transfer-Encoding: base64"
        yield ""
        yield _in_base64("\r\n".join(content.splitlines()).encode() + b"\r\n")
    yield f"--{_BOUNDARY}--"
    yield ""


def _attached(attachment: MailAttachment) -> Iterator[str]:
    """A file with its header; the name is encoded by RFC 2231."""
    name = quote(_one_line(attachment.name), safe="")
    yield f"Content-Type: {attachment.media_type}"
    yield "Content-Transfer-Encoding: base64"
    yield f"Content-Disposition: attachment; filename*=utf-8''{name}"
    yield ""
    yield _in_base64(attachment.content)


def _plain_headers(
    mail: Mail, to: Email, message_id: str, now: datetime
) -> Iterator[tuple[str, str]]:
    """The headers that are ASCII and must not be folded."""
    yield "To", to
    yield "Date", format_datetime(now)
    yield "Message-ID", message_id
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no automatic replies
    yield "X-Auto-Response-Suppress", "All"  # the same for Exchange
    if mail.unsubscribe_url:
        yield "List-Unsubscribe", f"<{mail.unsubscribe_url}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", mail.language.code
    yield "MIME-Version", "1.0"


@lru_cache(maxsize=1000)
def _folded(name: str, value: str) -> str:
    """A header encoded by RFC 2047; cached, because mails to many customers share a subject."""
    header: Any = SMTP.header_factory(name, _one_line(value))
    return header.fold(policy=SMTP).rstrip("\r\n")


def _one_line(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("A header has no line breaks")
    return value


def _in_base64(content: bytes) -> str:
    return encodebytes(content).decode("ascii").replace("\n", "\r\n").rstrip()


@dataclass
class InMemoryMailer:
    """Collects mails in memory, with their keys."""

    sent: list[tuple[Email, Mail]] = field(default_factory=list[tuple[Email, Mail]])
    keys: list[UUID] = field(default_factory=list[UUID])

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        self.sent.append((to, mail))
        self.keys.append(key)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Mailer]:
        yield self

    def to(self, email: Email) -> list[Mail]:
        """The mails to an address, the oldest first."""
        return [mail for recipient, mail in self.sent if recipient == email]

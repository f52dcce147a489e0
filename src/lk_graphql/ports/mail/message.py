"""Mail messages, the protocol of mailers, and the in-memory mailer of tests."""

from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.errors import DoubtfulError, PermanentError, RecipientUnknown


@dataclass(frozen=True)
class Mail:
    """A mail, as plain text and as HTML."""

    subject: str
    text: str
    html: str
    language: Language
    unsubscribe_url: str | None = None
    """The URL of one-click unsubscription by POST (RFC 8058)."""


@dataclass(frozen=True)
class Sender:
    """The From address: `Металлэнергофинанс <lk@mef.ru>`."""

    name: str
    email: Email


class MailServerUnavailable(Exception):
    """A temporary failure of the mail server.

    The message is the server's code, as that of `MailRefused`: the server's text quotes the
    address, and exceptions are logged.
    """


class MailRejected(DoubtfulError):
    """A refusal (5xx) without an enhanced status code, which may be the server's mistake."""


class MailRefused(PermanentError):
    """A permanent refusal of this mail, for its size, content or sender."""


class MailboxNotFound(MailRefused, RecipientUnknown):
    """The mailbox does not exist, or is closed."""


class Mailer(Protocol):
    """Sends mails, each to one recipient, so that a repeat reaches nobody who has the mail."""

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        """Send a mail whose Message-ID is made of `key`: receivers show repeats once.

        Raises `MailServerUnavailable`, `MailRejected`, `MailRefused` or `MailboxNotFound`.
        """
        ...


_BOUNDARY = "=_alternative"  # no line of base64 begins with =_


def message(mail: Mail, to: Email, sender: Sender, *, key: UUID, now: datetime) -> bytes:
    """The message in 7-bit MIME, because some servers accept no 8-bit text.

    Raises ValueError for a line break in a header.
    """
    message_id = f"<{key.hex}@{sender.email.rpartition('@')[2]}>"
    headers = _plain_headers(mail, to, message_id, now)
    lines = [f"{name}: {_one_line(value)}" for name, value in headers]
    lines += [_folded("From", str(Address(sender.name, addr_spec=sender.email)))]
    lines += [_folded("Subject", _one_line(mail.subject)), ""]
    for subtype, content in (("plain", mail.text), ("html", mail.html)):
        lines += [
            f"--{_BOUNDARY}",
            f'Content-Type: text/{subtype}; charset="utf-8"',
            "Content-Transfer-Encoding: base64",
            "",
            _in_base64(content),
        ]
    return "\r\n".join([*lines, f"--{_BOUNDARY}--", ""]).encode("ascii")


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
    yield "Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"'


@lru_cache(maxsize=1000)
def _folded(name: str, value: str) -> str:
    """A header encoded by RFC 2047; cached, because mails to many customers share a subject."""
    header: Any = SMTP.header_factory(name, _one_line(value))
    return header.fold(policy=SMTP).rstrip("\r\n")


def _one_line(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("A header has no line breaks")
    return value


def _in_base64(content: str) -> str:
    canonical = "\r\n".join(content.splitlines()) + "\r\n"
    return encodebytes(canonical.encode()).decode("ascii").replace("\n", "\r\n").rstrip()


@dataclass
class InMemoryMailer:
    """Collects mails in memory, with their keys."""

    sent: list[tuple[Email, Mail]] = field(default_factory=list[tuple[Email, Mail]])
    keys: list[UUID] = field(default_factory=list[UUID])

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        self.sent.append((to, mail))
        self.keys.append(key)

    def to(self, email: Email) -> list[Mail]:
        """The mails to an address, the oldest first."""
        return [mail for recipient, mail in self.sent if recipient == email]

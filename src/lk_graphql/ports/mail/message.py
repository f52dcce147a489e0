"""Mail messages, the protocol of mailers, and the in-memory mailer of tests."""

from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.errors import PermanentError, RecipientUnknown


@dataclass(frozen=True)
class Mail:
    """The same twice: for people with pictures and colours, and for those without."""

    subject: str
    text: str
    html: str
    language: Language
    key: UUID | None = None
    """Names this mail for ever: sent twice, it has the same Message-ID, and is shown once."""
    unsubscribe_url: str | None = None
    """Where a mail program's own button unsubscribes with one POST (RFC 8058)."""


@dataclass(frozen=True)
class Sender:
    """Who mails come from: `Металлэнергофинанс <lk@mef.ru>`."""

    name: str
    email: Email


class MailServerUnavailable(Exception):
    """The mail wasn't taken now; later it may be.

    Like `MailRefused`, it tells the server's code and not its words: they quote the address, and
    an exception ends in a log.
    """


class MailRefused(PermanentError):
    """The server won't ever take this mail: for its size, its looks, or whom it comes from."""


class MailboxNotFound(MailRefused, RecipientUnknown):
    """There is no such mailbox, or it is closed."""


class Mailer(Protocol):
    """Takes mails for delivery."""

    async def send(self, mail: Mail, to: Email) -> None:
        """Raises `MailServerUnavailable`, `MailRefused` or `MailboxNotFound`."""
        ...


_BOUNDARY = "=_alternative"  # no line of base64 begins so


def message(mail: Mail, to: Email, sender: Sender, *, now: datetime) -> bytes:
    """What goes over the wire, seven bits wide: some servers still don't take eight.

    Raises ValueError rather than let a line break into a header.
    """
    lines = [f"{name}: {_one_line(value)}" for name, value in _plain_headers(mail, to, sender, now)]
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
    mail: Mail, to: Email, sender: Sender, now: datetime
) -> Iterator[tuple[str, str]]:
    """Those that are ASCII already, and whose values nobody may fold."""
    yield "To", to
    yield "Date", format_datetime(now)
    yield "Message-ID", _message_id(mail, sender)
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no holiday notes in answer
    yield "X-Auto-Response-Suppress", "All"  # the same for Exchange
    if mail.unsubscribe_url:
        yield "List-Unsubscribe", f"<{mail.unsubscribe_url}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", mail.language.code
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"'


@lru_cache(maxsize=1000)
def _folded(name: str, value: str) -> str:
    """As RFC 2047 has it; the same subject goes to a million people, and this takes half a ms."""
    header: Any = SMTP.header_factory(name, _one_line(value))
    return header.fold(policy=SMTP).rstrip("\r\n")


def _one_line(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("A header has no line breaks")
    return value


def _in_base64(content: str) -> str:
    canonical = "\r\n".join(content.splitlines()) + "\r\n"
    return encodebytes(canonical.encode()).decode("ascii").replace("\n", "\r\n").rstrip()


def _message_id(mail: Mail, sender: Sender) -> str:
    domain = sender.email.rpartition("@")[2]
    return f"<{mail.key.hex}@{domain}>" if mail.key else make_msgid(domain=domain)


@dataclass
class InMemoryMailer:
    """Sends nothing and forgets nothing."""

    sent: list[tuple[Email, Mail]] = field(default_factory=list[tuple[Email, Mail]])

    async def send(self, mail: Mail, to: Email) -> None:
        self.sent.append((to, mail))

    def to(self, email: Email) -> list[Mail]:
        """Oldest first."""
        return [mail for recipient, mail in self.sent if recipient == email]

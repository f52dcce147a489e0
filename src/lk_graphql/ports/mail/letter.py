"""What a mail is, who takes it, and how it looks on the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol
from uuid import UUID

from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.hopeless import Hopeless, NobodyThere


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


class MailServerAway(Exception):
    """The mail wasn't taken now; later it may be.

    Like `MailRefused`, it tells the server's code and not its words: they quote the address, and
    an exception ends in a log.
    """


class MailRefused(Hopeless):
    """The server won't ever take this mail: for its size, its looks, or whom it comes from."""


class NoSuchMailbox(MailRefused, NobodyThere):
    """There is no such mailbox, or it is closed."""


class Mailer(Protocol):
    """Takes mails for delivery."""

    async def send(self, mail: Mail, to: Email) -> None:
        """Raises `MailServerAway`, `MailRefused` or `NoSuchMailbox`."""
        ...


_POLICY = SMTP.clone(cte_type="7bit")  # some servers still don't take eight bits


def message(mail: Mail, to: Email, sender: Sender) -> EmailMessage:
    """What goes over the wire. Raises ValueError rather than let a line break into a header."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(sender.name, addr_spec=sender.email)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = _message_id(mail, sender)
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    letter["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    if mail.unsubscribe_url:
        letter["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(mail.text)
    letter.add_alternative(mail.html, subtype="html")
    letter["Content-Language"] = mail.language.code
    return letter


def _message_id(mail: Mail, sender: Sender) -> str:
    domain = sender.email.rpartition("@")[2]
    return f"<{mail.key.hex}@{domain}>" if mail.key else make_msgid(domain=domain)

"""What a mail is, who takes it, and how it looks on the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol

from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.ports.hopeless import Hopeless


@dataclass(frozen=True)
class Mail:
    """The same twice: for people with pictures and colours, and for those without."""

    subject: str
    text: str
    html: str
    language: Language


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
    """The server won't ever take mail for this address."""


class Mailer(Protocol):
    """Takes mails for delivery."""

    async def send(self, mail: Mail, to: Email) -> None:
        """Raises `MailServerAway` or `MailRefused`."""
        ...


_POLICY = SMTP.clone(cte_type="7bit")  # some servers still don't take eight bits


def message(mail: Mail, to: Email, sender: Sender) -> EmailMessage:
    """What goes over the wire. Raises ValueError rather than let a line break into a header."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(sender.name, addr_spec=sender.email)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = make_msgid(domain=sender.email.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    letter["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    letter.set_content(mail.text)
    letter.add_alternative(mail.html, subtype="html")
    letter["Content-Language"] = mail.language.value
    return letter

"""Mails by SMTP."""

import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email
from lk_graphql.ports.mail.message import (
    Mail,
    MailboxNotFound,
    MailRefused,
    MailServerUnavailable,
    Sender,
    message,
)

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ENHANCED = re.compile(r"5\.([0-9]{1,3})\.([0-9]{1,3})\b")
_UNKNOWN_RECIPIENT_CODES = {550, 551, 553}


@dataclass(frozen=True)
class SmtpServer:
    """Where mails are handed in, and how."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False
    """TLS from the first byte."""
    is_starttls: bool = False
    timeout: float = 20
    """Seconds, for each step of the conversation."""


def server(url: str) -> SmtpServer:
    """Read `smtps://user:password@host` or `smtp://…:587?timeout=20`.

    `smtp` demands STARTTLS, of this machine only with `?tls=required`, of others unless
    `?tls=none`: who wants a reset link in clear text has to ask for it. Raises ValueError, which
    doesn't quote the URL.
    """
    address = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    if address.scheme not in {"smtp", "smtps"} or not address.hostname:
        raise ValueError("An SMTP address looks like smtp://user:password@host:port")
    is_local = address.hostname in _LOOPBACK
    tls = options.pop("tls", "none" if is_local else "required")
    if options.keys() - {"timeout"} or tls not in {"none", "required"}:
        raise ValueError("An SMTP address knows timeout=<seconds> and tls=none or tls=required")
    is_tls = address.scheme == "smtps"
    is_starttls = tls == "required" and not is_tls
    return SmtpServer(
        address.hostname,
        address.port or (465 if is_tls else 587 if is_starttls else 25),
        unquote(address.username) if address.username else None,
        unquote(address.password) if address.password else None,
        is_tls=is_tls,
        is_starttls=is_starttls,
        timeout=float(options.get("timeout", 20)),
    )


def _refusal(code: int, words: str) -> type[Exception]:
    """What a server means that turned a recipient away.

    Where it gives RFC 3463's code, only 5.1.x (a bad address) and 5.2.1 (a closed mailbox) are
    about the mailbox for good: a full one, or a server that takes us for spammers, will pass.
    """
    if code < 500:
        return MailServerUnavailable
    enhanced = _ENHANCED.match(words.strip())
    if enhanced is None:
        return MailboxNotFound if code in _UNKNOWN_RECIPIENT_CODES else MailRefused
    subject, detail = map(int, enhanced.groups())
    return MailboxNotFound if subject == 1 or (subject, detail) == (2, 1) else MailRefused


class SmtpMailer:
    """Sends each mail over a connection of its own.

    A server that hangs up on an idle connection is then nobody's business. `tls` is for a
    private certificate authority.
    """

    def __init__(
        self,
        url: str,
        sender: Sender,
        tls: ssl.SSLContext | None = None,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._server = server(url)
        self._sender = sender
        self._tls = tls
        self._clock = clock

    async def send(self, mail: Mail, to: Email) -> None:
        letter = message(mail, to, self._sender, now=self._clock())
        try:
            await aiosmtplib.send(
                letter,
                sender=self._sender.email,
                recipients=[to],
                hostname=self._server.host,
                port=self._server.port,
                username=self._server.username,
                password=self._server.password,
                use_tls=self._server.is_tls,
                start_tls=self._server.is_starttls,
                timeout=self._server.timeout,
                tls_context=self._tls,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            answer = refused.recipients[0]
            raise _refusal(answer.code, answer.message)(f"SMTP {answer.code}") from None
        except aiosmtplib.SMTPResponseException as answer:
            raise MailServerUnavailable(f"SMTP {answer.code}") from None
        except (aiosmtplib.SMTPException, OSError) as outage:
            raise MailServerUnavailable(type(outage).__name__) from None

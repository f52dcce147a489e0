"""Sends mails by SMTP."""

import re
import ssl
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote
from uuid import UUID

import aiosmtplib

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email
from lk_graphql.kit.service_urls import split_service_url
from lk_graphql.ports.mail.message import (
    Mail,
    MailboxNotFound,
    Mailer,
    MailRefused,
    MailRejected,
    MailServerUnavailable,
    Sender,
    message,
)
from lk_graphql.ports.service_calls import service_call

_MAILS_PER_CONNECTION = 100
"""Some servers refuse more."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ENHANCED = re.compile(r"(?P<class>[245])\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})(?![.\d])")
_OF_MAIL = (
    aiosmtplib.SMTPSenderRefused,
    aiosmtplib.SMTPRecipientRefused,
    aiosmtplib.SMTPDataError,
)
_EXTENSION = re.compile(r"\b(STARTTLS|AUTH) extension")
_AUTHENTICATION_CODES = {530, 534, 535, 538}
"""Codes of RFC 4954; 530 is the response to MAIL in a session without a password."""
_STORAGE = 2
"""The subject code of RFC 3463 for the state of a mailbox, such as a full one."""
_SENDER_DETAILS = {7, 8}
"""The addressing codes of RFC 3463 (5.1.x) that are about the sender's address."""


@dataclass(frozen=True)
class SmtpServer:
    """The address and options of an SMTP server."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False
    """Implicit TLS."""
    is_starttls: bool = False
    timeout: float = 20
    """Seconds, for each SMTP command."""


def server(url: str) -> SmtpServer:
    """Parse `smtps://user:password@host` or `smtp://…:587?timeout=20`.

    `smtp` requires STARTTLS, because mails hold secret links: for localhost only with
    `?tls=required`, for other hosts unless `?tls=none`. Raises ValueError, which does not quote
    the URL.
    """
    address = split_service_url(url)
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    is_bare = not address.path.strip("/") and not address.fragment
    if address.scheme not in {"smtp", "smtps"} or not address.hostname or not is_bare:
        raise ValueError("An SMTP address looks like smtp://user:password@host:port")
    is_local = address.hostname in _LOOPBACK
    tls = options.pop("tls", "none" if is_local else "required")
    timeout = options.pop("timeout", "20")
    is_timeout = _SECONDS.fullmatch(timeout) and float(timeout) > 0
    if options or tls not in {"none", "required"} or not is_timeout:
        raise ValueError("An SMTP address takes timeout=<seconds> and tls=none or tls=required")
    is_tls = address.scheme == "smtps"
    is_starttls = tls == "required" and not is_tls
    return SmtpServer(
        address.hostname,
        address.port or (465 if is_tls else 587 if is_starttls else 25),
        unquote(address.username) if address.username else None,
        unquote(address.password) if address.password else None,
        is_tls=is_tls,
        is_starttls=is_starttls,
        timeout=float(timeout),
    )


_SECONDS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_ADDRESS = re.compile(r"\S+@\S+")
_OF_MAILBOX = re.compile(
    r"no such (user|mailbox|recipient|address)|unknown (user|recipient|mailbox)"
    r"|(user|recipient|mailbox|account|address)( account)? (is )?"
    r"(unknown|not found|disabled|closed)"
    r"|(user|recipient|mailbox|account).* does( not|n't) exist|recip(ient)?notfound"
    r"|unrouteable address|invalid mailbox"
)
"""Words about a mailbox that doesn't exist or is closed."""
_OF_POLICY = re.compile(
    r"spam|unsolicited|\b(spf|dkim|dmarc|rbl)\b|black ?list|block|reputation|policy|policies|denied"
    r"|relay(ing)? (access|not|is|prohib|denied)|not (permitted|allowed|authorized)|authentica"
    r"|suspicious|virus|banned|message sending"
)
"""Words about the sender, its server or the message."""
_FOR_NOW = re.compile(
    r"gr[ae]y-?list|(try|retry) (again )?later|try again|too (many|fast)|\brate\b"
    r"|(daily|hourly|sending) .*(limit|quota)|(limit|quota).* sen[dt]"
)
"""Words about a temporary condition, such as too many mails at a time."""


def _failure(reply: aiosmtplib.SMTPResponseException) -> Exception:
    """The error for a reply of a server that doesn't take the mail.

    The enhanced status code of RFC 3463 decides; a 5xx without one is doubtful unless its text is
    clear. The refusal of a whole session is doubtful, too, because it isn't about the mail: an
    operator can correct a password.
    """
    enhanced = _ENHANCED.match(reply.message.strip())
    error = f"SMTP {reply.code} {enhanced[0] if enhanced else ''}".rstrip()
    is_permanent = enhanced["class"] == "5" if enhanced else reply.code >= 500
    if not is_permanent:
        return MailServerUnavailable(error)
    is_of_session = not isinstance(reply, _OF_MAIL) or reply.code in _AUTHENTICATION_CODES
    if is_of_session:
        return MailRejected(error)
    words = _ADDRESS.sub(" ", " ".join(reply.message.lower().split()))
    if isinstance(reply, aiosmtplib.SMTPSenderRefused):
        is_of_mailbox = False
    elif enhanced is None:
        is_of_mailbox = _is_of_mailbox(words)
    else:
        is_of_mailbox = _is_of_mailbox(words, int(enhanced["subject"]), int(enhanced["detail"]))
    if is_of_mailbox:
        return MailboxNotFound(error)
    return MailRejected(error) if enhanced is None or _FOR_NOW.search(words) else MailRefused(error)


def _is_of_mailbox(words: str, subject: int = 0, detail: int = 0) -> bool:
    """Whether a refusal means that the mailbox doesn't exist or is closed.

    The codes 5.1.x and 5.2.1 mean that, unless the text is about a policy only. 5.7.x (policies)
    and others don't, unless the text is about the mailbox only: Yandex responds «5.7.1 No such
    user». A full mailbox or a spam filter says nothing about the mailbox's existence.
    """
    if subject == 1 and detail in _SENDER_DETAILS:
        return False
    has_mailbox, has_policy = bool(_OF_MAILBOX.search(words)), bool(_OF_POLICY.search(words))
    if subject == 1 or (subject, detail) == (2, 1):
        return has_mailbox or not (has_policy or _FOR_NOW.search(words))
    return subject != _STORAGE and has_mailbox and not has_policy


class SmtpMailer:
    """Sends each mail over a new connection, because servers close idle ones.

    A session keeps its connections. `tls` is for a private certificate authority, `hostname` the
    name in EHLO: that of the machine, which aiosmtplib would send, may be `lk_worker_1`, which
    strict servers refuse.
    """

    def __init__(
        self,
        url: str,
        sender: Sender,
        tls: ssl.SSLContext | None = None,
        *,
        hostname: str | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._server = server(url)
        self._sender = sender
        self._tls = tls
        self._hostname = hostname
        self._clock = clock

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        async with self.session() as session:
            await session.send(mail, to, key=key)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Mailer]:
        session = _Session(self._client, self._sender, self._clock)
        try:
            yield session
        finally:
            await session.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            local_hostname=self._hostname,
            use_tls=self._server.is_tls,
            start_tls=self._server.is_starttls,
            timeout=self._server.timeout,
            tls_context=self._tls,
        )


@dataclass
class _Connection:
    client: aiosmtplib.SMTP
    mails: int = 0


@dataclass
class _Session:
    """Sends mails over connections that are kept, as many as are needed at a time."""

    client: Callable[[], aiosmtplib.SMTP]
    sender: Sender
    clock: Clock
    idle: list[_Connection] = field(default_factory=list[_Connection])

    async def send(self, mail: Mail, to: Email, *, key: UUID) -> None:
        content = message(mail, to, self.sender, key=key, now=self.clock())
        with service_call("smtp", "send"), _failures():
            await self._send(content, to)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Mailer]:
        yield self

    async def close(self) -> None:
        while self.idle:
            await _quit(self.idle.pop())

    async def _send(self, content: bytes, to: Email) -> None:
        if self.idle:
            try:
                await self._send_over(self.idle.pop(), content, to)
            except (aiosmtplib.SMTPException, ConnectionError) as error:
                if not _is_closed(error):
                    raise
            else:
                return
        connection = _Connection(self.client())
        await connection.client.connect()
        await self._send_over(connection, content, to)

    async def _send_over(self, connection: _Connection, content: bytes, to: Email) -> None:
        try:
            await connection.client.sendmail(self.sender.email, [to], content)
        except BaseException:
            connection.client.close()
            raise
        connection.mails += 1
        if connection.mails < _MAILS_PER_CONNECTION:
            self.idle.append(connection)
        else:
            await _quit(connection)


async def _quit(connection: _Connection) -> None:
    """End a connection. Its mails are accepted already, so errors are ignored."""
    try:
        await connection.client.quit()
    except (aiosmtplib.SMTPException, OSError):
        connection.client.close()


_OF_CONNECTION = {
    aiosmtplib.SMTPStatus.domain_unavailable,
    aiosmtplib.SMTPStatus.bad_command_sequence,
}
"""421 ends a connection; 503 is about earlier commands, on a kept connection about earlier
mails."""


def _is_closed(error: Exception) -> bool:
    """Whether a kept connection is closed, about to be closed, or out of step."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code in _OF_CONNECTION
    return isinstance(error, (aiosmtplib.SMTPServerDisconnected, ConnectionError))


@contextmanager
def _failures() -> Generator[None]:
    """Raise the port's errors for those of aiosmtplib."""
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as refusal:
        raise _failure(refusal.recipients[0]) from None
    except aiosmtplib.SMTPResponseException as reply:
        raise _failure(reply) from None
    except (aiosmtplib.SMTPException, OSError) as outage:
        raise MailServerUnavailable(_reason(outage)) from None


def _reason(outage: Exception) -> str:
    """The class of a failure, or the feature that the server lacks: texts may hold addresses."""
    if type(outage) is aiosmtplib.SMTPException:
        missing = _EXTENSION.search(str(outage))
        if missing:
            return f"The server doesn't offer {missing[1]}"
    return type(outage).__name__

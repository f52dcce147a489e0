"""The demo's mails and SMS: files in two folders, shown at `/dev/mail` and `/dev/sms`.

A folder needs no table that production would not use, and any mail program opens its files.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import TemplatePages
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email, display
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.mail import Mail, Mailer, Sender
from lk_graphql.ports.mail.message import message

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'"
)
# A mail has only its own styles. Its links open in a new tab without the sandbox.
_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


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
        return await asyncio.to_thread(lambda: [_stored_mail(file) for file in self._files()])

    async def mail(self, mail_id: str) -> StoredMail | None:
        """A mail by its id; None for an unknown id."""
        file = next((file for file in self._files() if file.stem == mail_id), None)
        return await asyncio.to_thread(_stored_mail, file) if file else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{new_key().hex}.part"
        file.write_bytes(content)
        file.rename(file.with_suffix(".eml"))  # so that readers see no partial file
        for old in self._files()[self._keep :]:
            old.unlink(missing_ok=True)


def _stored_mail(file: Path) -> StoredMail:
    content = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(content, EmailMessage)  # noqa: S101 - the policy's class
    return StoredMail(
        file.stem,
        content["Date"].datetime,
        str(content["From"]),
        display(Email(str(content["To"]))),
        str(content["Subject"]),
        _body(content, "plain"),
        _body(content, "html"),
    )


def _body(content: EmailMessage, kind: str) -> str:
    part = content.get_body((kind,))
    return part.get_content() if part else ""


@dataclass(frozen=True)
class StoredSms:
    """A stored SMS."""

    sent_at: datetime
    to: str
    text: str

    @property
    def parts(self) -> int:
        """The number of billed parts: of 70 characters in Cyrillic, or 67 each of several."""
        single, part = (160, 153) if self.text.isascii() else (70, 67)
        return 1 if len(self.text) <= single else -(-len(self.text) // part)


class FileSmsGateway:
    """Stores the newest `keep` SMS; file names are sortable and end with the key of the SMS."""

    def __init__(self, folder: Path, *, keep: int = 200, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._keep = keep
        self._clock = clock

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        await asyncio.to_thread(self._write, text, to, key, is_repeat)

    async def all(self) -> list[StoredSms]:
        """All SMS, the newest first."""
        return await asyncio.to_thread(lambda: [_stored_sms(file) for file in self._files()])

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"), reverse=True)

    def _write(self, text: str, to: Phone, key: UUID, is_repeat: bool) -> None:  # noqa: FBT001
        if is_repeat and any(file.stem.endswith(key.hex) for file in self._files()):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{new_key().hex}-{key.hex}.part"
        content = {"sent_at": self._clock(), "to": to, "text": text}
        file.write_bytes(orjson.dumps(content))
        file.rename(file.with_suffix(".json"))  # so that readers see no partial file
        for old in self._files()[self._keep :]:
            old.unlink(missing_ok=True)


def _stored_sms(file: Path) -> StoredSms:
    content = orjson.loads(file.read_bytes())
    return StoredSms(datetime.fromisoformat(content["sent_at"]), content["to"], content["text"])


def routes(mailer: FileMailer, gateway: FileSmsGateway, zone: ZoneInfo) -> list[BaseRoute]:
    """Lists that refresh themselves, and a mail as HTML and text. Times are in `zone`."""
    pages = TemplatePages("lk_graphql.demo.mailbox")

    async def index(_: Request) -> Response:
        return pages.page("index.html.j2", _headers(), mails=await mailer.mails(), zone=zone)

    async def mail(request: Request) -> Response:
        mail = await _mail(mailer, request)
        return pages.page("mail.html.j2", _headers(), mail=mail, zone=zone)

    async def html(request: Request) -> Response:
        mail = await _mail(mailer, request)
        body = mail.html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(body, headers=_headers(_MAIL))

    async def texts(_: Request) -> Response:
        return pages.page("sms.html.j2", _headers(), texts=await gateway.all(), zone=zone)

    endpoints: Mapping[str, Endpoint] = {
        "/dev/mail": index,
        "/dev/mail/{id}": mail,
        "/dev/mail/{id}/html": html,
        "/dev/sms": texts,
    }
    style = pages.file("/dev/mail/style.css", "style.css", "text/css", _headers())
    script = pages.file("/dev/mail/list.js", "list.js", "text/javascript", _headers())
    return [
        style,
        script,
        *(Route(path, page, methods=["GET"]) for path, page in endpoints.items()),
    ]


async def _mail(mailer: FileMailer, request: Request) -> StoredMail:
    if (mail := await mailer.mail(request.path_params["id"])) is None:
        raise HTTPException(404)
    return mail


def _headers(policy: str = _PAGE) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",  # a link's token is in the address
        "X-Content-Type-Options": "nosniff",
    }

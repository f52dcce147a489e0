import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from jinja2 import UndefinedError

from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.languages import Language
from lk_graphql.ports import jobs
from lk_graphql.ports.jobs import JobContext, Retries, job
from lk_graphql.ports.mail import (
    InMemoryMailer,
    Mail,
    MailboxNotFound,
    MailRefused,
    MailRejected,
    MailServerUnavailable,
    Sender,
    SmtpMailer,
    compose,
)
from lk_graphql.ports.mail.message import message
from lk_graphql.ports.mail.smtp import server
from tests.ports.in_memory import COMPANY, PORTS

MARINA = emails.parse("marina@yandex.ru")
SENDER = Sender("ООО «Энергия», кабинет", emails.parse("lk@example.ru"))
MAIL = Mail("Подтвердите адрес", "Здравствуйте, Марина!\n", "<p>Здравствуйте!</p>", Language.RU)
KEY = UUID("01a22824-98e7-7000-8000-000000000001")
CERTIFICATE = Path(__file__).parent / "localhost.pem"


class Server:
    """Stores mails; `answers` has the replies to refused recipients by local part.

    `data_answers` are the first replies to a whole mail: the server has it, whatever it says.
    """

    def __init__(self) -> None:
        self.accepted: list[Envelope] = []
        self.data_answers: list[str] = []
        self.answers = {"nobody": "550 <{}> unknown", "full": "452 <{}> has no room"}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if answer := self.answers.get(address.partition("@")[0]):
            return answer.format(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        self.accepted.append(envelope)
        return self.data_answers.pop(0) if self.data_answers else "250 OK"

    def message(self) -> EmailMessage:
        (message,) = self.messages()
        return message

    def messages(self) -> list[EmailMessage]:
        return [_parsed(envelope.content) for envelope in self.accepted]


def _parsed(content: object) -> EmailMessage:
    assert isinstance(content, bytes)
    parsed = message_from_bytes(content, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.fixture
def mail_server() -> Server:
    return Server()


@pytest.fixture
def smtp(mail_server: Server) -> Generator[str]:
    yield from _serve(mail_server)


@pytest.fixture
def guarded_smtp(mail_server: Server) -> Generator[str]:
    """Requires STARTTLS and a password."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)

    def authenticate(*arguments: Any) -> AuthResult:
        return AuthResult(success=arguments[-1] == LoginPassword(b"lk", b"p@ss"))

    yield from _serve(
        mail_server,
        tls_context=tls,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )


def _serve(mail_server: Server, **options: Any) -> Generator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mail_server, "127.0.0.1", port, **options)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


async def test_a_mail_arrives_as_text_and_html(smtp: str, mail_server: Server):
    await SmtpMailer(f"smtp://{smtp}", SENDER).send(MAIL, MARINA, key=KEY)

    content = mail_server.message()
    assert (mail_server.accepted[0].mail_from, mail_server.accepted[0].rcpt_tos) == (
        "lk@example.ru",
        [MARINA],
    )
    assert content["From"] == '"ООО «Энергия», кабинет" <lk@example.ru>'
    assert content["To"] == "marina@yandex.ru"
    assert content["Subject"] == "Подтвердите адрес"
    assert [part.get_content_type() for part in content.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in content.iter_parts()] == [
        "Здравствуйте, Марина!",
        "<p>Здравствуйте!</p>",
    ]


async def test_a_mail_is_marked_as_sent_by_a_program(smtp: str, mail_server: Server):
    await SmtpMailer(f"smtp://{smtp}", SENDER).send(MAIL, MARINA, key=KEY)

    content = mail_server.message()
    assert content["Auto-Submitted"] == "auto-generated"
    assert content["Content-Language"] == "ru"
    assert content["Message-ID"] == f"<{KEY.hex}@example.ru>"
    assert datetime.now(UTC) - content["Date"].datetime < timedelta(minutes=1)


async def test_a_mail_is_seven_bits_wide_and_under_its_line_length(smtp: str, mail_server: Server):
    await SmtpMailer(f"smtp://{smtp}", SENDER).send(MAIL, emails.parse("ivan@почта.рф"), key=KEY)

    content = mail_server.accepted[0].content
    assert isinstance(content, bytes)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78 + 2
    assert mail_server.accepted[0].rcpt_tos == ["ivan@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize(
    ("email", "error", "words"),
    [
        ("nobody@ya.ru", MailRejected, "SMTP 550"),
        ("full@ya.ru", MailServerUnavailable, "SMTP 452"),
    ],
)
async def test_an_error_has_the_code_and_not_the_address(
    smtp: str, email: str, error: type[Exception], words: str
):
    with pytest.raises(error) as refusal:
        await SmtpMailer(f"smtp://{smtp}", SENDER).send(MAIL, emails.parse(email), key=KEY)

    assert str(refusal.value) == words
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("550 5.1.1 <{}>: user unknown", MailboxNotFound),
        ("553 no such user here", MailboxNotFound),
        ("556 5.1.10 the domain takes no mail", MailboxNotFound),
        ("550 5.2.1 the mailbox is closed", MailboxNotFound),
        ("552 5.2.2 the mailbox is full", MailRefused),
        ("550 5.7.1 we take you for spammers", MailRefused),
        ("550 5.1.8 your own domain is bad", MailRefused),
        ("450 5.1.1 <{}>: no such user", MailboxNotFound),
        ("550 4.2.2 the mailbox is full", MailServerUnavailable),
        ("554 no", MailRejected),
        ("550 5.1 is no code", MailRejected),
        ("451 4.7.1 greylisted, try later", MailServerUnavailable),
    ],
)
async def test_only_replies_about_the_mailbox_mark_the_mailbox(
    smtp: str, mail_server: Server, answer: str, meaning: type[Exception]
):
    mail_server.answers["marina"] = answer
    with pytest.raises(meaning) as refusal:
        await SmtpMailer(f"smtp://{smtp}", SENDER).send(MAIL, MARINA, key=KEY)

    assert refusal.type is meaning


@job("test.mail", retries=Retries(first_delay=timedelta(milliseconds=1)))
async def mail_marina(context: JobContext, *, row_id: UUID) -> None:
    await context.ports.mail.send(MAIL, MARINA, key=context.key)


async def test_all_attempts_of_a_job_have_one_message_id(
    smtp: str, mail_server: Server, queue: asyncpg.Connection, dsn: str
):
    mail_server.data_answers = ["451 4.3.0 try later", "421 bye", "451 4.3.0 try later"]
    ports = replace(PORTS, mail=SmtpMailer(f"smtp://{smtp}", SENDER))
    for _ in range(2):
        await jobs.enqueue("test.mail", row_id=new_key())
        async with asyncio.timeout(20):
            await jobs.run_until_empty(ports, COMPANY, dsn=dsn)

    ids = Counter(mail["Message-ID"] for mail in mail_server.messages())
    assert list(ids.values()) == [4, 1]


class Script:
    """A server that accepts each command, except for one stage.

    It takes `most` mails over a connection.
    """

    def __init__(self, stage: str, reply: str, *, most: int = 1000) -> None:
        self.stage, self.reply, self.accepted = stage, reply, 0
        self.most, self.connections = most, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections, taken = self.connections + 1, 0
        replies = {"EHLO": "250-here\r\n250 AUTH PLAIN", "DATA": "354 go on", "AUTH": "235 fine"}
        replies |= {"banner": "220 here", "content": "250 taken", self.stage: self.reply}
        if self.stage == "EHLO":
            replies["HELO"] = self.reply
        command = "banner"
        while command:
            writer.write(f"{replies.get(command, '250 OK')}\r\n".encode())
            if command == "DATA" and self.stage != "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                command = "content"
                self.accepted += self.stage != "content"
                taken += 1
                continue
            line = await reader.readline()
            command = line.decode()[:4].strip().upper()
            if command and taken == self.most:
                writer.write(f"{self.reply}\r\n".encode() if self.reply else b"")
                break
        writer.close()


STAGES = ("banner", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "content")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("reply", "of_session", "of_mail"),
    [
        ("550 no", MailRejected, MailRejected),
        ("554-no\r\n554 no", MailRejected, MailRejected),
        ("550 5.7.1 no", MailRejected, MailRefused),
        ("554 4.3.2 no", MailServerUnavailable, MailServerUnavailable),
        ("421 no", MailServerUnavailable, MailServerUnavailable),
        ("451 4.7.1 no", MailServerUnavailable, MailServerUnavailable),
        ("nonsense", MailServerUnavailable, MailServerUnavailable),
    ],
)
async def test_the_enhanced_code_decides_and_a_bare_one_is_doubtful_at_any_stage(
    stage: str, reply: str, of_session: type[Exception], of_mail: type[Exception]
):
    script = Script(stage, reply)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Exception) as failure:  # noqa: PT011 - its type is compared
            await SmtpMailer(f"smtp://lk:p@127.0.0.1:{port}", SENDER).send(MAIL, MARINA, key=KEY)

    assert failure.type is (of_session if STAGES.index(stage) < STAGES.index("MAIL") else of_mail)
    assert script.accepted == 0


async def test_a_session_sends_many_mails_over_one_connection():
    script = Script("", "")
    async with (
        await asyncio.start_server(script.serve, "127.0.0.1", 0) as server,
        SmtpMailer(f"smtp://127.0.0.1:{port_of(server)}", SENDER).session() as session,
    ):
        for _ in range(101):
            await session.send(MAIL, MARINA, key=KEY)
        assert (script.accepted, script.connections) == (101, 2)
        await asyncio.gather(*(session.send(MAIL, MARINA, key=KEY) for _ in range(3)))
        assert (script.accepted, script.connections) == (104, 4)


@pytest.mark.parametrize("goodbye", ["", "421 4.7.0 enough", "503 5.5.1 nested MAIL command"])
async def test_a_connection_that_the_server_ends_or_is_out_of_step_on_is_replaced(goodbye: str):
    script = Script("", goodbye, most=2)
    async with (
        await asyncio.start_server(script.serve, "127.0.0.1", 0) as server,
        SmtpMailer(f"smtp://127.0.0.1:{port_of(server)}", SENDER).session() as session,
    ):
        for _ in range(5):
            await session.send(MAIL, MARINA, key=KEY)
    assert (script.accepted, script.connections) == (5, 3)


async def test_503_on_a_new_connection_refuses_the_mail():
    """It is about the commands before, of which a new connection has none."""
    always = Script("MAIL", "503 5.5.1 nested MAIL command")
    async with await asyncio.start_server(always.serve, "127.0.0.1", 0) as server:
        with pytest.raises(MailRefused, match=r"^SMTP 503 5.5.1$"):
            await SmtpMailer(f"smtp://127.0.0.1:{port_of(server)}", SENDER).send(
                MAIL, MARINA, key=KEY
            )
    assert (always.accepted, always.connections) == (0, 1)


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        ("smtp://lk:p@127.0.0.1:{}?tls=required", "STARTTLS"),
        ("smtp://lk:p@127.0.0.1:{}", "AUTH"),
    ],
)
async def test_a_missing_feature_of_the_server_is_named(url: str, missing: str):
    script = Script("EHLO", "250 here")
    async with await asyncio.start_server(script.serve, "127.0.0.1", 0) as server:
        with pytest.raises(MailServerUnavailable) as outage:
            await SmtpMailer(url.format(port_of(server)), SENDER).send(MAIL, MARINA, key=KEY)

    assert str(outage.value) == f"The server doesn't offer {missing}"
    assert script.accepted == 0


async def test_a_refused_mail_doesn_t_end_a_session(smtp: str, mail_server: Server):
    async with SmtpMailer(f"smtp://{smtp}", SENDER).session() as session:
        await session.send(MAIL, MARINA, key=KEY)
        with pytest.raises((MailRejected, MailboxNotFound)):
            await session.send(MAIL, emails.parse("nobody@yandex.ru"), key=KEY)
        await session.send(MAIL, MARINA, key=KEY)
    assert len(mail_server.accepted) == 2


def port_of(server: asyncio.Server) -> int:
    return server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("goodbye", ["550 no", "221 bye", "nonsense"])
async def test_an_accepted_mail_is_sent_whatever_the_server_replies_then(goodbye: str):
    script = Script("QUIT", goodbye)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(MAIL, MARINA, key=KEY)

    assert script.accepted == 1


async def test_an_unavailable_server_is_an_outage():
    with pytest.raises(MailServerUnavailable):
        await SmtpMailer("smtp://127.0.0.1:9", SENDER).send(MAIL, MARINA, key=KEY)


async def test_a_password_goes_over_tls(guarded_smtp: str, mail_server: Server):
    tls = ssl.create_default_context(cafile=str(CERTIFICATE))
    mailer = SmtpMailer(f"smtp://lk:p%40ss@{guarded_smtp}?tls=required", SENDER, tls)

    await mailer.send(MAIL, MARINA, key=KEY)

    assert mail_server.message()["Subject"] == "Подтвердите адрес"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://lk:wrong@{}?tls=required&timeout=0.5",
        "smtp://{}?tls=required",
        "smtp://lk:p%40ss@{}",
    ],
)
async def test_without_password_or_tls_nothing_is_sent(
    guarded_smtp: str, mail_server: Server, url: str
):
    tls = ssl.create_default_context(cafile=str(CERTIFICATE))

    with pytest.raises((MailServerUnavailable, MailRejected)):
        await SmtpMailer(url.format(guarded_smtp), SENDER, tls).send(MAIL, MARINA, key=KEY)

    assert mail_server.accepted == []


async def test_an_untrusted_certificate_is_refused(guarded_smtp: str, mail_server: Server):
    with pytest.raises(MailServerUnavailable):
        await SmtpMailer(f"smtp://lk:p%40ss@{guarded_smtp}?tls=required", SENDER).send(
            MAIL, MARINA, key=KEY
        )

    assert mail_server.accepted == []


@pytest.mark.parametrize(
    ("url", "port", "is_tls", "is_starttls"),
    [
        ("smtp://mail.example.ru", 587, False, True),
        ("smtp://mail.example.ru:2525", 2525, False, True),
        ("smtps://mail.example.ru", 465, True, False),
        ("smtp://mail.example.ru?tls=none", 25, False, False),
        ("smtp://localhost", 25, False, False),
        ("smtp://[::1]:1025", 1025, False, False),
    ],
)
def test_only_this_machine_gets_clear_text_unasked(
    url: str,
    port: int,
    is_tls: bool,  # noqa: FBT001 - pytest gives it by name
    is_starttls: bool,  # noqa: FBT001
):
    parsed = server(url)

    assert (parsed.port, parsed.is_tls, parsed.is_starttls) == (port, is_tls, is_starttls)


def test_credentials_and_options_are_parsed_and_not_printed():
    parsed = server("smtps://lk%40example.ru:p%40ss@mail.example.ru?timeout=5")

    assert (parsed.username, parsed.password, parsed.timeout) == ("lk@example.ru", "p@ss", 5)
    assert "p@ss" not in repr(parsed)


@pytest.mark.parametrize(
    "url", ["http://p@mail.ru", "smtp://", "mail.example.ru", "smtp://p@h?tls=no", "smtp://p@h?x=1"]
)
def test_a_wrong_url_is_refused_without_quoting_it(url: str):
    with pytest.raises(ValueError, match="An SMTP address") as refusal:
        server(url)

    assert "p@" not in str(refusal.value).replace("password@host", "")


@pytest.mark.parametrize("injected", ["a\r\nBcc: all@ya.ru", "a\nX: y", "a\rX: y"])
def test_no_line_break_gets_into_a_header(injected: str):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        message(Mail(injected, "", "", Language.RU), MARINA, SENDER, key=KEY, now=datetime.now(UTC))
    with pytest.raises(ValueError):  # noqa: PT011
        message(MAIL, Email(f"{injected}@ya.ru"), SENDER, key=KEY, now=datetime.now(UTC))
    with pytest.raises(ValueError):  # noqa: PT011
        message(MAIL, MARINA, Sender(injected, SENDER.email), key=KEY, now=datetime.now(UTC))


def _notice(language: Language = Language.RU, **values: object) -> Mail:
    variables = {"name": "Марина", "url": "https://lk.example.ru/?t=1&u=2", "device": "Firefox"}
    return compose("tests.ports", "notice", language, company=COMPANY, **{**variables, **values})


def test_one_template_makes_the_subject_the_text_and_the_html():
    mail = _notice(name="Марина <b>", device="Firefox & Linux")

    assert mail.subject == "Подтвердите адрес, Марина <b>"
    assert "Здравствуйте, Марина <b>! Чтобы" in mail.text
    assert "  Устройство: Firefox & Linux\n" in mail.text
    assert "Здравствуйте, Марина &lt;b&gt;! Чтобы" in mail.html
    assert "Firefox &amp; Linux" in mail.html
    assert "<b>" not in mail.html


def test_a_link_is_unbroken_in_both_formats():
    mail = _notice()

    assert "\nhttps://lk.example.ru/?t=1&u=2\n" in mail.text
    assert 'href="https://lk.example.ru/?t=1&amp;u=2"' in mail.html


def test_the_text_fits_a_narrow_window():
    lines = _notice().text.splitlines()

    assert max(map(len, lines)) <= 72
    assert not any(a == b == "" for a, b in pairwise(lines))


def test_the_layout_names_the_company_in_the_reader_s_language():
    assert "личного кабинета «Энергия»" in _notice().html
    assert "customer portal of Энергия" in _notice(Language.EN).html
    assert '<html lang="en">' in _notice(Language.EN).html
    assert "customer portal of Энергия" in " ".join(_notice(Language.EN).text.split())


def test_a_mail_loads_nothing_from_other_machines():
    html = _notice().html

    assert "src=" not in html
    assert "url(" not in html
    assert "<link" not in html


def test_a_line_break_in_a_name_does_not_reach_the_subject():
    assert _notice(name="a\r\nBcc: b@c").subject == "Подтвердите адрес, a Bcc: b@c"


def test_a_missing_value_of_a_template_is_a_bug():
    with pytest.raises(UndefinedError):
        compose("tests.ports", "notice", Language.RU, company=COMPANY, name="Марина")


async def test_the_test_mailer_has_mails_by_recipient():
    mails = InMemoryMailer()
    await mails.send(MAIL, MARINA, key=KEY)

    assert mails.to(MARINA) == [MAIL]
    assert mails.to(emails.parse("ivan@ya.ru")) == []

"""Replies of real mail servers over a socket, and EHLO."""

import re
from collections.abc import Generator
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import Envelope

from lk_graphql.app import build_mailer
from lk_graphql.kit import emails
from lk_graphql.kit.languages import Language
from lk_graphql.ports.mail import (
    Mail,
    MailboxNotFound,
    MailRefused,
    MailRejected,
    MailServerUnavailable,
    Sender,
    SmtpMailer,
)
from lk_graphql.settings import read
from tests.support.smtp_server import running_smtp

GONE, REFUSED, DOUBTFUL, LATER = (
    MailboxNotFound,
    MailRefused,
    MailRejected,
    MailServerUnavailable,
)
MARINA = emails.parse("marina@yandex.ru")
SENDER = Sender("Энергия", emails.parse("lk@example.ru"))
MAIL = Mail("Подтвердите адрес", "Здравствуйте!\n", "<p>Здравствуйте!</p>", Language.RU)
KEY = UUID("01a22824-98e7-7000-8000-000000000001")


class Server:
    """Answers `rcpt` to recipients and `data` to mails, and counts the mails that it has read."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.hostnames = list[str]()
        self.rcpt = self.data = "250 2.0.0 Ok"
        self.received = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.hostnames.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any
    ) -> str:
        self.received += 1
        return self.data


@pytest.fixture(scope="module")
def running() -> Generator[tuple[Server, str]]:
    server = Server()
    with running_smtp(server) as url:
        yield server, url


@pytest.fixture
def server(running: tuple[Server, str]) -> Server:
    running[0].reset()
    return running[0]


@pytest.fixture
def smtp(running: tuple[Server, str]) -> str:
    return running[1]


REPLIES = {
    "Postfix 3.7": [
        ("550 5.1.1 <{}>: Recipient address rejected: User unknown in local recipient table", GONE),
        ("550 5.1.1 <{}>: Recipient address rejected: User unknown in relay recipient table", GONE),
        ("550 5.1.2 <{}>: Recipient address rejected: Domain not found", GONE),
        ("554 5.7.1 <{}>: Relay access denied", REFUSED),
        ("554 5.7.1 <{}>: Recipient address rejected: Access denied", REFUSED),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
            REFUSED,
        ),
        ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", REFUSED),
        ("550 5.7.23 <{}>: Recipient address rejected: SPF fail - not authorized", REFUSED),
        ("552 5.2.2 <{}>: Recipient address rejected: Mailbox is over quota", REFUSED),
        ("450 4.2.0 <{}>: Recipient address rejected: Greylisted, see http://postgrey/", LATER),
        ("450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]", LATER),
        ("450 4.7.1 Error: too much mail from 192.0.2.7", LATER),
        ("452 4.5.3 Error: too many recipients", LATER),
        ("550 5.7.1 <{}>: Recipient address rejected: Greylisted, try again later", DOUBTFUL),
    ],
    "Exchange 2019": [
        ("550 5.1.1 User unknown", GONE),
        ("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", GONE),
        ("550 5.7.1 Unable to relay", REFUSED),
        ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", REFUSED),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", REFUSED),
        ("550 5.7.1 Message rejected as spam by Content Filtering.", REFUSED),
        ("452 4.3.1 Insufficient system resources", LATER),
        ("501 5.5.4 Invalid domain name", REFUSED),
    ],
    "Exchange Online": [
        (
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            GONE,
        ),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", REFUSED),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", REFUSED),
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.7]", REFUSED),
        ("550 5.1.90 Your message can't be sent: you've reached your daily limit", DOUBTFUL),
        ("451 4.7.500 Server busy. Please try again later from [192.0.2.7]. (S77719)", LATER),
    ],
    "Yandex": [
        ("550 5.7.1 No such user!", GONE),
        ("450 4.7.1 No such user!", LATER),
        ("554 5.7.1 Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", REFUSED),
        ("553 5.7.1 Sender address rejected: not owned by auth user.", REFUSED),
        ("550 5.7.1 Sending rate exceeded, try again later", DOUBTFUL),
        ("451 4.7.1 Sorry, the service is currently unavailable. Please come back later.", LATER),
    ],
    "mail.ru": [
        (
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox {} is unavailable:"
                " user not found"
            ),
            GONE,
        ),
        (
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox {} is unavailable:"
                " account is disabled"
            ),
            GONE,
        ),
        (
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox {} is unavailable:"
                " message sending for this account is disabled"
            ),
            DOUBTFUL,
        ),
        ("550 spam message rejected. Please visit http://help.mail.ru/notspam-support/", DOUBTFUL),
        ("451 4.7.1 Ratelimited. Try again later.", LATER),
    ],
    "Gmail": [
        (
            (
                "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n"
                "550-5.1.1 double-checking the recipient's email address for typos or\r\n"
                "550 5.1.1 unnecessary spaces. Learn more at https://support.google.com/"
            ),
            GONE,
        ),
        ("550 5.2.1 The email account that you tried to reach is disabled. - gsmtp", GONE),
        ("552 5.2.2 The email account that you tried to reach is over quota - gsmtp", REFUSED),
        ("550 5.7.26 This mail has been blocked because the sender is unauthenticated.", REFUSED),
        ("550 5.4.5 Daily user sending limit exceeded.", DOUBTFUL),
    ],
    "Exim 4": [
        ("550 Unrouteable address", GONE),
        ("550 unknown user", GONE),
        ("550 relay not permitted", DOUBTFUL),
        ("550 Administrative prohibition", DOUBTFUL),
        ("550-Rejected because 192.0.2.7 is in a black list at\r\n550 dnsbl.example", DOUBTFUL),
    ],
    "wrong codes": [
        ("550 5.1.1 <{}>: rejected as spam", REFUSED),
        ("550 5.1.1 Sending rate exceeded", DOUBTFUL),
        ("550 5.1.0 <{}>: blocked by policy", REFUSED),
        ("550 5.0.0 User unknown", GONE),
        ("550 5.2.2 <{}>: mailbox is full, no such user quota", REFUSED),
        ("550 5.7.1 blocked by policy: user unknown", REFUSED),
        ("550 Requested action not taken: mailbox unavailable", DOUBTFUL),
        ("554 No", DOUBTFUL),
    ],
}
"""Replies to RCPT or to a whole mail, by server: of its documentation and of bounces."""


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("recipient", ["marina@yandex.ru", "spam-policy.user-unknown@ya.ru"])
@pytest.mark.parametrize("name", REPLIES)
async def test_replies_of_real_servers_mark_only_mailboxes_that_don_t_exist(
    smtp: str, server: Server, stage: str, recipient: str, name: str
):
    """Whatever words are in the address, which servers quote."""
    for reply, meaning in REPLIES[name]:
        server.reset()
        if stage == "RCPT":
            server.rcpt = reply.format(recipient)
        else:
            server.data = reply.format(recipient)
        with pytest.raises(meaning) as refusal:
            await SmtpMailer(smtp, SENDER).send(MAIL, emails.parse(recipient), key=KEY)

        assert (refusal.type, reply) == (meaning, reply)
        codes = re.match(r"(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?![.\d]))?", reply)
        assert codes is not None
        assert str(refusal.value) == " ".join(["SMTP", *filter(None, codes.groups())])
        assert server.received == (stage == "DATA"), reply


@pytest.mark.parametrize(
    ("public_url", "hostname", "sender"),
    [
        ("https://lk.example.com", "lk.example.com", "no-reply@lk.example.com"),
        ("https://lk.example.com:8443", "lk.example.com", "no-reply@lk.example.com"),
        ("https://кабинет.рф", "xn--80acmlhv0b.xn--p1ai", "no-reply@xn--80acmlhv0b.xn--p1ai"),
        ("https://192.0.2.7", "[192.0.2.7]", "no-reply@192.0.2.7"),
        ("https://[2001:db8::1]", "[IPv6:2001:db8::1]", "no-reply@2001:db8::1"),
    ],
)
async def test_ehlo_has_the_public_host_whatever_the_machine_is_called(
    smtp: str, server: Server, public_url: str, hostname: str, sender: str
):
    settings = read(smtp_url=smtp, public_url=public_url)
    assert settings.sender == sender
    with_sender = settings.model_copy(update={"mail_from": "lk@example.com"})

    await build_mailer(with_sender).send(MAIL, MARINA, key=KEY)

    assert server.hostnames == [hostname]
    assert server.received == 1

"""Ports to external services: a protocol, an implementation and a double for tests each."""

from dataclasses import dataclass, field

from lk_graphql.kit.signing import Signer
from lk_graphql.ports.acquiring import Acquirer
from lk_graphql.ports.captcha import Captchas
from lk_graphql.ports.files import Files
from lk_graphql.ports.mail import Mailer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.ports.pdf import PdfPool, PdfRenderer
from lk_graphql.ports.pubsub import PubSub
from lk_graphql.ports.scanner import Scanner
from lk_graphql.ports.sms import SmsGateway


@dataclass(frozen=True)
class Ports:
    """The external services of commands and jobs, built by the composition root."""

    passwords: Passwords
    captchas: Captchas
    mail: Mailer
    signer: Signer
    files: Files
    scanner: Scanner | None = None
    """None without ClamAV: files are READY as soon as they are received."""
    sms: SmsGateway | None = None
    """None without a gateway: SMS are not offered."""
    mails_per_second: float = 10
    """The limits of notices per second to the mail server, and below to the SMS gateway."""
    sms_per_second: float = 5
    upload_bytes: int = 10 * 1024 * 1024
    """The size limit of a file."""
    uploads_per_day: int = 50
    """A customer's daily limit of files, and below, of bytes."""
    upload_bytes_per_day: int = 100 * 1024 * 1024
    pubsub: PubSub = field(default_factory=PubSub)
    pdfs: PdfRenderer = field(default_factory=PdfPool)
    acquirer: Acquirer | None = None
    """None: no payments are taken."""

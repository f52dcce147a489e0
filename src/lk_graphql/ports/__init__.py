"""The outside world: a file is a protocol, the real thing and its in-memory twin."""

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
    """What commands and jobs reach the outside world by; the composition root fills it."""

    passwords: Passwords
    captchas: Captchas
    mail: Mailer
    signer: Signer
    files: Files
    scanner: Scanner | None = None
    """None where the company has no ClamAV: then files are ready as soon as they came."""
    sms: SmsGateway | None = None
    """None where the company has no contract with a gateway: then nobody is offered SMS."""
    mails_per_second: float = 10
    """How fast notices are handed to the mail server, and below to the gateway."""
    sms_per_second: float = 5
    upload_bytes: int = 10 * 1024 * 1024
    """The most of one file."""
    uploads_per_day: int = 50
    """How many files a customer may announce, and below how many bytes they may have together."""
    upload_bytes_per_day: int = 100 * 1024 * 1024
    pubsub: PubSub = field(default_factory=PubSub)
    pdfs: PdfRenderer = field(default_factory=PdfPool)
    acquirer: Acquirer | None = None
    """Without one, no payment is taken."""

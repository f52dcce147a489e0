"""The outside world: a file is a protocol, the real thing and its in-memory twin."""

from dataclasses import dataclass

from lk_graphql.kit.tokens import Links
from lk_graphql.ports.captcha import Captchas
from lk_graphql.ports.mail import Mailer
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class Ports:
    """What commands and jobs reach the outside world by; the composition root fills it."""

    passwords: Passwords
    captchas: Captchas
    mail: Mailer
    links: Links

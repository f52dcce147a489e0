"""Ports that cost little."""

from zoneinfo import ZoneInfo

from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Links
from lk_graphql.ports import Ports
from lk_graphql.ports.captcha import KnownCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.mail import RememberedMails
from lk_graphql.ports.passwords import HashCost, Passwords

COMPANY = Company("Энергия", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
PORTS = Ports(
    passwords=Passwords(HashCost(8, 1)),
    captchas=KnownCaptchas(),
    mail=RememberedMails(),
    links=Links(b"k" * 32),
    files=in_memory(),
)

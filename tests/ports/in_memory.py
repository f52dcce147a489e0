"""Ports in memory, with cheap hashes."""

from zoneinfo import ZoneInfo

from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.ports import Ports
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.mail import InMemoryMailer
from lk_graphql.ports.passwords import HashCost, Passwords

COMPANY = Company("Энергия", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
PORTS = Ports(
    passwords=Passwords(HashCost(8, 1)),
    captchas=FixedCaptchas(),
    mail=InMemoryMailer(),
    signer=Signer(b"k" * 32),
    files=in_memory(),
)

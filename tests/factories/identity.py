"""Customers, registrations, captchas and one-time links."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from tortoise.connection import get_connection

from lk_graphql.identity import jobs as _  # noqa: F401 - the services enqueue what it declares
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import captchas, one_time_links, sessions
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.registration import Registration
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports import Ports
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.mail import Mailer
from lk_graphql.ports.passwords import HashCost, Passwords

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
CLIENT = Client("192.0.2.7", "Firefox")
LINKS = Signer(b"k" * 32)
PASSWORDS = Passwords(HashCost(8, 1))
PASSWORD = "Kuzbass42x"
EMAIL = "ivanov@example.com"
COMPANY = Company("Энергия", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
ACTIVATION = LinkPurpose.ACTIVATION
CODE = "A7K2"
VERSION = "2025-09-01"


def ports(mail: Mailer) -> Ports:
    return Ports(PASSWORDS, FixedCaptchas(), mail, LINKS, in_memory())


async def solved_captcha(now: datetime = NOW) -> CaptchaAnswer:
    """The correct answer to a stored captcha."""
    captcha = await captchas.store(CODE, "4711", signer=LINKS, now=now)
    return CaptchaAnswer(captcha.id, CODE)


async def form(*, captcha: CaptchaAnswer | None = None, **changes: Any) -> Registration:
    """A valid registration with these changes."""
    typed: dict[str, Any] = {
        "last_name": "Иванова-Петрова",
        "first_name": "Анна",
        "patronymic": "Сергеевна",
        "has_no_patronymic": False,
        "email": EMAIL,
        "phone": "8 913 123-45-67",
        "password": PASSWORD,
        "terms_version": VERSION,
        "personal_data_version": VERSION,
    }
    return Registration(captcha=captcha or await solved_captcha(), **{**typed, **changes})


async def user(email: str = EMAIL, *, activated: bool = True, now: datetime = NOW) -> User:
    """A customer with `PASSWORD`."""
    return await User.create(
        email=email,
        email_key=email,
        phone="+79131234567",
        last_name="Иванов",
        first_name="Пётр",
        has_no_patronymic=True,
        password_hash=await PASSWORDS.hash(PASSWORD),
        created_at=now,
        activated_at=now if activated else None,
        password_changed_at=now,
    )


async def session(owner: User, now: datetime = NOW) -> sessions.OpenedSession:
    return await sessions.open_session(owner, client=CLIENT, now=now)


async def token(owner: User, purpose: LinkPurpose) -> str:
    """The token of the newest mail of this purpose."""
    newest = await OneTimeLink.filter(user=owner, purpose=purpose).order_by("-id").first()
    assert newest is not None
    return one_time_links.token_of(newest, LINKS)


async def jobs() -> list[tuple[str, dict[str, UUID]]]:
    """Names and ids of the queued jobs, oldest first."""
    database: Any = get_connection("default")
    rows = await database.execute_query_dict("SELECT entrypoint, payload FROM job ORDER BY id")
    return [
        (row["entrypoint"], {k: UUID(v) for k, v in orjson.loads(row["payload"]).items()})
        for row in rows
    ]

"""Consents to SMS, a clock that tests move, and a gateway."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from lk_graphql.identity.models import Document, DocumentKind, User
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import NoticeChannel
from lk_graphql.notifications.service.delivery import Gateway, Send, deliver
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.ports.mail import MailServerUnavailable
from lk_graphql.profile.models import PhoneProof
from tests.factories.accounts import NOW

ZONE = ZoneInfo("Asia/Novokuznetsk")
COMPANY = Company("Металлэнергофинанс", "https://lk.example", ZONE)


SMS_TEXT = "2025-09-01"
"""The version of the consent to SMS, if `given_sms_text` has published it."""


async def given_sms_text() -> Document:
    return await Document.create(
        kind=DocumentKind.SMS,
        version=SMS_TEXT,
        title="Согласие на получение SMS",
        text="Да",
        sha256="5" * 64,
        valid_from=NOW - timedelta(days=100),
    )


class FakeClock:
    """A clock that moves only in `sleep`."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.waited: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)


class RecordingGateway:
    """A gateway that records deliveries with their times, and raises `faults` in order."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.got: list[tuple[datetime, LeasedDelivery]] = []
        self.faults: list[BaseException] = []

    @property
    def keys(self) -> list[UUID]:
        return [delivery.id for _, delivery in self.got]

    async def deliver_due(
        self,
        *,
        minutes: float = 4,
        per_second: float = 100,
        channel: NoticeChannel = NoticeChannel.EMAIL,
        company: Company = COMPANY,
    ) -> int:
        """Send what is due in the next minutes of the clock; return the number sent."""
        gateway = Gateway(channel, per_second, self.prepare, (MailServerUnavailable,))
        until = self.clock.now + timedelta(minutes=minutes)
        return await deliver(
            gateway, company=company, clock=self.clock, until=until, sleep=self.clock.sleep
        )

    async def prepare(self, _: Sequence[LeasedDelivery]) -> Send:
        return self.send

    async def send(self, delivery: LeasedDelivery) -> None:
        self.got.append((self.clock.now, delivery))
        if self.faults:
            raise self.faults.pop(0)


async def given_confirmed_phone(viewer: Viewer) -> None:
    user = await User.get(id=viewer.id)
    await PhoneProof.create(
        user=user,
        phone=user.phone,
        nonce=bytes(32),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
        confirmed_at=NOW,
    )

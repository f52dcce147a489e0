"""What people are told about readings, once for each cause."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.metering.models import Reading
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import News, tell_linked


async def accepted(account_id: UUID, batch: UUID, period: date, *, now: datetime) -> None:
    """Everybody who has the account: at least one reading of those sent together counts."""
    news = News(NoticeKind.READINGS_ACCEPTED, f"readings/{batch}", account_id, period)
    await tell_linked(account_id, news, now=now)


async def reviewed(account_id: UUID, reading: Reading, *, now: datetime) -> None:
    """A reading that was on review counts."""
    cause = f"reading/{reading.id}/accepted"
    news = News(NoticeKind.READINGS_ACCEPTED, cause, account_id, reading.period)
    await tell_linked(account_id, news, now=now)


async def rejected(account_id: UUID, reading: Reading, *, now: datetime) -> None:
    cause = f"reading/{reading.id}/rejected"
    news = News(NoticeKind.READING_REJECTED, cause, reading.id, reading.period)
    await tell_linked(account_id, news, now=now)

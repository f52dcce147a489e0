"""Notices: creation once per cause, link events, the inbox, and the hours of scheduled ones.

await tell_linked(account.id, News(NoticeKind.INVOICE_ISSUED, f"invoice/{key}", ...), now=now)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkEventKind, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.errors import NoticeNotFound, TooManyNotices
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.topics import TOPIC_OF, WANTED_CHANNELS

ABOUT = Registry[NoticeKind, str]()
"""The id prefix of the object that a notice is about; registered by the slice that sends it."""


@dataclass(frozen=True)
class NoticeEvent:
    """What to tell. `cause` is what happened, as a key, for all who are told: `invoice/<key>`.

    `subject_id` is the key of the row that it is about; what the other facts mean, `Notice` says,
    and which of them a kind's text names, `service.words`.
    """

    kind: NoticeKind
    cause: str
    subject_id: UUID | None = None
    period: date | None = None
    day: date | None = None
    amount: Kopecks | None = None
    reference: str | None = None


_FOR_ACCOUNT = "SELECT $1::uuid, $2::text, $3::uuid, $4::date, $5::date, $6::bigint"
_FOR_USER = f"SELECT $7::uuid, query.*, $8::text FROM ({_FOR_ACCOUNT}) AS query"  # noqa: S608 - ours
_FOR_LINKED = """
SELECT link.user_id, query.*, NULL
FROM ({query}) AS query (account_id, cause, subject_id, period, day, amount)
JOIN account_link AS link ON link.account_id = query.account_id AND link.state = 'ACTIVE'
"""

_CREATE = """
WITH news (user_id, account_id, cause, subject_id, period, day, amount, reference)
AS ({news}), told AS (
    INSERT INTO notice (id, user_id, account_id, kind, cause, subject_id, period, day, amount,
        reference, created_at)
    SELECT new_key(), user_id, account_id, {kind}, cause, subject_id, period, day, amount,
        reference, {now}
    FROM news ON CONFLICT (user_id, cause) DO NOTHING RETURNING id, user_id, account_id
), sending AS ({sending})
SELECT count(*) AS told FROM told
"""

_WITH_DELIVERY = """
    INSERT INTO delivery (id, notice_id, channel, state, attempts, due_at)
    SELECT new_key(), notice.id, way.channel, 'WAITING', 0, {now}
    FROM told AS notice {ways}
"""
_WITHOUT_DELIVERY = "SELECT"


async def notify_linked(account_id: UUID, event: NoticeEvent, *, now: datetime) -> int:
    """Tell everybody who has the account linked; how many didn't know yet. No `reference`."""
    arguments = [account_id, *_columns(event)]
    return await notify_accounts(event.kind, _FOR_ACCOUNT, *arguments, now=now)


async def notify_user(
    user_id: UUID, event: NoticeEvent, *, account_id: UUID | None = None, now: datetime
) -> int:
    """Tell one person, for instance about an appeal of theirs; 0 when they know already."""
    arguments = [account_id, *_columns(event), user_id, event.reference]
    return await _create(_FOR_USER, arguments, event.kind, now)


async def notify_accounts(kind: NoticeKind, query: str, *arguments: object, now: datetime) -> int:
    """Tell everybody who has one of many accounts linked, by one statement, a million or none.

    `query` selects account, cause, subject, period, day and amount, in this order and of the
    types that `NoticeEvent` has (NULL::date where a kind has no such fact), a row for each notice
    of an account; `arguments` are its $1, $2, ….
    """
    return await _create(_FOR_LINKED.replace("{query}", query), [*arguments], kind, now)


def _columns(event: NoticeEvent) -> tuple[object, ...]:
    return event.cause, event.subject_id, event.period, event.day, event.amount


async def _create(events: str, arguments: list[object], kind: NoticeKind, now: datetime) -> int:
    """`news` selects the recipients and what they are told."""
    topic = TOPIC_OF.get(kind)
    sql = _statement(events, len(arguments), is_sent=topic is not None)
    ((told,),) = await raw_sql.fetch(sql, *arguments, kind, now, *([topic] if topic else []))
    return told


@lru_cache
def _statement(events: str, arguments: int, *, is_sent: bool) -> str:
    """Kind, time and topic follow the arguments of `news`; without a topic nothing is sent."""
    statement = _CREATE.replace("{news}", events)
    statement = statement.replace("{sending}", _WITH_DELIVERY if is_sent else _WITHOUT_DELIVERY)
    statement = statement.replace("{ways}", WANTED_CHANNELS)
    known = (("kind", "text"), ("now", "timestamptz"), ("topic", "text"))
    for number, (name, sql_type) in enumerate(known, arguments + 1):
        statement = statement.replace(f"{{{name}}}", f"${number}::{sql_type}")
    return statement


_SUSPENDED = (LinkEventKind.SUSPENDED_BY_NOTICE, LinkEventKind.SUSPENDED_BY_NEW_HOLDER)


async def notify_of_link_event(link: AccountLink, kind: LinkEventKind, now: datetime) -> None:
    """In the transaction of the event."""
    if kind is LinkEventKind.LINKED:
        news = NoticeEvent(NoticeKind.LINK_ADDED, f"link/{link.id.hex}")
        others = AccountLink.filter(account_id=link.account_id, state=LinkState.ACTIVE)
        for other in await others.exclude(user_id=link.user_id):
            await notify_user(other.user_id, news, account_id=link.account_id, now=now)
    elif kind in _SUSPENDED:
        news = NoticeEvent(NoticeKind.LINK_SUSPENDED, f"suspended/{link.id.hex}/{now:%Y%m%d%H%M%S}")
        await notify_user(link.user_id, news, account_id=link.account_id, now=now)


MAX_MARKED = 100
"""Notices that one call names."""


async def mark_read(viewer: Viewer, keys: Sequence[UUID | None], *, now: datetime) -> None:
    """Mark these, all or none; those that were read stay read since then.

    Raises `TooManyNotices` and `NoticeNotFound`.
    """
    if len(keys) > MAX_MARKED:
        raise TooManyNotices("ids", most=MAX_MARKED)
    async with in_transaction():
        mine = Notice.filter(user_id=viewer.id, id__in=[key for key in keys if key])
        found = set(await mine.values_list("id", flat=True))
        for place, key in enumerate(keys):
            if key not in found:
                raise NoticeNotFound("ids", str(place))
        await mine.filter(read_at=None).update(read_at=now)


async def mark_all_read(viewer: Viewer, until: datetime, *, now: datetime) -> None:
    """Mark what came until then: not what has come since the client looked."""
    unread = Notice.filter(user_id=viewer.id, read_at=None)
    await unread.filter(created_at__lte=until).update(read_at=now)


EVERY_HOUR = "11 * * * *"
"""The clock of jobs knows UTC only: they come every hour, and ask `is_time_to_tell`."""

MAX_DELAY = timedelta(hours=1)
"""For a job that tells everybody: one statement for a million accounts takes minutes."""

_HOURS = (10, 14, 18)


def is_notice_time(now: datetime, zone: ZoneInfo) -> bool:
    """Three hours of the company's day.

    Telling twice is telling once, so what a stopped worker missed in the morning is told in the
    afternoon, and what began after the morning's import too.
    """
    return now.astimezone(zone).hour in _HOURS

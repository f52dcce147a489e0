"""Notices: creation once per cause, link events, the inbox, and the hours of scheduled ones.

event = NoticeEvent(NoticeKind.INVOICE_ISSUED, f"invoice/{key}", ...)
await notify_linked(account.id, event, now=now)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkEventKind, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.kit.clock import end_of_millisecond
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.errors import NoticeNotFound, TooManyNotices
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.topics import SUBSCRIBED_CHANNELS_SQL, TOPIC_OF

SUBJECT_PREFIXES = Registry[NoticeKind, str]()
"""The id prefix of the object that a notice is about; registered by the slice that sends it."""

MAX_MARKED = 100
"""The maximum number of notices in one call."""

EVERY_HOUR = "11 * * * *"
"""Cron schedules are in UTC, so jobs run every hour and check `is_notice_time`."""

MAX_DELAY = timedelta(hours=1)
"""The time limit of a job for all accounts: one statement for a million takes minutes."""

_HOURS = (10, 14, 18)
_SUSPENDED = (LinkEventKind.SUSPENDED_BY_NOTICE, LinkEventKind.SUSPENDED_BY_NEW_HOLDER)


@dataclass(frozen=True)
class NoticeEvent:
    """The facts of a notice. `cause` is the key of the event: `invoice/<key>`.

    `subject_id` is the key of the row that the notice is about. The other facts are described at
    `Notice`; the texts in `service.texts` show which of them a kind needs.
    """

    kind: NoticeKind
    cause: str
    subject_id: UUID | None = None
    period: date | None = None
    day: date | None = None
    amount: Kopecks | None = None
    reference: str | None = None


_FOR_ACCOUNT = "SELECT $1::uuid, $2::text, $3::uuid, $4::date, $5::date, $6::bigint"
_FOR_USER = f"SELECT $7::uuid, query.*, $8::text FROM ({_FOR_ACCOUNT}) AS query"  # noqa: S608 - constants
_FOR_LINKED = """
SELECT link.user_id, query.*, NULL
FROM ({query}) AS query (account_id, cause, subject_id, period, day, amount)
JOIN account_link AS link ON link.account_id = query.account_id AND link.state = 'ACTIVE'
"""

_CREATE = f"""
WITH event (user_id, account_id, cause, subject_id, period, day, amount, reference)
AS ({{events}}), created AS (
    INSERT INTO notice (id, user_id, account_id, kind, cause, subject_id, period, day, amount,
        reference, created_at)
    SELECT new_key(), user_id, account_id, {{kind}}, cause, subject_id, period, day, amount,
        reference, {{now}}
    FROM event ON CONFLICT (user_id, cause) DO NOTHING RETURNING id, user_id, account_id
), delivered AS (
    INSERT INTO delivery (id, notice_id, channel, state, attempts, due_at)
    SELECT new_key(), notice.id, target.channel, 'WAITING', 0, {{now}}
    FROM created AS notice {SUBSCRIBED_CHANNELS_SQL}
    WHERE {{topic}} IS NOT NULL
)
SELECT count(*) FROM created
"""  # noqa: S608 - constants


async def notify_linked(account_id: UUID, event: NoticeEvent, *, now: datetime) -> int:
    """Notify all who have the account linked, without a `reference`.

    Returns the number of new notices.
    """
    arguments = [account_id, *_columns(event)]
    return await notify_accounts(event.kind, _FOR_ACCOUNT, *arguments, now=now)


async def notify_user(
    user_id: UUID, event: NoticeEvent, *, account_id: UUID | None = None, now: datetime
) -> int:
    """Notify one user, for instance about their appeal; return 0 if the notice exists already."""
    arguments = [account_id, *_columns(event), user_id, event.reference]
    return await _create(_FOR_USER, arguments, event.kind, now)


async def notify_accounts(kind: NoticeKind, query: str, *arguments: object, now: datetime) -> int:
    """Notify all who have one of many accounts linked, by one statement for any number.

    `query` selects account, cause, subject, period, day and amount, one row for each notice of an
    account, in this order and with the types of `NoticeEvent` (NULL::date for a missing fact).
    `arguments` are its $1, $2, ….
    """
    return await _create(_FOR_LINKED.replace("{query}", query), [*arguments], kind, now)


def _columns(event: NoticeEvent) -> tuple[object, ...]:
    return event.cause, event.subject_id, event.period, event.day, event.amount


async def _create(events: str, arguments: list[object], kind: NoticeKind, now: datetime) -> int:
    """Create notices and their deliveries; `events` selects the recipients and the facts.

    A notice of a kind without a topic isn't sent.
    """
    number = len(arguments)
    statement = _CREATE.format(
        events=events,
        kind=f"${number + 1}::text",
        now=f"${number + 2}::timestamptz",
        topic=f"${number + 3}::text",
    )
    ((count,),) = await raw_sql.fetch(statement, *arguments, kind, now, TOPIC_OF.get(kind))
    return count


async def notify_of_link_event(link: AccountLink, kind: LinkEventKind, now: datetime) -> None:
    """Notify of a new or suspended link. Needs the transaction of the event."""
    if kind is LinkEventKind.LINKED:
        event = NoticeEvent(NoticeKind.LINK_ADDED, f"link/{link.id.hex}")
        links = AccountLink.filter(account_id=link.account_id, state=LinkState.ACTIVE)
        for other in await links.exclude(user_id=link.user_id):
            await notify_user(other.user_id, event, account_id=link.account_id, now=now)
    elif kind in _SUSPENDED:
        event = NoticeEvent(
            NoticeKind.LINK_SUSPENDED, f"suspended/{link.id.hex}/{now:%Y%m%d%H%M%S}"
        )
        await notify_user(link.user_id, event, account_id=link.account_id, now=now)


async def mark_read(viewer: Viewer, keys: Sequence[UUID | None], *, now: datetime) -> None:
    """Mark notices as read, all or none; notices that were read before keep their time.

    Raises `TooManyNotices` and `NoticeNotFound`.
    """
    if len(keys) > MAX_MARKED:
        raise TooManyNotices("ids", most=MAX_MARKED)
    async with in_transaction():
        notices = Notice.filter(user_id=viewer.id, id__in=[key for key in keys if key])
        own_keys = set(await notices.values_list("id", flat=True))
        for index, key in enumerate(keys):
            if key not in own_keys:
                raise NoticeNotFound("ids", str(index))
        await notices.filter(read_at=None).update(read_at=now)


async def mark_all_read(viewer: Viewer, until: datetime, *, now: datetime) -> None:
    """Mark the notices created up to a time as read; the client hasn't shown newer ones yet."""
    unread = Notice.filter(user_id=viewer.id, read_at=None)
    await unread.filter(created_at__lte=end_of_millisecond(until)).update(read_at=now)


def is_notice_time(now: datetime, zone: ZoneInfo) -> bool:
    """Return True in three hours of the company's day.

    A cause makes one notice only, so repeats do no harm. The later hours cover the notices
    that a stopped worker missed in the morning, and data that were imported after the morning.
    """
    return now.astimezone(zone).hour in _HOURS

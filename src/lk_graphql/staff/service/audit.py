"""Audit log of staff: actions, views of personal data, reasons, and its monthly partitions."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import structlog
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.metrics import DROPPED_PARTITIONS
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.kit.viewer import Client, StaffViewer
from lk_graphql.staff.errors import ReasonRequired
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, StaffMember, StaffSession

SEEN_RESOLUTION = timedelta(minutes=1)
"""Resolution of a session's last use, which limits writes to one a minute."""
MIN_REASON, MAX_REASON = 5, 300
MONTHS_AHEAD = 3
"""Number of partitions that are added in advance.

If no worker has run for as many months, entries go to the default partition, so none is lost.
"""

_log = structlog.get_logger(__name__)


class Subject(NamedTuple):
    """Subject of an action: kind of row (`user`, `account`, …) and key."""

    kind: str
    key: UUID


class ViewedRow(Protocol):
    """A row of personal data that is about to be shown."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> UUID: ...


async def record(  # noqa: PLR0913 - the columns of an entry
    act: Act,
    subject: Subject | None = None,
    *,
    staff_id: UUID | None,
    client: Client | None = None,
    operation: str | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Add an audit entry in the action's transaction; `staff_id` is None for the operator."""
    await AuditEntry.create(
        staff_id=staff_id,
        act=act,
        subject=subject and subject.kind,
        subject_id=subject and subject.key,
        operation=operation,
        reason=reason,
        client_address=client and client.address,
        happened_at=now,
    )


async def record_views(
    staff: StaffViewer, rows: Collection[ViewedRow], *, operation: str | None, now: datetime
) -> None:
    """Record the use of the session, and each row of personal data about to be shown."""
    outdated = StaffSession.filter(id=staff.session_id, seen_at__lt=now - SEEN_RESOLUTION)
    await outdated.update(seen_at=now)
    if rows:
        await AuditEntry.bulk_create(
            [
                AuditEntry(
                    id=new_key(),
                    staff_id=staff.id,
                    act=Act.LOOKED,
                    subject=row.kind,
                    subject_id=row.key,
                    operation=operation and operation[:100],
                    happened_at=now,
                )
                for row in rows
            ]
        )
        await notify_customers(Act.LOOKED, await _owners(rows), staff, now=now)


async def notify_customers(
    action: Act,
    user_ids: Collection[UUID],
    staff: StaffViewer,
    *,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Add entries to the log that customers see («журнал доступа»)."""
    await AccessNote.bulk_create(
        [
            AccessNote(user_id=key, what=action, role=staff.role, reason=reason, happened_at=now)
            for key in user_ids
        ]
    )


def require_reason(text: str) -> str:
    """Normalize a reason to one line. Raises `ReasonRequired`."""
    refusal = ReasonRequired("reason", shortest=MIN_REASON, longest=MAX_REASON)
    return read_line(text, refusal, shortest=MIN_REASON, longest=MAX_REASON)


class TargetRow(NamedTuple):
    """Target of an action: kind and key of the row, and the refusal for a missing key."""

    kind: str
    key: UUID | None
    missing: Exception


@dataclass(frozen=True)
class StaffAction:
    """Member of staff, client and time of an action."""

    staff: StaffViewer
    client: Client
    now: datetime


async def record_action(
    act: Act, subject: Subject, action: StaffAction, *, reason: str | None = None
) -> None:
    """Add an audit entry in the action's transaction."""
    staff_id, client = action.staff.id, action.client
    await record(act, subject, staff_id=staff_id, client=client, reason=reason, now=action.now)


async def audited(
    act: Act,
    subject: TargetRow,
    action: StaffAction,
    operation: Callable[[UUID], Awaitable[Any]],
    *,
    reason: str | None = None,
) -> UUID:
    """Run an operation and audit it in one transaction; return the key.

    Raises `subject.missing` if there is no key.
    """
    key = subject.key
    if key is None:
        raise subject.missing
    async with in_transaction():
        await operation(key)
        await record_action(act, Subject(subject.kind, key), action, reason=reason)
    return key


async def is_active_member(member_id: UUID) -> bool:
    """Return True if the member exists and isn't locked."""
    return await StaffMember.exists(id=member_id, locked_at=None)


async def _owners(rows: Collection[ViewedRow]) -> set[UUID]:
    """Logins that own the viewed rows; an account belongs to all who have it linked."""
    users = {row.key for row in rows if row.kind == "user"}
    accounts = [row.key for row in rows if row.kind == "account"]
    links = AccountLink.filter(account_id__in=accounts, state=LinkState.ACTIVE)
    linked_users: Any = await links.values_list("user_id", flat=True) if accounts else ()
    return users | {*linked_users}


async def maintain_partitions(*, months_kept: int | None, now: datetime) -> None:
    """Add the partitions of the coming months; drop those older than `months_kept`, if it is given.

    Months are in UTC. The database functions for this run as the owner of the tables, because the
    application's role owns none (docs/decisions/0278-audit-log-by-month.md). Raises `Unavailable`
    if the log is in use for longer than 300 ms.
    """
    today = now.astimezone(UTC).date()
    for name in await _partitions("add_audit_partitions", today, MONTHS_AHEAD):
        _log.info("audit.partition_added", partition=name)
    if months_kept is not None:
        for name in await _partitions("drop_audit_partitions", today, months_kept):
            _log.warning("audit.partition_dropped", partition=name)
            DROPPED_PARTITIONS.labels("audit_entry").inc()


async def _partitions(function: str, today: date, months: int) -> list[str]:
    """Call a function of the database, which returns the names of the partitions it has changed."""
    rows = await raw_sql.fetch(f"SELECT name FROM {function}($1, $2) name", today, months)  # noqa: S608 - our own names
    return [row["name"] for row in rows]

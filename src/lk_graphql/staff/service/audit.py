"""Audit log of staff: actions, looks at personal data, reasons."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Client, StaffViewer
from lk_graphql.staff.errors import ReasonRequired
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, StaffMember, StaffSession

SEEN_RESOLUTION = timedelta(minutes=1)
"""How exactly a session's last use is known: a busy minute writes it once."""


class Subject(NamedTuple):
    """What an act was about: the kind of row (`user`, `account`, …) and its key."""

    kind: str
    key: UUID


class ViewedRow(Protocol):
    """Something of somebody's that was shown."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> UUID: ...


async def record(
    act: Act,
    subject: Subject | None = None,
    *,
    by: UUID | None,
    client: Client | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Inside the act's transaction. `by` is None for whoever runs the server."""
    await AuditEntry.create(
        staff_id=by,
        act=act,
        subject=subject and subject.kind,
        subject_id=subject and subject.key,
        reason=reason,
        client_address=client and client.address,
        happened_at=now,
    )


async def record_views(
    staff: StaffViewer, looks: Collection[ViewedRow], *, operation: str | None, now: datetime
) -> None:
    """Note that staff have used their session, and whose personal data they are about to see."""
    late = StaffSession.filter(id=staff.session_id, seen_at__lt=now - SEEN_RESOLUTION)
    await late.update(seen_at=now)
    if looks:
        await AuditEntry.bulk_create(
            [
                AuditEntry(
                    id=new_key(),
                    staff_id=staff.id,
                    act=Act.LOOKED,
                    subject=look.kind,
                    subject_id=look.key,
                    operation=operation and operation[:100],
                    happened_at=now,
                )
                for look in looks
            ]
        )
        await notify_customers(Act.LOOKED, await _owners(looks), staff, now=now)


async def notify_customers(
    action: Act,
    user_ids: Collection[UUID],
    staff: StaffViewer,
    *,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Put it into the log that customers see of themselves («журнал доступа»)."""
    await AccessNote.bulk_create(
        [
            AccessNote(user_id=key, what=action, role=staff.role, reason=reason, happened_at=now)
            for key in user_ids
        ]
    )


async def _owners(looks: Collection[ViewedRow]) -> set[UUID]:
    """The logins that the data belongs to: an account's is that of all who have it linked."""
    users = {look.key for look in looks if look.kind == "user"}
    accounts = [look.key for look in looks if look.kind == "account"]
    links = AccountLink.filter(account_id__in=accounts, state=LinkState.ACTIVE)
    found: Any = await links.values_list("user_id", flat=True) if accounts else ()
    return users | {*found}


MIN_REASON, MAX_REASON = 5, 300


def require_reason(typed: str) -> str:
    """On one line. Raises `ReasonRequired`."""
    tidied = " ".join(typed.replace("\x00", "").split())
    if not MIN_REASON <= len(tidied) <= MAX_REASON:
        raise ReasonRequired("reason", shortest=MIN_REASON, longest=MAX_REASON)
    return tidied


class TargetRow(NamedTuple):
    """What it is done with: the kind, the key, and the refusal where an id isn't one."""

    kind: str
    key: UUID | None
    missing: Exception


@dataclass(frozen=True)
class StaffAction:
    """Who does something, from where and when."""

    staff: StaffViewer
    client: Client
    now: datetime


async def record_action(
    act: Act, subject: Subject, action: StaffAction, *, reason: str | None = None
) -> None:
    """Into the log, inside the act's transaction."""
    by, client = action.staff.id, action.client
    await record(act, subject, by=by, client=client, reason=reason, now=action.now)


async def audited(
    act: Act,
    subject: TargetRow,
    action: StaffAction,
    operation: Callable[[UUID], Awaitable[Any]],
    *,
    reason: str | None = None,
) -> UUID:
    """Do it and note it, or neither. Raises `subject.missing` where there is no key."""
    key = subject.key
    if key is None:
        raise subject.missing
    async with in_transaction():
        await operation(key)
        await record_action(act, Subject(subject.kind, key), action, reason=reason)
    return key


async def is_member(member_id: UUID) -> bool:
    """Whether something can be handed to them: they are there, and not locked out."""
    return await StaffMember.exists(id=member_id, locked_at=None)

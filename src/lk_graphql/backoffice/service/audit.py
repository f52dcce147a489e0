"""The log of what staff did and whom they looked at."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.backoffice.models import AccessNote, Act, AuditEntry, StaffSession
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Client, Staff

SEEN_TO = timedelta(minutes=1)
"""How exactly a session's last use is known: a busy minute writes it once."""


class Subject(NamedTuple):
    """What an act was about: the kind of row (`user`, `account`, …) and its key."""

    kind: str
    key: UUID


class Shown(Protocol):
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


async def witness(
    staff: Staff, looks: Collection[Shown], *, operation: str | None, now: datetime
) -> None:
    """Note that staff have used their session, and whose personal data they are about to see."""
    late = StaffSession.filter(id=staff.session_id, seen_at__lt=now - SEEN_TO)
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
        await tell(Act.LOOKED, await _whose(looks), staff, now=now)


async def tell(
    what: Act, user_ids: Collection[UUID], staff: Staff, *, reason: str | None = None, now: datetime
) -> None:
    """Put it into the log that customers see of themselves («журнал доступа»)."""
    await AccessNote.bulk_create(
        [
            AccessNote(user_id=key, what=what, role=staff.role, reason=reason, happened_at=now)
            for key in user_ids
        ]
    )


async def _whose(looks: Collection[Shown]) -> set[UUID]:
    """The logins that the data belongs to: an account's is that of all who have it linked."""
    users = {look.key for look in looks if look.kind == "user"}
    accounts = [look.key for look in looks if look.kind == "account"]
    links = AccountLink.filter(account_id__in=accounts, state=LinkState.ACTIVE)
    found: Any = await links.values_list("user_id", flat=True) if accounts else ()
    return users | {*found}

"""What staff do with a row of another slice: its own rules, and the act in the log with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.models import Act, StaffMember
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.kit.viewer import Client, Staff


class Row(NamedTuple):
    """What it is done with: the kind, the key, and the refusal where an id isn't one."""

    kind: str
    key: UUID | None
    missing: Exception


@dataclass(frozen=True)
class Doing:
    """Who does something, from where and when."""

    staff: Staff
    client: Client
    now: datetime


async def note(act: Act, subject: Subject, doing: Doing, *, reason: str | None = None) -> None:
    """Into the log, inside the act's transaction."""
    by, client = doing.staff.id, doing.client
    await audit.record(act, subject, by=by, client=client, reason=reason, now=doing.now)


async def noted(
    act: Act,
    subject: Row,
    doing: Doing,
    work: Callable[[UUID], Awaitable[Any]],
    *,
    reason: str | None = None,
) -> UUID:
    """Do it and note it, or neither. Raises `subject.missing` where there is no key."""
    key = subject.key
    if key is None:
        raise subject.missing
    async with in_transaction():
        await work(key)
        await note(act, Subject(subject.kind, key), doing, reason=reason)
    return key


async def is_colleague(member_id: UUID) -> bool:
    """Whether something can be handed to them: they are there, and not locked out."""
    return await StaffMember.exists(id=member_id, locked_at=None)

"""What staff do with a row of another slice: its own rules, and the act in the log with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.models import Act, StaffMember
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.kit.viewer import Client, Staff


@dataclass(frozen=True)
class Doing:
    """Who does something with which row, from where and when; no key: an id that isn't one."""

    staff: Staff
    key: UUID | None
    client: Client
    now: datetime


async def noted(
    act: Act, kind: str, doing: Doing, work: Callable[[UUID], Awaitable[Any]], *, missing: Exception
) -> UUID:
    """Do it and note it, or neither. `missing` is raised where there is no key."""
    key = doing.key
    if key is None:
        raise missing
    async with in_transaction():
        await work(key)
        subject, by = Subject(kind, key), doing.staff.id
        await audit.record(act, subject, by=by, client=doing.client, now=doing.now)
    return key


async def is_colleague(member_id: UUID) -> bool:
    """Whether something can be handed to them: they are there, and not locked out."""
    return await StaffMember.exists(id=member_id, locked_at=None)

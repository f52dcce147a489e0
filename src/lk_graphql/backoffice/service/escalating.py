"""Late appeals are put before the supervisors, who get a mail when there are new ones."""

from datetime import date, datetime

from tortoise.transactions import in_transaction

from lk_graphql.appeals.service import staff as appeals
from lk_graphql.backoffice.models import StaffMember
from lk_graphql.kit.viewer import Role
from lk_graphql.ports.jobs import enqueue


async def escalate(today: date, *, now: datetime) -> int:
    """How many have become late since the last time; each is told of once."""
    async with in_transaction():
        count = await appeals.escalate(today, now=now)
        if count:
            for member in await _supervisors():
                await enqueue("backoffice.mail_overdue", member_id=member.id)
    return count


async def _supervisors() -> list[StaffMember]:
    """Those who are there; where nobody is, the administrators."""
    for role in (Role.SUPERVISOR, Role.ADMIN):
        if found := await StaffMember.filter(role=role, locked_at=None).order_by("id"):
            return found
    return []

"""What staff do with contract applications: the slice's own rules, with the act in the log."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from lk_graphql.contracts.errors import ColleagueNotFound, NoSuchApplication
from lk_graphql.contracts.service import review
from lk_graphql.staff.models import Act
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import Doing, Row


async def claim(doing: Doing, application_id: UUID | None) -> UUID:
    """Take it. Raises as `desk.claim`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_CLAIMED
    return await _noted(act, doing, application_id, lambda key: review.claim(staff, key, now=now))


async def ask(doing: Doing, application_id: UUID | None, text: str) -> UUID:
    """Ask the customer. Raises as `desk.ask`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_ASKED
    return await _noted(
        act, doing, application_id, lambda key: review.ask(staff, key, text, now=now)
    )


async def decide(
    doing: Doing, application_id: UUID | None, *, is_approved: bool, reason: str
) -> UUID:
    """Approve or decline. Raises as `desk.decide`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_APPROVED if is_approved else Act.APPLICATION_DECLINED
    return await _noted(
        act,
        doing,
        application_id,
        lambda key: review.decide(staff, key, is_approved=is_approved, typed=reason, now=now),
    )


async def transfer(doing: Doing, application_id: UUID | None, *, to: UUID | None) -> UUID:
    """Hand it over. Raises as `desk.transfer`, and `ColleagueNotFound`."""
    if to is not None and not await audit.is_colleague(to):
        raise ColleagueNotFound("memberId")
    act = Act.APPLICATION_TRANSFERRED
    return await _noted(
        act, doing, application_id, lambda key: review.transfer(key, to=to, now=doing.now)
    )


async def note(doing: Doing, application_id: UUID | None, text: str) -> UUID:
    """Tell colleagues something. Raises as `desk.write_note`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_NOTED
    return await _noted(
        act, doing, application_id, lambda key: review.write_note(staff, key, text, now=now)
    )


async def _noted(
    act: Act, doing: Doing, application_id: UUID | None, work: Callable[[UUID], Awaitable[None]]
) -> UUID:
    row = Row("contract_application", application_id, NoSuchApplication("applicationId"))
    return await audit.noted(act, row, doing, work)

"""What staff do with contract applications: the slice's own rules, with the act in the log."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from lk_graphql.contracts.errors import ColleagueNotFound, StaffApplicationNotFound
from lk_graphql.contracts.service import review
from lk_graphql.staff.models import Act
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import StaffAction, TargetRow


async def claim(action: StaffAction, application_id: UUID | None) -> UUID:
    """Take it. Raises as `desk.claim`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_CLAIMED
    return await _audited(
        act, action, application_id, lambda key: review.claim(staff, key, now=now)
    )


async def ask_question(action: StaffAction, application_id: UUID | None, text: str) -> UUID:
    """Ask the customer. Raises as `desk.ask`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_ASKED
    return await _audited(
        act, action, application_id, lambda key: review.ask_question(staff, key, text, now=now)
    )


async def decide(
    action: StaffAction, application_id: UUID | None, *, is_approved: bool, reason: str
) -> UUID:
    """Approve or decline. Raises as `desk.decide`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_APPROVED if is_approved else Act.APPLICATION_DECLINED
    return await _audited(
        act,
        action,
        application_id,
        lambda key: review.decide(staff, key, is_approved=is_approved, typed=reason, now=now),
    )


async def transfer(action: StaffAction, application_id: UUID | None, *, to: UUID | None) -> UUID:
    """Hand it over. Raises as `desk.transfer`, and `ColleagueNotFound`."""
    if to is not None and not await audit.is_member(to):
        raise ColleagueNotFound("memberId")
    act = Act.APPLICATION_TRANSFERRED
    return await _audited(
        act, action, application_id, lambda key: review.transfer(key, to=to, now=action.now)
    )


async def add_note(action: StaffAction, application_id: UUID | None, text: str) -> UUID:
    """Tell colleagues something. Raises as `desk.write_note`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_NOTED
    return await _audited(
        act, action, application_id, lambda key: review.add_note(staff, key, text, now=now)
    )


async def _audited(
    act: Act,
    action: StaffAction,
    application_id: UUID | None,
    work: Callable[[UUID], Awaitable[None]],
) -> UUID:
    row = TargetRow(
        "contract_application", application_id, StaffApplicationNotFound("applicationId")
    )
    return await audit.audited(act, row, action, work)

"""Audited staff actions on contract applications; the rules are in `contracts.service.review`."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from lk_graphql.contracts.errors import ApplicationColleagueNotFound, StaffApplicationNotFound
from lk_graphql.contracts.service import review
from lk_graphql.staff.models import Act
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import StaffAction, TargetRow


async def claim(action: StaffAction, application_id: UUID | None) -> UUID:
    """Claim an application. Raises as `review.claim`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_CLAIMED
    return await _audited(
        act, action, application_id, lambda key: review.claim(staff, key, now=now)
    )


async def ask_question(action: StaffAction, application_id: UUID | None, text: str) -> UUID:
    """Ask the customer a question. Raises as `review.ask_question`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_ASKED
    return await _audited(
        act, action, application_id, lambda key: review.ask_question(staff, key, text, now=now)
    )


async def decide(
    action: StaffAction, application_id: UUID | None, *, is_approved: bool, reason: str
) -> UUID:
    """Approve or decline an application. Raises as `review.decide`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_APPROVED if is_approved else Act.APPLICATION_DECLINED
    return await _audited(
        act,
        action,
        application_id,
        lambda key: review.decide(staff, key, is_approved=is_approved, reason_text=reason, now=now),
    )


async def transfer(
    action: StaffAction, application_id: UUID | None, *, member_id: UUID | None
) -> UUID:
    """Hand an application over. Raises as `review.transfer`, and `ApplicationColleagueNotFound`."""
    if member_id is not None and not await audit.is_active_member(member_id):
        raise ApplicationColleagueNotFound("memberId")
    act = Act.APPLICATION_TRANSFERRED
    return await _audited(
        act,
        action,
        application_id,
        lambda key: review.transfer(key, member_id=member_id, now=action.now),
    )


async def add_note(action: StaffAction, application_id: UUID | None, text: str) -> UUID:
    """Add an internal note. Raises as `review.add_note`."""
    staff, now = action.staff, action.now
    act = Act.APPLICATION_NOTED
    return await _audited(
        act, action, application_id, lambda key: review.add_note(staff, key, text, now=now)
    )


async def _audited(
    act: Act,
    action: StaffAction,
    application_id: UUID | None,
    operation: Callable[[UUID], Awaitable[None]],
) -> UUID:
    row = TargetRow(
        "contract_application", application_id, StaffApplicationNotFound("applicationId")
    )
    return await audit.audited(act, row, action, operation)

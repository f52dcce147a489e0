"""What staff do with applications; `backoffice` calls it, for roles that it has checked.

`queue`, `claim`, `ask`, `decide`. Each change is told to the customer in its transaction.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.contracts.errors import ApplicationNotFound, StateForbids
from lk_graphql.contracts.models import Application, ApplicationState, StepKind
from lk_graphql.contracts.service.steps import note, read_text
from lk_graphql.kit.viewer import Staff

WAITING = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


async def queue(
    *,
    states: Collection[ApplicationState] = WAITING,
    clerk_id: UUID | None = None,
    most: int = 100,
) -> list[Application]:
    """Oldest first; drafts are nobody's business. `clerk_id` shows only what they have claimed."""
    found = Application.filter(
        state__in=[state for state in states if state != ApplicationState.DRAFT],
        submitted_at__isnull=False,
    )
    if clerk_id is not None:
        found = found.filter(clerk_id=clerk_id)
    return await found.order_by("submitted_at", "id").limit(most)


async def claim(staff: Staff, key: UUID, *, now: datetime) -> None:
    """Make it theirs; of two who try, one does. Raises `ApplicationNotFound`, `StateForbids`."""
    async with in_transaction():
        application = await _held(key, ApplicationState.SUBMITTED)
        application.state, application.clerk_id = ApplicationState.IN_REVIEW, staff.id
        await note(application, StepKind.CLAIMED, now=now, staff=staff)


async def ask(staff: Staff, key: UUID, typed: str, *, now: datetime) -> None:
    """Raises `TextInvalid`, `ApplicationNotFound`, `StateForbids`."""
    text = read_text(typed, "text")
    async with in_transaction():
        application = await _held(key, ApplicationState.IN_REVIEW)
        application.state = ApplicationState.QUESTION
        await note(application, StepKind.ASKED, now=now, text=text, staff=staff)


async def decide(staff: Staff, key: UUID, *, is_approved: bool, typed: str, now: datetime) -> None:
    """With a reason. Raises `TextInvalid`, `ApplicationNotFound`, `StateForbids`."""
    reason = read_text(typed, "reason")
    kind = StepKind.APPROVED if is_approved else StepKind.DECLINED
    async with in_transaction():
        application = await _held(key, ApplicationState.IN_REVIEW, ApplicationState.QUESTION)
        application.state, application.reason = ApplicationState(kind.value), reason
        await note(application, kind, now=now, text=reason, staff=staff)


async def _held(key: UUID, *states: ApplicationState) -> Application:
    application = await Application.filter(id=key).select_for_update().first()
    if application is None or application.state == ApplicationState.DRAFT:
        raise ApplicationNotFound("applicationId")
    if application.state not in states:
        raise StateForbids("applicationId")
    return application

"""Use cases of staff on applications; roles and audit are the back office's.

Drafts are nobody's business: an application that isn't there, and one that isn't submitted, are
`StaffApplicationNotFound` to all functions here.
"""

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.contracts.errors import (
    ApplicationDecided,
    ApplicationTaken,
    ApplicationUnclaimed,
    QuestionOpen,
    StaffApplicationNotFound,
)
from lk_graphql.contracts.models import Application, ApplicationNote, ApplicationState, StepKind
from lk_graphql.contracts.service.steps import add_step, read_text, save
from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.notifications.models import NoticeKind

_OPEN = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.QUESTION)


async def claim(staff: StaffViewer, key: UUID, *, now: datetime) -> None:
    """Make it theirs; of two who try, one does. It's no news to whoever has it already.

    Raises `StaffApplicationNotFound`, `ApplicationDecided`, `ApplicationTaken`.
    """
    async with in_transaction():
        application = await _open_application(key)
        if application.clerk_id == staff.id:
            return
        if application.clerk_id is not None:
            raise ApplicationTaken("applicationId")
        application.state, application.clerk_id = ApplicationState.IN_REVIEW, staff.id
        await add_step(application, StepKind.CLAIMED, now=now, staff=staff)


async def ask_question(staff: StaffViewer, key: UUID, typed: str, *, now: datetime) -> None:
    """Ask the customer, who is told. Raises as `decide`, and `QuestionOpen`."""
    text = read_text(typed, "text")
    async with in_transaction():
        application = await _claimed_application(staff, key)
        if application.state is ApplicationState.QUESTION:
            raise QuestionOpen("applicationId")
        application.state = ApplicationState.QUESTION
        await add_step(
            application,
            StepKind.ASKED,
            now=now,
            text=text,
            staff=staff,
            notice=NoticeKind.APPLICATION_QUESTION,
        )


async def decide(
    staff: StaffViewer, key: UUID, *, is_approved: bool, typed: str, now: datetime
) -> None:
    """With a reason, which the customer reads; also while a question is open.

    Raises `TextInvalid`, `StaffApplicationNotFound`, `ApplicationDecided`, `ApplicationTaken`,
    `ApplicationUnclaimed`.
    """
    reason = read_text(typed, "reason")
    kind = StepKind.APPROVED if is_approved else StepKind.DECLINED
    async with in_transaction():
        application = await _claimed_application(staff, key)
        application.state, application.reason = ApplicationState(kind.value), reason
        told = NoticeKind.APPLICATION_DECIDED
        await add_step(application, kind, now=now, text=reason, staff=staff, notice=told)


async def transfer(key: UUID, *, to: UUID | None, now: datetime) -> None:
    """Hand it to a colleague (None: back into the queue); the customer needn't know.

    Raises `StaffApplicationNotFound`, `ApplicationDecided`, and, where it would go
    back to the queue, `QuestionOpen`: its clerk waits for the customer's answer.
    """
    async with in_transaction():
        application = await _open_application(key)
        if application.state is ApplicationState.QUESTION:
            if to is None:
                raise QuestionOpen("applicationId")
        else:
            application.state = ApplicationState.IN_REVIEW if to else ApplicationState.SUBMITTED
        application.clerk_id = to
        await save(application, now=now)


async def add_note(staff: StaffViewer, key: UUID, typed: str, *, now: datetime) -> None:
    """For colleagues; customers never see it. Raises `TextInvalid`, `StaffApplicationNotFound`."""
    text = read_text(typed, "text")
    if not await Application.exists(id=key, submitted_at__isnull=False):
        raise StaffApplicationNotFound("applicationId")
    await ApplicationNote.create(application_id=key, clerk_id=staff.id, text=text, created_at=now)


async def _claimed_application(staff: StaffViewer, key: UUID) -> Application:
    application = await _open_application(key)
    if application.clerk_id is None:
        raise ApplicationUnclaimed("applicationId")
    if application.clerk_id != staff.id:
        raise ApplicationTaken("applicationId")
    return application


async def _open_application(key: UUID) -> Application:
    """Locked until the transaction ends."""
    known = Application.filter(id=key, submitted_at__isnull=False)
    application = await known.select_for_update().first()
    if application is None:
        raise StaffApplicationNotFound("applicationId")
    if application.state not in _OPEN:
        raise ApplicationDecided("applicationId")
    return application

"""Use cases of staff on applications; roles and audit are checked by the back office.

A missing application and a draft raise `StaffApplicationNotFound`: drafts are visible to their
customer only.
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
    """Claim an application; a no-op for its own clerk.

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


async def ask_question(staff: StaffViewer, key: UUID, raw_text: str, *, now: datetime) -> None:
    """Ask the customer a question and notify them. Raises as `decide`, and `QuestionOpen`."""
    text = read_text(raw_text, "text")
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
    staff: StaffViewer, key: UUID, *, is_approved: bool, reason_text: str, now: datetime
) -> None:
    """Approve or decline with a reason for the customer, also while a question is open.

    Raises `ApplicationTextInvalid`, `StaffApplicationNotFound`, `ApplicationDecided`,
    `ApplicationTaken`, `ApplicationUnclaimed`.
    """
    reason = read_text(reason_text, "reason")
    kind = StepKind.APPROVED if is_approved else StepKind.DECLINED
    async with in_transaction():
        application = await _claimed_application(staff, key)
        application.state, application.reason = ApplicationState(kind.value), reason
        notice = NoticeKind.APPLICATION_DECIDED
        await add_step(application, kind, now=now, text=reason, staff=staff, notice=notice)


async def transfer(key: UUID, *, member_id: UUID | None, now: datetime) -> None:
    """Hand an application to a colleague (None: back to the queue), without a notice.

    Raises `StaffApplicationNotFound`, `ApplicationDecided`, and `QuestionOpen` for a return to the
    queue while the clerk waits for the customer's answer.
    """
    async with in_transaction():
        application = await _open_application(key)
        if application.state is ApplicationState.QUESTION:
            if member_id is None:
                raise QuestionOpen("applicationId")
        else:
            application.state = (
                ApplicationState.IN_REVIEW if member_id else ApplicationState.SUBMITTED
            )
        application.clerk_id = member_id
        await save(application, now=now)


async def add_note(staff: StaffViewer, key: UUID, raw_text: str, *, now: datetime) -> None:
    """Add an internal note. Raises `ApplicationTextInvalid`, `StaffApplicationNotFound`."""
    text = read_text(raw_text, "text")
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
    """Lock a submitted, undecided application until the transaction ends."""
    applications = Application.filter(id=key, submitted_at__isnull=False)
    application = await applications.select_for_update().first()
    if application is None:
        raise StaffApplicationNotFound("applicationId")
    if application.state not in _OPEN:
        raise ApplicationDecided("applicationId")
    return application

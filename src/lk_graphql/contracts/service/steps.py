"""Row lock, timeline steps and texts of applications."""

from datetime import datetime
from uuid import UUID

from lk_graphql.contracts.errors import ApplicationNotFound, ApplicationTextInvalid, StateForbids
from lk_graphql.contracts.models import Application, ApplicationEvent, ApplicationState, StepKind
from lk_graphql.kit import typed_texts
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user

MAX_TEXT_LENGTH = 2000


async def lock_application(
    viewer: Viewer, key: UUID | None, *states: ApplicationState
) -> Application:
    """Lock the viewer's application until the transaction ends.

    Raises `ApplicationNotFound`, and `StateForbids` unless it is in one of the states.
    """
    applications = Application.filter(id=key, user_id=viewer.id).select_for_update()
    application = await applications.first() if key else None
    if application is None:
        raise ApplicationNotFound("applicationId")
    if application.state not in states:
        raise StateForbids("applicationId")
    return application


async def add_step(
    application: Application,
    kind: StepKind,
    *,
    now: datetime,
    text: str | None = None,
    staff: StaffViewer | None = None,
    notice: NoticeKind = NoticeKind.APPLICATION_CHANGED,
) -> None:
    """Save the application with a timeline step; notify the customer of a step by staff."""
    await save(application, now=now)
    step = await ApplicationEvent.create(
        application=application,
        kind=kind,
        text=text,
        staff_id=staff and staff.id,
        happened_at=now,
    )
    if staff is not None:
        cause, number = f"application/{step.id}", application.number
        event = NoticeEvent(notice, cause, application.id, reference=number)
        await notify_user(application.user_id, event, now=now)


async def save(application: Application, *, now: datetime) -> None:
    application.changed_at = now
    await application.save()


def read_text(raw_text: str, path: str) -> str:
    """Read a text as it was pasted. Raises `ApplicationTextInvalid`."""
    refusal = ApplicationTextInvalid(path, longest=MAX_TEXT_LENGTH)
    return typed_texts.read_text(raw_text, refusal, longest=MAX_TEXT_LENGTH)

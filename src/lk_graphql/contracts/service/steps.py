"""Finding an application to change it, and writing down what happened."""

from datetime import datetime
from uuid import UUID

from lk_graphql.contracts.errors import ApplicationNotFound, ApplicationTextInvalid, StateForbids
from lk_graphql.contracts.models import Application, ApplicationEvent, ApplicationState, StepKind
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user

MAX_TEXT_LENGTH = 2000


async def lock_application(
    viewer: Viewer, key: UUID | None, *states: ApplicationState
) -> Application:
    """The viewer's application, locked until the transaction ends.

    Raises `ApplicationNotFound`, and `StateForbids` unless it is in one of the states.
    """
    found = Application.filter(id=key, user_id=viewer.id).select_for_update()
    application = await found.first() if key else None
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
    """Save the application and a step of its timeline; what staff did is told to the customer."""
    await save(application, now=now)
    event = await ApplicationEvent.create(
        application=application,
        kind=kind,
        text=text,
        staff_id=staff and staff.id,
        happened_at=now,
    )
    if staff is not None:
        cause, number = f"application/{event.id}", application.number
        news = NoticeEvent(notice, cause, application.id, reference=number)
        await notify_user(application.user_id, news, now=now)


async def save(application: Application, *, now: datetime) -> None:
    application.changed_at = now
    await application.save()


def read_text(typed: str, path: str) -> str:
    """Raises `TextInvalid`."""
    text = typed.strip()
    if not 1 <= len(text) <= MAX_TEXT_LENGTH:
        raise ApplicationTextInvalid(path, longest=MAX_TEXT_LENGTH)
    return text

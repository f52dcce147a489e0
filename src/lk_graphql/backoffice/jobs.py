"""What the clock has the back office do, and mails to staff."""

from uuid import UUID

from lk_graphql.appeals.service import staff as staff_appeals
from lk_graphql.backoffice.service import appeals
from lk_graphql.kit.emails import Email
from lk_graphql.kit.formatting import format_value
from lk_graphql.kit.languages import Language
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import compose
from lk_graphql.staff.models import StaffMember
from lk_graphql.staff.service import sessions

MAX_LISTED = 50
"""Appeals that a mail lists; the queue has the rest."""


@job("backoffice.sweep", cron="23 * * * *")
async def sweep(world: JobContext) -> None:
    """Every hour: see `service.sessions.forget_old`."""
    await sessions.delete_old(now=world.now)


@job("backoffice.escalate", cron="5 * * * *")
async def escalate(world: JobContext) -> None:
    """Put appeals that have become late before the supervisors, once."""
    await appeals.escalate(world.company.today(world.now), now=world.now)


@job("backoffice.mail_overdue")
async def mail_overdue(world: JobContext, *, member_id: UUID) -> None:
    """All that is late at the moment of sending; nobody's name, and nothing of the texts."""
    member = await StaffMember.get_or_none(id=member_id, locked_at=None)
    late = await staff_appeals.escalated_appeals()
    if member is None or not late:
        return
    rows = [
        (one.number, f"{one.topic.title}, {format_value(one.due_on, Language.RU)}")
        for one in late[:MAX_LISTED]
    ]
    mail = compose(
        "lk_graphql.backoffice",
        "appeals_overdue",
        Language.RU,
        company=world.company,
        name=" ".join(filter(None, (member.first_name, member.patronymic))),
        count=len(late),
        late=rows,
    )
    await world.ports.mail.send(mail, Email(member.email))

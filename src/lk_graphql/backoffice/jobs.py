"""Scheduled jobs of the back office, and mails to staff."""

from uuid import UUID

from lk_graphql.appeals.service import staff as staff_appeals
from lk_graphql.backoffice.service import appeals
from lk_graphql.kit.emails import Email
from lk_graphql.kit.formatting import format_value
from lk_graphql.kit.languages import Language
from lk_graphql.kit.names import salutation
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import compose
from lk_graphql.staff.models import StaffMember
from lk_graphql.staff.service import audit, sessions

MAX_LISTED = 50
"""Maximum number of appeals in a mail."""


@job("backoffice.sweep", cron="23 * * * *")
async def delete_expired(context: JobContext) -> None:
    """Delete expired staff sessions every hour."""
    await sessions.delete_old(now=context.now)


@job("backoffice.audit_partitions", cron="53 20 * * *")
async def maintain_audit_partitions(context: JobContext) -> None:
    """Add partitions of the audit log for the coming months, and drop expired ones, daily."""
    await audit.maintain_partitions(months_kept=context.company.audit_months, now=context.now)


@job("backoffice.escalate", cron="5 * * * *")
async def escalate(context: JobContext) -> None:
    """Escalate newly overdue appeals to the supervisors."""
    await appeals.escalate(context.company.today(context.now), now=context.now)


@job("backoffice.mail_overdue")
async def mail_overdue(context: JobContext, *, member_id: UUID) -> None:
    """Mail a list of the appeals that are overdue when it is sent, without names or texts."""
    member = await StaffMember.get_or_none(id=member_id, locked_at=None)
    overdue = await staff_appeals.escalated_appeals()
    if member is None or not overdue:
        return
    rows = [
        (appeal.number, f"{appeal.topic.title}, {format_value(appeal.due_on, Language.RU)}")
        for appeal in overdue[:MAX_LISTED]
    ]
    mail = compose(
        "lk_graphql.backoffice",
        "appeals_overdue",
        Language.RU,
        company=context.company,
        name=salutation(member.first_name, member.patronymic),
        count=len(overdue),
        late=rows,
    )
    await context.ports.mail.send(mail, Email(member.email), key=context.key)

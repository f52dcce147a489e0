"""Mails about an application: submitted, withdrawn."""

from uuid import UUID

from lk_graphql.contracts.models import Application, ApplicationObject
from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit.cabinet_pages import object_link
from lk_graphql.kit.formatting import format_value
from lk_graphql.ports.jobs import JobContext, job


@job("contracts.mail_submitted")
async def mail_submitted(context: JobContext, *, application_id: UUID) -> None:
    """Mail the application's number and objects to the customer."""
    await _mail(context, "application_submitted", application_id)


@job("contracts.mail_withdrawn")
async def mail_withdrawn(context: JobContext, *, application_id: UUID) -> None:
    """Confirm a withdrawal by mail: another person may have withdrawn the application."""
    await _mail(context, "application_withdrawn", application_id)


async def _mail(context: JobContext, template: str, application_id: UUID) -> None:
    application = await Application.get_or_none(id=application_id).select_related("user")
    if application is None or application.submitted_at is None:
        return
    user, objects = application.user, ApplicationObject.filter(application_id=application_id)
    await mail_user(
        context,
        user,
        "lk_graphql.contracts",
        template,
        number=application.number,
        submitted_on=format_value(
            context.company.today(application.submitted_at), user.preferred_language
        ),
        url=object_link(context.company, "cap", application.id),
        objects="; ".join([row.address for row in await objects.order_by("position")]),
    )

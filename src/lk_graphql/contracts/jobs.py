"""The mails about an application that its customer has a right to: submitted, withdrawn."""

from uuid import UUID

from lk_graphql.contracts.models import Application, ApplicationObject
from lk_graphql.kit.emails import Email
from lk_graphql.kit.formatting import format_value
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import compose


@job("contracts.mail_submitted")
async def mail_submitted(world: JobContext, *, application_id: UUID) -> None:
    """Tell the customer the number, and what the application is for."""
    await _mail(world, "application_submitted", application_id)


@job("contracts.mail_withdrawn")
async def mail_withdrawn(world: JobContext, *, application_id: UUID) -> None:
    """Confirm that the application is withdrawn: perhaps somebody else has done it."""
    await _mail(world, "application_withdrawn", application_id)


async def _mail(world: JobContext, template: str, application_id: UUID) -> None:
    application = await Application.get_or_none(id=application_id).select_related("user")
    if application is None or application.submitted_at is None:
        return
    user, places = application.user, ApplicationObject.filter(application_id=application_id)
    mail = compose(
        "lk_graphql.contracts",
        template,
        user.preferred_language,
        company=world.company,
        name=" ".join(filter(None, (user.first_name, user.patronymic))),
        number=application.number,
        submitted_on=format_value(
            world.company.today(application.submitted_at), user.preferred_language
        ),
        places="; ".join([place.address for place in await places.order_by("position")]),
    )
    await world.ports.mail.send(mail, Email(user.email_key))

"""Mail that confirms the registration of an appeal."""

from uuid import UUID

from lk_graphql.appeals.models import Appeal, AppealMessage
from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit.cabinet_pages import object_link
from lk_graphql.kit.formatting import format_value
from lk_graphql.ports.jobs import JobContext, job

MAX_QUOTED = 1000
"""Maximum length of the quotation from the appeal, in characters."""


@job("appeals.mail_registered")
async def mail_registered(context: JobContext, *, appeal_id: UUID) -> None:
    """Mail the appeal's number and the last day for an answer to the customer."""
    appeal = await Appeal.get_or_none(id=appeal_id).select_related("user", "topic")
    if appeal is None:
        return
    first = await AppealMessage.get(appeal_id=appeal.id, number=1)
    user = appeal.user
    await mail_user(
        context,
        user,
        "lk_graphql.appeals",
        "appeal_registered",
        number=appeal.number,
        topic=appeal.topic.title,
        due_on=format_value(appeal.due_on, user.preferred_language),
        text=first.text[:MAX_QUOTED] + ("…" if len(first.text) > MAX_QUOTED else ""),
        hides_name=appeal.hides_name,
        url=object_link(context.company, "apl", appeal.id),
    )

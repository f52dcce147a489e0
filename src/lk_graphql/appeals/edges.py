"""What appeals add to the customer, to files, and to what notices are about."""

from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW, linked
from lk_graphql.appeals.service.dossier import DOSSIER
from lk_graphql.appeals.types.objects import (
    Appeal,
    AppealFilterInput,
    AppealMessage,
    AppealMessageFilterInput,
)
from lk_graphql.identity.types.objects import User
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.types.objects import ABOUT
from lk_graphql.profile.service.dossiers import KNOWN
from lk_graphql.reads.connections import Connection
from lk_graphql.reads.declare import across, extends, pages
from lk_graphql.uploads.service.links import WAYS

ABOUT[NoticeKind.APPEAL_ANSWERED] = "apl"

WAYS.update({CONTENT: linked, PREVIEW: linked})

KNOWN["appeals"] = DOSSIER


@extends(User)
class UserAppeals:
    """What a person and the supplier wrote to each other («Общение»)."""

    appeals: Connection[Appeal] = pages(
        "Your appeals, newest first («обращения»).", by="-created_at", filters=AppealFilterInput
    )
    appeal_messages: Connection[AppealMessage] = pages(
        "The messages of all your appeals, newest first («отправленные и полученные сообщения»).",
        of="appeals__messages",
        by="-created_at",
        filters=AppealMessageFilterInput,
    )
    unread_appeal_messages: int = across(
        "How many received messages you haven't marked as read.",
        of="appeals__messages",
        sql="count(*)",
        where="{direction} = 'RECEIVED' AND {read_at} IS NULL",
    )

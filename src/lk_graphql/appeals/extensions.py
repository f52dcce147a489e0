"""Fields that appeals add to `User` and `PublicSettings`."""

from lk_graphql.appeals.types.objects import (
    Appeal,
    AppealFilterInput,
    AppealMessage,
    AppealMessageFilterInput,
    AppealRules,
    appeal_rules,
)
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import aggregate, derived, extends, pages


@extends(User)
class UserAppeals:
    """Appeals and their messages («Общение»)."""

    appeals: Connection[Appeal] = pages(
        "The customer's appeals, the newest first («обращения»).",
        by="-created_at",
        filters=AppealFilterInput,
    )
    appeal_messages: Connection[AppealMessage] = pages(
        "The messages of all the customer's appeals, the newest first («отправленные и "
        "полученные сообщения»).",
        of="appeals__messages",
        by="-created_at",
        filters=AppealMessageFilterInput,
    )
    unread_appeal_messages: int = aggregate(
        "The number of received messages that aren't marked as read.",
        of="appeals__messages",
        sql="count(*)",
        where="{direction} = 'RECEIVED' AND {read_at} IS NULL",
    )


@extends(PublicSettings)
class AppealSettings:
    """Limits of appeals."""

    appeal_rules: AppealRules = derived("The limits of appeals («обращения»).", appeal_rules)

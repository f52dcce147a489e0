"""Root query fields about notifications."""

from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.kit import emails
from lk_graphql.notifications.service.topics import find_subscription
from lk_graphql.notifications.types.payloads import NotificationsUnsubscribePreview
from lk_graphql.planner.types import Query, extends

Token = Annotated[
    str, strawberry.argument(description="The text after `#token=` in the mail's link.")
]


@open_to(Access.ANYONE)
@extends(Query)
class NotificationsQuery:
    """The link in a mail to unsubscribe."""

    @strawberry.field(
        description=(
            "The subscription that `notificationsUnsubscribe` would end, for a confirmation; "
            "null if the link in the mail is expired, or wasn't issued by the server."
        )
    )
    async def notifications_unsubscribe_preview(
        self, info: Info, token: Token
    ) -> NotificationsUnsubscribePreview | None:
        subscription = await find_subscription(token, signer=info.context.ports.signer)
        if subscription is None:
            return None
        return NotificationsUnsubscribePreview(
            topic=subscription.topic, masked_email=emails.mask(subscription.email)
        )

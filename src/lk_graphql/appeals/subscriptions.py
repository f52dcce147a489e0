"""Root subscriptions of appeals."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.appeals.service.threads import APPEALS_TOPIC, MessageStream
from lk_graphql.appeals.types.objects import AppealMessage
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.types import extends

AppealId = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description=(
            "The id of the appeal; if omitted, messages of all the customer's appeals are sent."
        )
    ),
]
After = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The id of the last message seen: messages after it are sent first."
    ),
]


@extends(Subscription)
class AppealsSubscription:
    """New messages of the viewer's threads."""

    @subscription(access=Access.CUSTOMER)
    async def appeal_message_added(
        self, info: Info, appeal_id: AppealId = None, after: After = None
    ) -> AsyncGenerator[AppealMessage | None, None]:
        """Messages of the customer's appeals, sent or received, each once and in order.

        The newest message comes first, or with `after` all later ones, so that a reconnect loses
        nothing. Null, followed by the end, if the customer has no such appeal.
        """
        ctx = info.context
        stream = MessageStream(
            ctx.viewer, key_of(appeal_id, "apl") or NO_KEY if appeal_id else None
        )
        await stream.resume_after(key_of(after, "msg"))
        async for _ in ctx.ports.pubsub.changes(APPEALS_TOPIC, ctx.viewer.id):
            if appeal_id and not await stream.exists():
                yield ctx.rows.by_key(AppealMessage, NO_KEY)
            for key in await stream.new_message_keys():
                yield ctx.rows.by_key(AppealMessage, key)

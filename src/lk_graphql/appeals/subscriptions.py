"""Root subscriptions of appeals."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.subscription import Subscription, subscription
from lk_graphql.appeals.service.threads import APPEALS_TOPIC, MessageStream
from lk_graphql.appeals.types.objects import AppealMessage
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.types import extends

AppealId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only of this appeal; unsaid, of all of yours."),
]
After = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Begin with what came after this message: the last one seen."),
]


@extends(Subscription)
class AppealsSubscription:
    """New messages of the viewer's threads."""

    @subscription(access=Access.CUSTOMER)
    async def appeal_message_added(
        self, info: Info, appeal_id: AppealId = None, after: After = None
    ) -> AsyncGenerator[AppealMessage | None, None]:
        """Each message of your appeals, sent or received, once and in order.

        The newest one comes first, or with `after` all that came since: so nothing is lost by a
        reconnect. Null, and the end, when there is no such appeal among yours.
        """
        ctx = info.context
        stream = MessageStream(
            ctx.viewer, key_of(appeal_id, "apl") or NO_KEY if appeal_id else None
        )
        await stream.resume_after(ctx.viewer, key_of(after, "msg"))
        async for _ in ctx.ports.pubsub.changes(APPEALS_TOPIC, ctx.viewer.id):
            if appeal_id and not await stream.exists():
                yield ctx.rows.by_key(AppealMessage, NO_KEY)
            for key in await stream.new_message_keys():
                yield ctx.rows.by_key(AppealMessage, key)

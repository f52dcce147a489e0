"""Root subscriptions of notifications."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.subscription import Subscription, subscription
from lk_graphql.kit.ids import key_of
from lk_graphql.notifications.service.stream import NoticeStream
from lk_graphql.notifications.types.objects import Notice
from lk_graphql.planner.types import extends
from lk_graphql.profile.service.changes import USER

After = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Begin with what came after this notice: the last one seen."),
]


@extends(Subscription)
class NotificationsSubscription:
    """New notices of the viewer."""

    @subscription(access=Access.CUSTOMER)
    async def notice_added(
        self, info: Info, after: After = None
    ) -> AsyncGenerator[Notice | None, None]:
        """Each notice of yours, once («уведомления»).

        The newest one comes first, or with `after` up to a hundred that came since: so nothing is
        lost by a reconnect. For a badge that also sinks when another device marks notices as read,
        see `viewerChanged`.
        """
        ctx = info.context
        stream = NoticeStream(ctx.viewer)
        await stream.resume_after(key_of(after, "ntc"))
        async for _ in ctx.ports.pubsub.changes(USER, ctx.viewer.id):
            for key in await stream.new_keys():
                yield ctx.rows.by_key(Notice, key)

"""Root subscriptions of notifications."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.identity.service.users import USER
from lk_graphql.kit.ids import key_of
from lk_graphql.notifications.service.stream import NoticeStream
from lk_graphql.notifications.types.objects import Notice
from lk_graphql.planner.types import extends

After = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The id of the last notice seen: notices after it are sent first."
    ),
]


@extends(Subscription)
class NotificationsSubscription:
    """New notices of the viewer."""

    @subscription(access=Access.CUSTOMER)
    async def notice_added(
        self, info: Info, after: After = None
    ) -> AsyncGenerator[Notice | None, None]:
        """Notices of the customer, each once («уведомления»).

        The newest notice comes first, or with `after` up to a hundred later ones, so that a
        reconnect loses nothing. For a badge that also decreases when another device marks notices
        as read, see `viewerChanged`.
        """
        ctx = info.context
        stream = NoticeStream(ctx.viewer)
        await stream.resume_after(key_of(after, "ntc"))
        async for _ in ctx.ports.pubsub.changes(USER, ctx.viewer.id):
            for key in await stream.new_keys():
                yield ctx.rows.by_key(Notice, key)

"""Root subscriptions of the signed-in customer."""

from collections.abc import AsyncGenerator

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.identity.service.users import USER
from lk_graphql.identity.types.objects import User
from lk_graphql.planner.types import extends


@extends(Subscription)
class ProfileSubscription:
    """Changes of the signed-in customer."""

    @subscription(access=Access.CUSTOMER)
    async def viewer_changed(self, info: Info) -> AsyncGenerator[User | None, None]:
        """The signed-in customer, and again after each change of the selected data.

        It covers the profile, notices, uploads, exports of personal data and links to accounts: for
        a badge (`unreadNotices`), a growing list, or the end of a job (`personalDataExports`).
        Changes of the data of an account are sent by `accountChanged`.
        """
        ctx = info.context
        async for _ in ctx.ports.pubsub.changes(USER, ctx.viewer.id):
            yield ctx.rows.by_key(User, ctx.viewer.id)

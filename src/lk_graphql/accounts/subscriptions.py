"""Root subscriptions about accounts."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from lk_graphql.accounts.service.changes import ACCOUNT, changed_accounts
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.subscription import Subscription, subscription
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.types import extends
from lk_graphql.ports.pubsub import PubSub

Id = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Which of your accounts; unsaid, all of them."),
]


@extends(Subscription)
class AccountsSubscription:
    """Subscription to changes of an account."""

    @subscription(access=Access.CUSTOMER)
    async def account_changed(
        self, info: Info, account_id: Id = None
    ) -> AsyncGenerator[Account | None, None]:
        """An account as it is, and again after each change of it or of what belongs to it.

        A link, a reading, a bill, a payment: whoever of those who have the account did it, and
        the supplier. A result that equals the one before it isn't sent again. Null, and the end,
        when it isn't yours (any more).

        Without `accountId` all accounts come at first, then each that changes; all of them again
        when you link one or lose one. Which you have is told by `viewerChanged`.
        """
        ctx = info.context
        async for key in _keys(ctx.viewer, ctx.ports.pubsub, account_id):
            yield ctx.rows.by_key(Account, key)


async def _keys(
    viewer: Viewer, pubsub: PubSub, account_id: str | None
) -> AsyncGenerator[UUID, None]:
    if account_id is None:
        async for key in changed_accounts(viewer, pubsub):
            yield key
    else:
        key = key_of(account_id, "acc") or NO_KEY
        async for _ in pubsub.changes(ACCOUNT, key):
            yield key

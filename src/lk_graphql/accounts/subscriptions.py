"""Root subscriptions about accounts."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from lk_graphql.accounts.service.changes import ACCOUNT, changed_accounts
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.types import extends
from lk_graphql.ports.pubsub import PubSub

Id = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The id of one of the customer's accounts; all of them if omitted."
    ),
]


@extends(Subscription)
class AccountsSubscription:
    """Changes of an account."""

    @subscription(access=Access.CUSTOMER)
    async def account_changed(
        self, info: Info, account_id: Id = None
    ) -> AsyncGenerator[Account | None, None]:
        """An account as it is now, and again after each change of it or of its data.

        A change is a link, a reading, a bill or a payment, by any customer who has the account or
        by the supplier. A result equal to the previous one isn't sent again. Yields null and ends
        if the account isn't, or is no longer, linked by the customer.

        Without `accountId` all accounts come first, then each that changes; all of them again after
        the customer links or loses one. `viewerChanged` has the list of linked accounts.
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

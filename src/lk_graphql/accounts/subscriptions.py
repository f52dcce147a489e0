"""Root subscriptions about accounts."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.accounts.service.changes import ACCOUNT
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.subscription import Subscription, subscription
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.types import extends

Id = Annotated[strawberry.ID, strawberry.argument(description="Which of your accounts.")]


@extends(Subscription)
class AccountsSubscription:
    """Subscription to changes of an account."""

    @subscription(access=Access.CUSTOMER)
    async def account_changed(
        self, info: Info, account_id: Id
    ) -> AsyncGenerator[Account | None, None]:
        """An account as it is, and again after each change of it or of what belongs to it.

        A link, a reading, a bill, a payment: whoever of those who have the account did it, and
        the supplier. Null, and the end, when it isn't yours (any more).
        """
        ctx, key = info.context, key_of(account_id, "acc") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(ACCOUNT, key):
            yield ctx.rows.by_key(Account, key)

"""Root subscriptions about payments."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.subscription import Subscription, subscription
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.payments.service.states import PAYMENT
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import extends

Id = Annotated[strawberry.ID, strawberry.argument(description="Which of your payments.")]


@extends(Subscription)
class PaymentsSubscription:
    """Changes of a payment."""

    @subscription(access=Access.CUSTOMER)
    async def payment_changed(
        self, info: Info, payment_id: Id
    ) -> AsyncGenerator[Payment | None, None]:
        """A payment as it is, and again after each step of its way.

        For who waits for the acquirer's word, a receipt or a refund. Null, and the end, when it
        isn't yours.
        """
        ctx, key = info.context, key_of(payment_id, "pay") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(PAYMENT, key):
            yield ctx.rows.by_key(Payment, key)

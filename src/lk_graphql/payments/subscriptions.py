"""Root subscriptions about payments."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.payments.service.states import PAYMENT
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import extends

Id = Annotated[
    strawberry.ID, strawberry.argument(description="The id of one of the customer's payments.")
]


@extends(Subscription)
class PaymentsSubscription:
    """Changes of a payment."""

    @subscription(access=Access.CUSTOMER)
    async def payment_changed(
        self, info: Info, payment_id: Id
    ) -> AsyncGenerator[Payment | None, None]:
        """A payment as it is now, and again after each event in its history.

        Use it to wait for the acquirer's response, a receipt or a refund. Yields null and ends if
        the payment isn't the customer's.
        """
        ctx, key = info.context, key_of(payment_id, "pay") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(PAYMENT, key):
            yield ctx.rows.by_key(Payment, key)

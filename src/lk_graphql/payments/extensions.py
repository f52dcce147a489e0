"""Fields that payments add to `User` and `PublicSettings`."""

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.payments.errors import PaymentsClosed
from lk_graphql.payments.service.preview import terms_on
from lk_graphql.payments.types.objects import Payment
from lk_graphql.payments.types.payloads import PaymentRules, payment_rules
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages


@extends(User)
class UserPayments:
    """Payments of the user."""

    payments: Connection[Payment] = pages(
        "The customer's payments in this cabinet, newest first («мои платежи»).",
        by="-created_at",
    )


@extends(PublicSettings)
class PaymentSettings:
    """Terms of payments."""

    @strawberry.field(
        name="paymentRules",
        description="The limits and commission of payments today («условия оплаты»); null while "
        "none are accepted.",
    )
    async def payment_rules(self, info: Info) -> PaymentRules | None:
        if info.context.ports.acquirer is None:
            return None
        try:
            return payment_rules(await terms_on(info.context.today))
        except PaymentsClosed:
            return None

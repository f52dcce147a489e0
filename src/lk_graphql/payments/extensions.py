"""Fields that payments add to `User`."""

from lk_graphql.identity.types.objects import User
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages


@extends(User)
class UserPayments:
    """Payments of the user."""

    payments: Connection[Payment] = pages(
        "The payments that this person has made here, newest first («мои платежи»).",
        by="-created_at",
    )

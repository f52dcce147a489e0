"""Root fields about payments."""

from lk_graphql.api.access import Access, open_to
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import Query, by_id, extends


@open_to(Access.CUSTOMER)
@extends(Query)
class PaymentsQuery:
    """A payment by its id."""

    payment: Payment | None = by_id("A payment of yours by its id; null if there is none.")

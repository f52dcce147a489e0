"""Root fields about invoices."""

from lk_graphql.api.access import Access, open_to
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.planner.types import Query, by_id, extends


@open_to(Access.CUSTOMER)
@extends(Query)
class BillingQuery:
    """Objects that pages show, by their ids."""

    invoice: Invoice | None = by_id("A bill of yours by its id; null if there is none.")

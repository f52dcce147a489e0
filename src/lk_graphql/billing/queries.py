"""Root fields about invoices."""

from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.planner.types import Query, by_id, extends


@open_to(Access.CUSTOMER)
@extends(Query)
class BillingQuery:
    """A bill by its id."""

    invoice: Invoice | None = by_id("One of the customer's bills by its id; null if there is none.")

"""Root fields about accounts."""

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.access import Access, open_to
from lk_graphql.planner.types import Query, by_id, extends


@open_to(Access.CUSTOMER)
@extends(Query)
class AccountsQuery:
    """Objects that pages show, by their ids."""

    account: Account | None = by_id("An account of yours by its id; null if there is none.")

"""Root fields about contract applications."""

from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.contracts.types.objects import ContractApplication
from lk_graphql.planner.types import Query, by_id, extends


@open_to(Access.CUSTOMER)
@extends(Query)
class ContractsQuery:
    """Objects of pages, by their ids."""

    contract_application: ContractApplication | None = by_id(
        "One of the customer's applications by its id; null if there is none."
    )

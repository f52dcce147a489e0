"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.contracts.errors import ContractErrorCode


@object_type
class ContractError(UserError):
    """Why something about a contract was refused."""

    code: ContractErrorCode = strawberry.field(description="The reason, for programs.")

"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.contracts.errors import ContractErrorCode


@strawberry.type(description="Why something about a contract was refused.")
class ContractError(UserError):
    code: ContractErrorCode = strawberry.field(description="The reason, for programs.")

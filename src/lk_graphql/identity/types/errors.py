"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.identity.errors import IdentityErrorCode


@strawberry.type(description="Why something about a login was refused.")
class IdentityError(UserError):
    code: IdentityErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )

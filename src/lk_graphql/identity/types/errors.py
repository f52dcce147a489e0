"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.identity.errors import IdentityErrorCode


@object_type
class IdentityError(UserError):
    """Why something about a login was refused."""

    code: IdentityErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )

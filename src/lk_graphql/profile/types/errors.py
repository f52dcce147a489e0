"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.profile.errors import ProfileErrorCode


@strawberry.type(description="Why something about a profile was refused.")
class ProfileError(UserError):
    code: ProfileErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )

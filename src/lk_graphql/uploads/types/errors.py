"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.uploads.errors import UploadErrorCode


@strawberry.type(description="Why a file was refused.")
class UploadError(UserError):
    code: UploadErrorCode = strawberry.field(description="The reason, for programs.")

"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.uploads.errors import UploadErrorCode


@object_type
class UploadError(UserError):
    """Why a file was refused."""

    code: UploadErrorCode = strawberry.field(description="The reason, for programs.")

"""Payloads and errors of the upload mutations."""

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.types.objects import Upload


@object_type
class UploadError(UserError):
    """Why a file was refused."""

    code: UploadErrorCode = strawberry.field(description="The reason, for programs.")


@object_type
class UploadCreatePayload(ViewerPayload):
    """The outcome of `uploadCreate`."""

    upload: Upload | None = outcome("The file that is awaited.")
    url: Url | None = outcome(
        "Where to PUT the bytes, once, as the body; 204 says that they are kept."
    )
    errors: list[UploadError] = errors()

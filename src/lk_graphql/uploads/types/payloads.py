"""Payloads and errors of the upload mutations."""

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.types.objects import Upload


@object_type
class UploadError(UserError):
    """A refusal of a file."""

    code: UploadErrorCode = strawberry.field(description="The machine-readable reason.")


@object_type
class UploadCreatePayload(ViewerPayload):
    """The result of `uploadCreate`."""

    upload: Upload | None = outcome("The upload, which awaits its bytes.")
    url: Url | None = outcome(
        "The URL to PUT the bytes to, once, as the body; the response 204 confirms that "
        "they are stored."
    )
    errors: list[UploadError] = errors()

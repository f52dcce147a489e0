"""How staff announce files that go with an answer."""

import strawberry

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import input_type, object_type
from lk_graphql.uploads.types.errors import UploadError
from lk_graphql.uploads.types.inputs import UploadCreateInput


@input_type
class StaffAttachmentCreateInput(UploadCreateInput):
    """A file that is about to be sent, for an answer."""


@object_type
class StaffAttachmentCreatePayload:
    """A file that is awaited, for an answer."""

    upload_id: strawberry.ID | None = outcome("For `staffAppealAnswer`, once, and for you only.")
    url: str | None = outcome(
        "Where to PUT the bytes, once, as the body; 204 says that they are kept."
    )
    errors: list[UploadError] = errors()

"""What mutations about files answer."""

import strawberry

from lk_graphql.api.shapes import object_type
from lk_graphql.uploads.types.errors import UploadError
from lk_graphql.uploads.types.objects import Upload


@object_type
class UploadCreatePayload:
    """The outcome of `uploadCreate`."""

    upload: Upload | None = strawberry.field(
        default=None, description="The file that is awaited. Null when it was refused."
    )
    url: str | None = strawberry.field(
        default=None,
        description="Where to PUT the bytes, once, as the body; 204 says that they are kept. "
        "Null when it was refused.",
    )
    errors: list[UploadError] = strawberry.field(
        default_factory=list[UploadError], description="Why not; empty when it was done."
    )

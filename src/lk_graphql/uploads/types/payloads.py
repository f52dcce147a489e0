"""What mutations about files answer."""

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type
from lk_graphql.uploads.types.errors import UploadError
from lk_graphql.uploads.types.objects import Upload


@object_type
class UploadCreatePayload:
    """The outcome of `uploadCreate`."""

    upload: Upload | None = outcome("The file that is awaited.")
    url: str | None = outcome(
        "Where to PUT the bytes, once, as the body; 204 says that they are kept."
    )
    errors: list[UploadError] = errors()

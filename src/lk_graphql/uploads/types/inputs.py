"""Inputs of the upload mutations."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.uploads.service.creation import UploadDeclaration


@input_type
class UploadCreateInput:
    """A file to upload."""

    file_name: str = strawberry.field(
        description=(
            "The name of the file with its extension, `паспорт.pdf`. The content "
            "determines the format."
        )
    )
    content_type: str = strawberry.field(
        description=(
            "The media type of the file, `application/pdf`. It may be empty or wrong: it is "
            "used only for a name without an extension."
        )
    )
    size: int = strawberry.field(
        description="The size of the file in bytes; the body must have exactly this size."
    )

    def to_command(self) -> UploadDeclaration:
        return UploadDeclaration(self.file_name, self.content_type, self.size)

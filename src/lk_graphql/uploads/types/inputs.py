"""Inputs of the upload mutations."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.uploads.service.creation import UploadDeclaration


@input_type
class UploadCreateInput:
    """A file that is about to be sent."""

    file_name: str = strawberry.field(
        description="Its name with the extension: `паспорт.pdf`. The content decides what it is."
    )
    content_type: str = strawberry.field(
        description="Its media type: `application/pdf`. It may be empty or wrong: it counts only "
        "for a name without an extension."
    )
    size: int = strawberry.field(description="Its length in bytes; exactly as many must come.")

    def to_command(self) -> UploadDeclaration:
        return UploadDeclaration(self.file_name, self.content_type, self.size)

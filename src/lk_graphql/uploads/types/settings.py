"""`publicSettings.uploads`: what a frontend checks before it sends a file."""

import strawberry

from lk_graphql.api.shapes import object_type
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service import announcing, kinds


@object_type
class UploadForm:
    """A kind of file that is taken."""

    kind: UploadKind = strawberry.field(description="The kind.")
    content_type: str = strawberry.field(description="Its media type, for `contentType`.")
    extensions: list[str] = strawberry.field(description="What its name ends with.")


@object_type
class UploadRules:
    """What can be uploaded («загрузка документов»)."""

    kinds: list[UploadForm] = strawberry.field(description="What is taken.")
    largest_bytes: int = strawberry.field(description="The most bytes of a file.")
    files_per_day: int = strawberry.field(description="How many files one person may announce.")
    bytes_per_day: int = strawberry.field(description="And how many bytes they may have together.")
    kept_seconds: int = strawberry.field(
        description="How long a file waits to be used; then it is forgotten."
    )


def upload_rules(allowed: kinds.Allowance) -> UploadRules:
    return UploadRules(
        kinds=[
            UploadForm(kind=kind, content_type=form.media_type, extensions=list(form.extensions))
            for kind, form in kinds.FORMS.items()
            if kind in allowed.kinds
        ],
        largest_bytes=allowed.largest,
        files_per_day=allowed.files_a_day,
        bytes_per_day=allowed.bytes_a_day,
        kept_seconds=int(announcing.LASTS.total_seconds()),
    )

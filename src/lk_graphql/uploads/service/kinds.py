"""What is taken, and how it is called: in names, on the wire, and to people."""

from typing import NamedTuple

from lk_graphql.uploads.models import UploadKind


class Form(NamedTuple):
    """`media_type` is what downloads are sent as; `extensions`, the first of which is usual."""

    media_type: str
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {
    UploadKind.PDF: Form("application/pdf", ("pdf",)),
    UploadKind.JPEG: Form("image/jpeg", ("jpg", "jpeg")),
    UploadKind.PNG: Form("image/png", ("png",)),
    UploadKind.HEIC: Form("image/heic", ("heic", "heif")),
    UploadKind.DOCX: Form(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    UploadKind.XLSX: Form(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
}
BY_EXTENSION = {end: kind for kind, form in FORMS.items() for end in form.extensions}
KINDS = ", ".join(form.extensions[0] for form in FORMS.values())
"""For sentences."""
PREVIEWED = frozenset({UploadKind.JPEG, UploadKind.PNG})
"""HEIC is kept as it is: nothing that decodes it comes with Pillow."""
PICTURES = PREVIEWED | {UploadKind.HEIC}

"""What is taken, and how it is called: in names, on the wire, and to people."""

from typing import NamedTuple

from lk_graphql.uploads.models import UploadKind


class Form(NamedTuple):
    """`media_type` is what downloads are sent as; `extensions`, the first of which is usual."""

    media_type: str
    extensions: tuple[str, ...]


class Allowance(NamedTuple):
    """What somebody may send: which kinds, the most bytes of a file, and the most in a day."""

    kinds: frozenset[UploadKind]
    largest: int
    files_a_day: int
    bytes_a_day: int

    @property
    def words(self) -> str:
        """The kinds, for sentences."""
        return ", ".join(FORMS[kind].extensions[0] for kind in FORMS if kind in self.kinds)


MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {
    UploadKind.PDF: Form("application/pdf", ("pdf",)),
    UploadKind.JPEG: Form("image/jpeg", ("jpg", "jpeg")),
    UploadKind.PNG: Form("image/png", ("png",)),
    UploadKind.HEIC: Form("image/heic", ("heic", "heif")),
    UploadKind.DOCX: Form(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    UploadKind.XLSX: Form(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    UploadKind.CSV: Form("text/csv", ("csv",)),
    UploadKind.JSONL: Form("application/jsonl", ("jsonl",)),
}
BY_EXTENSION = {end: kind for kind, form in FORMS.items() for end in form.extensions}
_TABLES = frozenset({UploadKind.CSV, UploadKind.JSONL})
DOCUMENTS = Allowance(frozenset(FORMS) - _TABLES, 10 * MEGABYTE, 50, 100 * MEGABYTE)
"""What people send of themselves: papers and pictures."""
ANSWERS = DOCUMENTS._replace(files_a_day=200, bytes_a_day=1024 * MEGABYTE)
"""The same, of staff, who answer many people a day."""
TABLES = Allowance(_TABLES, 100 * MEGABYTE, 200, 4096 * MEGABYTE)
"""What staff send of the billing system's. A file is no longer than clamd takes by default."""
PREVIEWED = frozenset({UploadKind.JPEG, UploadKind.PNG})
"""HEIC is kept as it is: nothing that decodes it comes with Pillow."""
PICTURES = PREVIEWED | {UploadKind.HEIC}

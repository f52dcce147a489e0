"""Accepted formats, quotas and file names."""

import re
import unicodedata
from typing import NamedTuple

from lk_graphql.uploads.errors import FileNameInvalid, KindUnsupported
from lk_graphql.uploads.models import UploadKind


class FileFormat(NamedTuple):
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
    def limits(self) -> str:
        """The kinds, for sentences."""
        return ", ".join(FORMATS[kind].extensions[0] for kind in FORMATS if kind in self.kinds)


MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    UploadKind.PDF: FileFormat("application/pdf", ("pdf",)),
    UploadKind.JPEG: FileFormat("image/jpeg", ("jpg", "jpeg")),
    UploadKind.PNG: FileFormat("image/png", ("png",)),
    UploadKind.HEIC: FileFormat("image/heic", ("heic", "heif")),
    UploadKind.DOCX: FileFormat(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    UploadKind.XLSX: FileFormat(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    UploadKind.CSV: FileFormat("text/csv", ("csv",)),
    UploadKind.JSONL: FileFormat("application/jsonl", ("jsonl",)),
}
BY_EXTENSION = {end: kind for kind, form in FORMATS.items() for end in form.extensions}
_TABLES = frozenset({UploadKind.CSV, UploadKind.JSONL})
DOCUMENTS = Allowance(frozenset(FORMATS) - _TABLES, 10 * MEGABYTE, 50, 100 * MEGABYTE)
"""What people send of themselves: papers and pictures."""
ANSWERS = DOCUMENTS._replace(files_a_day=200, bytes_a_day=1024 * MEGABYTE)
"""The same, of staff, who answer many people a day."""
TABLES = Allowance(_TABLES, 100 * MEGABYTE, 200, 4096 * MEGABYTE)
"""What staff send of the billing system's. A file is no longer than clamd takes by default."""
PREVIEWED = frozenset({UploadKind.JPEG, UploadKind.PNG})
"""HEIC is kept as it is: nothing that decodes it comes with Pillow."""
PICTURES = PREVIEWED | {UploadKind.HEIC}


MAX_NAME_LENGTH = 120
_SEPARATORS = re.compile(r"[/\\]")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # also what turns the reading direction
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))  # by Windows
_INNER_EXTENSION = re.compile(r"\.(?=[A-Za-z]{1,5}(\.|$))")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def clean_file_name(typed: str, allowance: Allowance = DOCUMENTS) -> tuple[str, UploadKind]:
    r"""The name as it will be shown, and the kind that its extension promises.

    `C:\scans\photo.exe.jpg` becomes `photo_exe.jpg`. Raises `FileNameInvalid`,
    `KindUnsupported`.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", typed))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _INVISIBLE)
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    stem = stem.translate(_FORBIDDEN).strip(". ")
    extension = extension.strip().lower()
    if not dot or not stem or not extension:
        raise FileNameInvalid("fileName")
    kind = BY_EXTENSION.get(extension)
    if kind is None or kind not in allowance.kinds:
        raise KindUnsupported("fileName", kinds=allowance.limits)
    stem = _INNER_EXTENSION.sub("_", stem)
    if _DEVICE.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem[: MAX_NAME_LENGTH - len(extension) - 1].strip()}.{extension}", kind

"""Accepted formats, quotas and file names."""

import re
import unicodedata
from typing import NamedTuple

from lk_graphql.uploads.errors import FileNameInvalid, KindUnsupported
from lk_graphql.uploads.models import UploadKind


class FileFormat(NamedTuple):
    """A format: the media type of downloads, and the file extensions, the usual one first."""

    media_type: str
    extensions: tuple[str, ...]


class Allowance(NamedTuple):
    """Limits of an uploader: formats, bytes of one file, files and bytes a day."""

    kinds: frozenset[UploadKind]
    largest: int
    files_a_day: int
    bytes_a_day: int

    @property
    def limits(self) -> str:
        """Extensions of the allowed formats, for error messages."""
        return ", ".join(FORMATS[kind].extensions[0] for kind in FORMATS if kind in self.kinds)


MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    UploadKind.PDF: FileFormat("application/pdf", ("pdf",)),
    UploadKind.JPEG: FileFormat("image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    UploadKind.PNG: FileFormat("image/png", ("png",)),
    UploadKind.HEIC: FileFormat("image/heic", ("heic", "heif", "hif", "heics", "heifs")),
    UploadKind.DOCX: FileFormat(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    UploadKind.XLSX: FileFormat(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    UploadKind.CSV: FileFormat("text/csv", ("csv", "txt", "tsv")),
    UploadKind.JSONL: FileFormat("application/jsonl", ("jsonl", "json")),
}
_BY_MEDIA_TYPE = {form.media_type: kind for kind, form in FORMATS.items()} | {
    "image/jpg": UploadKind.JPEG,
    "image/pjpeg": UploadKind.JPEG,
    "image/x-png": UploadKind.PNG,
    "image/heif": UploadKind.HEIC,
    "image/heic-sequence": UploadKind.HEIC,
    "image/heif-sequence": UploadKind.HEIC,
    "application/x-pdf": UploadKind.PDF,
}
BY_EXTENSION = {end: kind for kind, form in FORMATS.items() for end in form.extensions}
_TABLES = frozenset({UploadKind.CSV, UploadKind.JSONL})
DOCUMENTS = Allowance(frozenset(FORMATS) - _TABLES, 10 * MEGABYTE, 50, 100 * MEGABYTE)
"""Documents and pictures of customers."""
ANSWERS = DOCUMENTS._replace(files_a_day=200, bytes_a_day=1024 * MEGABYTE)
"""The same formats for staff, who answer many customers a day."""
TABLES = Allowance(_TABLES, 100 * MEGABYTE, 200, 4096 * MEGABYTE)
"""Billing files that staff upload; the size is within clamd's own default limit."""
PREVIEWED = frozenset({UploadKind.JPEG, UploadKind.PNG})
"""Formats with a preview; Pillow can't decode HEIC."""
PICTURES = PREVIEWED | {UploadKind.HEIC}
MAX_NAME_LENGTH = 120
_SEPARATORS = re.compile(r"[/\\]")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # includes changes of the reading direction
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))  # in Windows
_INNER_EXTENSION = re.compile(r"\.(?=[A-Za-z]{1,5}(\.|$))")
_EXTENSION = re.compile(r"\.(?!\d+$)[A-Za-z0-9]{2,5}$")
"""An extension doesn't consist of digits only: `Акт от 01.02.2026` has none."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def clean_file_name(
    file_name: str, allowance: Allowance = DOCUMENTS, media_type: str = ""
) -> tuple[str, UploadKind]:
    r"""Return the sanitized name, and the kind that its extension implies.

    `C:\scans\photo.exe.jpg` becomes `photo_exe.jpg`. A name without an extension gets that of the
    media type. Raises `FileNameInvalid`, `KindUnsupported`.
    """
    base_name = _SEPARATORS.split(unicodedata.normalize("NFC", file_name))[-1]
    visible = "".join(char for char in base_name if unicodedata.category(char) not in _INVISIBLE)
    visible = " ".join(visible.split())
    declared = _BY_MEDIA_TYPE.get(media_type)
    if declared and visible.strip(". ") and not _EXTENSION.search(visible):
        visible = f"{visible.strip('. ')}.{FORMATS[declared].extensions[0]}"
    stem, dot, extension = visible.rpartition(".")
    stem = stem.translate(_FORBIDDEN).strip(". ")
    extension = extension.strip().lower()
    if not dot or not stem or not extension or extension.isdecimal():
        raise FileNameInvalid("fileName")
    kind = BY_EXTENSION.get(extension)
    if kind is None or kind not in allowance.kinds:
        raise KindUnsupported("fileName", kinds=allowance.limits)
    stem = _INNER_EXTENSION.sub("_", stem)
    if _DEVICE.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem[: MAX_NAME_LENGTH - len(extension) - 1].strip()}.{extension}", kind


def renamed(name: str, kind: UploadKind) -> str:
    """Return the name with the extension of the content's format."""
    stem = name.rpartition(".")[0]
    extension = FORMATS[kind].extensions[0]
    return f"{stem[: MAX_NAME_LENGTH - len(extension) - 1].strip()}.{extension}"

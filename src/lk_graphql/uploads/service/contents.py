"""Content checks of uploaded files, office archives included."""

import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import ContentMismatch, ContentUnsafe
from lk_graphql.uploads.models import UploadKind

_MAX_ENTRIES = 2000
_MAX_BYTES = 100 * 1024 * 1024
"""Unpacked size of all entries together."""
_UNPACK_CHUNK = 64 * 1024
_MAIN = {UploadKind.DOCX: "word/document.xml", UploadKind.XLSX: "xl/workbook.xml"}
_ENCRYPTED = 1
_MAX_PIXELS = 80_000_000
"""A telephone of 2026 takes pictures of 50 million; a small file can declare a billion."""
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_PDF_TAIL = 2048
_BINARY_SHARE = 16  # one zero of so many bytes makes a file binary
_CHUNK = 1024 * 1024


def check(file: Path, kind: UploadKind) -> None:
    """Check the content of a file; it blocks, so call it in a thread.

    Raises `ContentMismatch`, or `ContentUnsafe` for a file of two formats.
    """
    try:
        _check(file, kind)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - parsers raise anything for hostile bytes
        raise ContentMismatch(kind=kind) from None


def _check(file: Path, kind: UploadKind) -> None:
    if kind in {UploadKind.DOCX, UploadKind.XLSX}:
        _check_office(file, kind)
        return
    {
        UploadKind.PDF: _check_pdf,
        UploadKind.JPEG: _check_picture,
        UploadKind.PNG: _check_picture,
        UploadKind.HEIC: _check_heic,
        UploadKind.CSV: _check_text,
        UploadKind.JSONL: _check_text,
    }[kind](file, kind)
    if zipfile.is_zipfile(file):  # the directory of an archive is at its end, so a file can be both
        raise ContentUnsafe


def _check_office(file: Path, kind: UploadKind) -> None:
    """Unpack all entries once without storing them. Raises `ContentMismatch`, `ContentUnsafe`."""
    with file.open("rb") as content:
        if content.read(4) != b"PK\x03\x04":
            raise ContentMismatch(kind=kind)
    with zipfile.ZipFile(file) as archive:
        _check_directory(archive.infolist(), file.stat().st_size)
        if not {"[Content_Types].xml", _MAIN[kind]} <= set(archive.namelist()):
            raise ContentMismatch(kind=kind)
        _unpack(archive)


def _check_pdf(file: Path, kind: UploadKind) -> None:
    with file.open("rb") as content:
        head = content.read(5)
        content.seek(max(0, file.stat().st_size - _PDF_TAIL))
        tail = content.read()
    if head != b"%PDF-" or b"%%EOF" not in tail:
        raise ContentMismatch(kind=kind)


def _check_picture(file: Path, kind: UploadKind) -> None:
    try:
        with Image.open(file, formats=(kind.value,)) as picture:
            width, height = picture.size
            if width * height > _MAX_PIXELS:
                raise ContentUnsafe
            picture.verify()
    except Image.DecompressionBombError:
        raise ContentUnsafe from None


def _check_text(file: Path, kind: UploadKind) -> None:
    """Refuse what isn't text; zero bytes of UTF-16, and single ones, are left to the import."""
    with file.open("rb") as content:
        is_wide = content.read(2) in {BOM_UTF16_LE, BOM_UTF16_BE}
        while chunk := content.read(_CHUNK):
            if not is_wide and chunk.count(0) * _BINARY_SHARE > len(chunk):
                raise ContentMismatch(kind=kind)


def _check_heic(file: Path, kind: UploadKind) -> None:
    """Check that the boxes of ISO 14496-12 fill the file exactly."""
    size, offset = file.stat().st_size, 0
    with file.open("rb") as content:
        header = content.read(12)
        if header[4:8] != b"ftyp" or header[8:12] not in _HEIF_BRANDS:
            raise ContentMismatch(kind=kind)
        while offset < size:
            content.seek(offset)
            length = _box_length(content.read(16), size - offset)
            if length < 8:
                raise ContentMismatch(kind=kind)
            offset += length
    if offset != size:
        raise ContentMismatch(kind=kind)


def _box_length(header: bytes, remaining: int) -> int:
    """Return the length of a box: 0 means up to the end of the file, 1 a 64-bit length."""
    length = int.from_bytes(header[:4])
    if length == 1:
        return int.from_bytes(header[8:16])
    return length or remaining


def _check_directory(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Check the declared sizes and names; overlapping entries exceed the size of the file."""
    if len(entries) > _MAX_ENTRIES or sum(entry.compress_size for entry in entries) > size:
        raise ContentUnsafe
    if sum(entry.file_size for entry in entries) > _MAX_BYTES:
        raise ContentUnsafe
    for entry in entries:
        parts = entry.filename.split("/")
        is_outside = entry.filename.startswith("/") or ".." in parts or "\\" in entry.filename
        has_program = parts[-1].lower().endswith((".bin", ".exe", ".dll", ".js", ".vbs"))
        is_macro = has_program and "printersettings" not in entry.filename.lower()
        if is_outside or is_macro or entry.flag_bits & _ENCRYPTED:
            raise ContentUnsafe


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack all entries within the size limit; declared sizes may be wrong."""
    remaining = _MAX_BYTES
    for entry in archive.infolist():
        with archive.open(entry) as content:
            while chunk := content.read(_UNPACK_CHUNK):
                remaining -= len(chunk)
                if remaining < 0:
                    raise ContentUnsafe

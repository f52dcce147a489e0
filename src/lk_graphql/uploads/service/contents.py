"""Content of uploaded files: its format, checks, and removal of foreign bytes and metadata.

The content determines the format, not the name. Bytes before a PDF and after the end of a PDF or a
picture are cut off, and metadata of pictures is removed. The checks block, so call them in a
thread.
"""

import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from pathlib import Path

from PIL import Image

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import (
    ContentMismatch,
    ContentUnsafe,
    FormatUnsupported,
    PasswordProtected,
    PictureTooLarge,
    TableMismatch,
)
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.formats import TABLES
from lk_graphql.uploads.service.office import check_office
from lk_graphql.uploads.service.pictures import clean_heic, clean_jpeg, clean_png, is_avif, is_heic

MAX_MEGAPIXELS = {UploadKind.JPEG: 250, UploadKind.PNG: 80}
"""Telephones of 2026 take JPEGs of 200 megapixels; a scan of A3 with 600 dpi has 70."""
_START = 1024
"""Bytes within which a PDF must begin (ISO 32000, annex H of its first edition)."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"PK", b"#!", b"\xca\xfe\xba\xbe")
_ORIENTATION = 0x0112  # of EXIF
_BINARY_SHARE = 16  # a file is binary if more than one of so many bytes is zero
_CHUNK = 1024 * 1024
_OTHER_FORMATS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"\xd0\xcf\x11\xe0": "DOC, XLS",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"%!PS": "PostScript",
    b"AT&TFORM": "DjVu",
    b"<": "HTML",
}
_OTHER_BRANDS = {b"WEBP": "WEBP", b"qt  ": "MOV", b"crx ": "CR3", b"jpeg": "HEIF", b"avci": "HEIF"}
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""Stream of a .docx or .xlsx with a password, in the container of .doc (MS-OFFCRYPTO, 2.3)."""


def check(file: Path, kind: UploadKind) -> UploadKind:
    """Clean the file in place and return its format; `kind` is the format that its name implies.

    Raises `ContentMismatch`, or `ContentUnsafe` for a file that could do harm.
    """
    try:
        if kind in TABLES.kinds:
            _check_text(file)
            return kind
        return _check_document(file)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - parsers raise anything for hostile bytes
        raise ContentMismatch from None


def _check_document(file: Path) -> UploadKind:
    with file.open("rb") as content:
        start = content.read(_START)
    if start.startswith(b"PK\x03\x04"):
        return check_office(file)
    if zipfile.is_zipfile(file):  # the directory of an archive is at its end, so a file can be both
        raise ContentUnsafe
    if start.startswith(b"\xff\xd8\xff"):
        return _check_picture(file, UploadKind.JPEG)
    if start.startswith(b"\x89PNG"):
        return _check_picture(file, UploadKind.PNG)
    if is_heic(start):
        file.write_bytes(clean_heic(file.read_bytes()))
        return UploadKind.HEIC
    if b"%PDF-" in start and not start.startswith(_PROGRAMS):
        return _check_pdf(file, start.index(b"%PDF-"))
    if start.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED_OFFICE in file.read_bytes():
        raise PasswordProtected
    if name := _other_format(start):
        raise FormatUnsupported(found=name)
    raise ContentMismatch


def _other_format(start: bytes) -> str | None:
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    named = (name for magic, name in _OTHER_FORMATS.items() if bare.startswith(magic))
    if is_avif(start):
        return "AVIF"
    return _OTHER_BRANDS.get(start[8:12]) or ("MP4" if start[4:8] == b"ftyp" else next(named, None))


def _check_pdf(file: Path, begin: int) -> UploadKind:
    """Cut off the bytes that mail programs, printers and servers add around the document."""
    content = file.read_bytes()
    end = content.rfind(b"%%EOF")
    if end < begin:
        raise ContentMismatch
    end += len(b"%%EOF")
    line_end = content[end : end + 2]
    end += 2 if line_end == b"\r\n" else line_end[:1] in {b"\r", b"\n"}
    if begin or end < len(content):
        file.write_bytes(content[begin:end])
    return UploadKind.PDF


def _check_picture(file: Path, kind: UploadKind) -> UploadKind:
    content, orientation = file.read_bytes(), _orientation(file)
    is_jpeg = kind is UploadKind.JPEG
    file.write_bytes(clean_jpeg(content, orientation) if is_jpeg else clean_png(content))
    try:
        with Image.open(file, formats=(kind.value,)) as picture:
            width, height = picture.size
            if width * height > MAX_MEGAPIXELS[kind] * 1_000_000:
                raise PictureTooLarge(megapixels=MAX_MEGAPIXELS[kind])
            picture.verify()
    except Image.DecompressionBombError:
        raise PictureTooLarge(megapixels=MAX_MEGAPIXELS[kind]) from None
    return kind


def _orientation(file: Path) -> int:
    """Return the EXIF orientation of a JPEG; 1 if it can't be read."""
    with suppress(Exception), Image.open(file, formats=("JPEG",)) as picture:
        return int(picture.getexif().get(_ORIENTATION, 1))
    return 1


def _check_text(file: Path) -> None:
    """Refuse binary files. Zero bytes of UTF-16, and a few others, are left to the import."""
    with file.open("rb") as content:
        is_wide = content.read(2) in {BOM_UTF16_LE, BOM_UTF16_BE}
        while chunk := content.read(_CHUNK):
            if not is_wide and chunk.count(0) * _BINARY_SHARE > len(chunk):
                raise TableMismatch
    if zipfile.is_zipfile(file):
        raise ContentUnsafe

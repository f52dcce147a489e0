"""docx and xlsx are zip archives, which can hold anything: bombs, paths, programs."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lk_graphql.uploads.errors import ContentMismatch, ContentUnsafe
from lk_graphql.uploads.models import UploadKind

_MOST_ENTRIES = 2000
_MOST_BYTES = 100 * 1024 * 1024
"""Unpacked, all entries together."""
_PIECE = 64 * 1024
_MAIN = {UploadKind.DOCX: "word/document.xml", UploadKind.XLSX: "xl/workbook.xml"}
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def check_office(file: Path, kind: UploadKind) -> None:
    """Unpacks everything once, into nothing. Raises `ContentMismatch`, `ContentUnsafe`."""
    with file.open("rb") as content:
        if content.read(4) != b"PK\x03\x04":
            raise ContentMismatch(kind=kind)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive.infolist(), file.stat().st_size)
            if not {"[Content_Types].xml", _MAIN[kind]} <= set(archive.namelist()):
                _mismatch(kind)
            _unpack(archive)
    except (*_BROKEN, ValueError, UnicodeDecodeError):
        raise ContentMismatch(kind=kind) from None


def _mismatch(kind: UploadKind) -> NoReturn:
    raise ContentMismatch(kind=kind)


def _check_directory(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """What the archive says of itself; entries that share their bytes add up to too much."""
    if len(entries) > _MOST_ENTRIES or sum(entry.compress_size for entry in entries) > size:
        raise ContentUnsafe
    if sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise ContentUnsafe
    for entry in entries:
        parts = entry.filename.split("/")
        leads_out = entry.filename.startswith("/") or ".." in parts or "\\" in entry.filename
        has_program = parts[-1].lower().endswith((".bin", ".exe", ".dll", ".js", ".vbs"))
        is_macro = has_program and "printersettings" not in entry.filename.lower()
        if leads_out or is_macro or entry.flag_bits & _ENCRYPTED:
            raise ContentUnsafe


def _unpack(archive: zipfile.ZipFile) -> None:
    """Believes no header: what comes out is counted."""
    left = _MOST_BYTES
    for entry in archive.infolist():
        with archive.open(entry) as content:
            while piece := content.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise ContentUnsafe

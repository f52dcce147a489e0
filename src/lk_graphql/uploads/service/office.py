"""Office documents (ISO 29500): archives whose parts are found by their relationships.

Microsoft Office, LibreOffice, Google, WPS and Apple name the parts differently. Only
`[Content_Types].xml` and the relationships have fixed names. Macros, embedded programs, DDE, and
relationships that fetch external content are refused.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.parsers import expat

from lk_graphql.uploads.errors import (
    ContentMismatch,
    ContentUnsafe,
    ExternalContent,
    FormatUnsupported,
    ProgramInside,
)
from lk_graphql.uploads.models import UploadKind

_MAX_ENTRIES = 2000
_MAX_BYTES = 100 * 1024 * 1024
"""Unpacked size of all entries together."""
_MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024
"""Size of a file of relationships or content types, and of a field's text."""
_CHUNK = 64 * 1024
_ENCRYPTED = 1
_PROGRAMS = (".bin", ".exe", ".dll", ".js", ".vbs", ".hta", ".bat", ".cmd", ".ps1", ".jar", ".lnk",
             ".scr", ".com", ".msi", ".html", ".htm", ".mht", ".docm", ".xlsm")  # fmt: skip
_HARMLESS_BINARY = ("printersettings", "customproperty")
_TYPES = "[content_types].xml"
_LONGEST_TYPE = 100
_MAIN_TYPE = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|"
    r"spreadsheetml\.sheet)\.main\+xml",
    re.IGNORECASE,
)
_KINDS = {"wordprocessingml.document": UploadKind.DOCX, "spreadsheetml.sheet": UploadKind.XLSX}
_PROGRAM_RELATIONSHIPS = {
    *("vbaproject", "oleobject", "control", "activexcontrolbinary", "afchunk", "subdocument"),
    *("xlmacrosheet", "xlintlmacrosheet", "frame"),
}
_LINK = re.compile(r"(https?|mailto|tel|ftp):|#|(?!//)[^:\\]*$", re.IGNORECASE)
"""Accepted targets of hyperlinks, which programs open only after a click."""
_INSTRUCTION = re.compile(
    rb"<(?:\w+:)?instrText[^>]*>([^<]*)<|<(?:\w+:)?fldSimple[^>]*?instr\s*=\s*[\"']([^\"']*)"
)
_DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
_DDE_LINK = re.compile(rb"<(?:\w+:)?(ddeLink|oleLink)\b")


def check_office(file: Path) -> UploadKind:
    """Return the kind of the document.

    Raises `ContentMismatch`, and `ContentUnsafe` for the content of its parts.
    """
    with zipfile.ZipFile(file) as archive:
        _check_directory(archive.infolist(), file.stat().st_size)
        _unpack(archive)
        return _kind(archive)


def _check_directory(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Check the declared sizes and names.

    The compressed sizes of overlapping entries add up to more than the size of the file.
    """
    if len(entries) > _MAX_ENTRIES or sum(entry.compress_size for entry in entries) > size:
        raise ContentUnsafe
    if sum(entry.file_size for entry in entries) > _MAX_BYTES:
        raise ContentUnsafe
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries):  # programs would read different entries
        raise ContentUnsafe
    for entry in entries:
        name = entry.filename.lower()
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise ContentUnsafe
        if entry.flag_bits & _ENCRYPTED:
            raise ContentUnsafe
        if name.endswith(_PROGRAMS) and not any(part in name for part in _HARMLESS_BINARY):
            raise ProgramInside


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack all entries within the size limit, because declared sizes may be wrong."""
    remaining = _MAX_BYTES
    for entry in archive.infolist():
        instructions, end = list[str](), b""
        with archive.open(entry) as content:
            while chunk := content.read(_CHUNK):
                remaining -= len(chunk)
                if remaining < 0:
                    raise ContentUnsafe
                if entry.filename.lower().endswith(".xml"):
                    text = end + chunk
                    if _DDE_LINK.search(text):
                        raise ExternalContent
                    instructions.extend(_instructions(text))
                    end = text[-200:] if b"<" in text[-200:] else b""
        if _DDE.search(unescape("".join(instructions))):
            raise ProgramInside


def _instructions(text: bytes) -> Iterator[str]:
    """Yield the texts of field instructions, which Word may split into pieces."""
    for match in _INSTRUCTION.finditer(text):
        yield (match[1] or match[2] or b"").decode(errors="replace")


def _kind(archive: zipfile.ZipFile) -> UploadKind:
    names = {entry.filename.lower(): entry for entry in archive.infolist()}
    if _TYPES not in names or "_rels/.rels" not in names:
        raise FormatUnsupported(found=_other_archive(archive, names))
    types = [*_elements(archive, names[_TYPES])]
    if any(
        "macroenabled" in value.lower() for _, attributes in types for value in attributes.values()
    ):
        raise ProgramInside
    main = ""
    for name, entry in names.items():
        if name.endswith(".rels"):
            for _, relationship in _elements(archive, entry):
                _check_relationship(relationship)
                if name == "_rels/.rels" and _type(relationship) == "officedocument":
                    main = posixpath.normpath(f"/{unquote(relationship.get('Target', ''))}")
    if main.lstrip("/").lower() not in names:
        raise ContentMismatch
    return _kind_of_part("/" + main.lstrip("/").lower(), types)


def _other_archive(archive: zipfile.ZipFile, names: Mapping[str, zipfile.ZipInfo]) -> str:
    if "mimetype" in names:
        with archive.open(names["mimetype"]) as content:
            media_type = content.read(_LONGEST_TYPE)
        if media_type.startswith(b"application/vnd.oasis.opendocument."):
            return "OpenDocument (ODT, ODS)"
    return "ZIP"


def _kind_of_part(part: str, types: Sequence[tuple[str, dict[str, str]]]) -> UploadKind:
    defaults = dict[str, str]()
    for tag, attributes in types:
        if tag == "Override" and attributes.get("PartName", "").lower() == part:
            defaults[""] = attributes.get("ContentType", "")
        elif tag == "Default":
            defaults[attributes.get("Extension", "").lower()] = attributes.get("ContentType", "")
    match = _MAIN_TYPE.fullmatch(defaults.get("", defaults.get(part.rpartition(".")[2], "")))
    if match is None:
        raise ContentMismatch
    return _KINDS[match[1].lower()]


def _type(relationship: dict[str, str]) -> str:
    return relationship.get("Type", "").rpartition("/")[2].lower()


def _check_relationship(relationship: dict[str, str]) -> None:
    kind, target = _type(relationship), relationship.get("Target", "").strip()
    if kind in _PROGRAM_RELATIONSHIPS:
        raise ProgramInside
    is_external = relationship.get("TargetMode", "").lower() == "external"
    is_address = "\\" in target or "://" in target or target.startswith("//")
    if (is_external or is_address) and not (kind == "hyperlink" and _LINK.match(target)):
        raise ExternalContent


def _elements(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo
) -> Iterator[tuple[str, dict[str, str]]]:
    """List the names, without namespaces, and attributes of all elements; refuse a DOCTYPE."""
    if entry.file_size > _MAX_DESCRIPTION_BYTES:
        raise ContentUnsafe
    elements = list[tuple[str, dict[str, str]]]()

    def start(name: str, attributes: dict[str, str]) -> None:
        elements.append((name.rpartition(":")[2], attributes))

    def doctype(*_: object) -> None:
        raise ContentUnsafe

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
    parser.Parse(archive.read(entry), True)
    return iter(elements)

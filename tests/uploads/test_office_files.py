"""Office documents of many programs are taken; what they would run or fetch is refused."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.uploads.errors import (
    ContentMismatch,
    ContentUnsafe,
    ExternalContent,
    FormatUnsupported,
    PasswordProtected,
    ProgramInside,
)
from lk_graphql.uploads.models import UploadKind as Kind
from lk_graphql.uploads.service.contents import check
from tests.factories.uploads import content_types, office, relationships

DOCUMENT = "word/document.xml"
OF_DOCUMENT = "word/_rels/document.xml.rels"
PROPERTIES = {"docProps/core.xml": b"<cp/>", "docProps/app.xml": b"<p/>"}


def checked(folder: Path, content: bytes) -> Kind:
    file = folder / "content"
    file.write_bytes(content)
    kind = check(file, Kind.DOCX)
    assert file.read_bytes() == content
    return kind


def zipped(entries: Mapping[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


def main_at(target: str) -> dict[str, bytes]:
    return {"_rels/.rels": relationships(("officeDocument", target, False))}


@pytest.mark.parametrize(
    ("main", "more", "kind"),
    [
        pytest.param(DOCUMENT, PROPERTIES, Kind.DOCX, id="Word"),
        pytest.param("word/document2.xml", PROPERTIES, Kind.DOCX, id="Word of Office 365"),
        pytest.param(DOCUMENT, main_at("/word/document.xml"), Kind.DOCX, id="Google"),
        pytest.param(DOCUMENT, main_at("./word/document.xml"), Kind.DOCX, id="a dot"),
        pytest.param("doc/Main%20part.xml", main_at("doc/Main%20part.xml"), None, id="missing"),
        pytest.param("xl/workbook.xml", {"xl/printerSettings/p1.bin": b"x"}, Kind.XLSX, id="Excel"),
        pytest.param("xl/workbook.xml", main_at("/xl/workbook.xml"), Kind.XLSX, id="openpyxl"),
        pytest.param("Documents/1/Document.xml", {}, Kind.DOCX, id="other names"),
        pytest.param(
            DOCUMENT,
            {
                "[Content_Types].xml": content_types(DOCUMENT)
                .replace(b"<Types xmlns=", b"<t:Types xmlns:t=")
                .replace(b"</Types", b"</t:Types")
                .replace(b"<Override", b"<t:Override")
                .replace(b"<Default", b"<t:Default")
            },
            Kind.DOCX,
            id="names with a prefix",
        ),
        pytest.param(
            DOCUMENT,
            {"_rels/.rels": "\ufeff".encode() + relationships(("officeDocument", DOCUMENT, False))},
            Kind.DOCX,
            id="a byte order mark",
        ),
    ],
)
def test_the_main_part_is_identified_by_relationships(
    tmp_path: Path, main: str, more: Mapping[str, bytes], kind: Kind | None
):
    content = office(main, dict(more))
    if kind is None:
        with pytest.raises(ContentMismatch):
            checked(tmp_path, content)
    else:
        assert checked(tmp_path, content) is kind


@pytest.mark.parametrize(
    "target",
    [
        "https://lk.example.ru/?a=1",
        "http://example.ru",
        "mailto:a@example.ru",
        "tel:+78332000000",
        "#Закладка",
        "договор.docx",
    ],
)
def test_hyperlinks_are_accepted(tmp_path: Path, target: str):
    links = relationships(("hyperlink", target, True), ("styles", "styles.xml", False))
    assert checked(tmp_path, office(more={OF_DOCUMENT: links})) is Kind.DOCX


EXTERNAL = [
    ("attachedTemplate", "http://evil/x.dotm", True),
    ("attachedTemplate", "file:///C:/templates/x.dotm", True),
    ("attachedTemplate", "\\\\evil\\x.dotm", False),
    ("image", "http://evil/pixel.png", True),
    ("externalLinkPath", "file:///\\\\evil\\a.xlsx", True),
    ("hyperlink", "file://evil/x", True),
    ("hyperlink", "\\\\evil\\x.hta", True),
    ("hyperlink", "//evil/x", True),
    ("hyperlink", "javascript:alert(1)", True),
    ("hyperlink", "ms-msdt:/id", True),
    ("settings", "http://evil/settings.xml", False),
]
PROGRAMS = ["vbaProject", "oleObject", "control", "activeXControlBinary", "aFChunk", "frame"]


@pytest.mark.parametrize("entry", EXTERNAL, ids=str)
@pytest.mark.parametrize("place", [OF_DOCUMENT, "word/_rels/settings.xml.rels", "any/_RELS/x.rels"])
def test_external_content_of_a_document_is_refused(
    tmp_path: Path, entry: tuple[str, str, bool], place: str
):
    with pytest.raises(ExternalContent):
        checked(tmp_path, office(more={place: relationships(entry)}))


@pytest.mark.parametrize("kind", PROGRAMS)
def test_programs_in_relationships_are_refused(tmp_path: Path, kind: str):
    with pytest.raises(ProgramInside):
        checked(tmp_path, office(more={OF_DOCUMENT: relationships((kind, "part.xml", False))}))


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "x.exe", "a/b.hta", "p.js", "word/embeddings/oleObject1.bin"]
)
def test_a_program_among_the_parts_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ProgramInside):
        checked(tmp_path, office(more={name: b"x"}))


@pytest.mark.parametrize(
    "text",
    [
        b'<w:instrText xml:space="preserve">DDEAUTO c:\\\\cmd.exe "/k calc"</w:instrText>',
        b"<w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c</w:instrText>",
        b"<w:instrText>&#68;&#x44;E a b</w:instrText>",
        b'<w:fldSimple w:instr="DDE cmd x">',
    ],
)
def test_fields_that_start_programs_are_refused(tmp_path: Path, text: bytes):
    with pytest.raises(ProgramInside):
        checked(tmp_path, office(more={DOCUMENT: b"<w>" + b" " * 70_000 + text + b"</w>"}))


def test_links_of_tables_to_programs_are_refused(tmp_path: Path):
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    with pytest.raises(ExternalContent):
        checked(tmp_path, office("xl/workbook.xml", {"xl/externalLinks/externalLink1.xml": link}))


def test_macros_are_refused_by_the_type_of_the_main_part(tmp_path: Path):
    macros = content_types(DOCUMENT).replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        b"application/vnd.ms-word.document.macroEnabled.main",
    )
    with pytest.raises(ProgramInside):
        checked(tmp_path, office(more={"[Content_Types].xml": macros}))


def test_entities_are_refused(tmp_path: Path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>' + relationships()
    with pytest.raises(ContentUnsafe):
        checked(tmp_path, office(more={"_rels/.rels": bomb}))


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "OpenDocument (ODT, ODS)"),
        ({"mimetype": b"application/epub+zip"}, "ZIP"),
        ({"Index/Document.iwa": b"x"}, "ZIP"),
        ({"photo.jpg": b"x"}, "ZIP"),
    ],
)
def test_an_archive_of_another_kind_is_named_in_the_refusal(
    tmp_path: Path, entries: Mapping[str, bytes], name: str
):
    with pytest.raises(ContentMismatch) as refused:
        checked(tmp_path, zipped(entries))
    assert refused.value.text(Language.EN) == (
        f"This is a {name} file, which isn't accepted. Save it as PDF or JPEG and upload it again."
    )


def test_a_password_is_named_whatever_container_it_makes(tmp_path: Path):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024)
    with pytest.raises(PasswordProtected) as refused:
        checked(tmp_path, container + "EncryptedPackage".encode("utf-16-le") + bytes(96))
    assert refused.value.code == "CONTENT_MISMATCH"
    with pytest.raises(FormatUnsupported):
        checked(tmp_path, container + "WordDocument".encode("utf-16-le") + bytes(96))


@pytest.mark.parametrize("refusal", [ExternalContent, ProgramInside, ContentUnsafe])
def test_each_refusal_advises_a_pdf(refusal: type[Refusal]):
    assert "PDF" in refusal().text(Language.RU)
    assert "PDF" in refusal().text(Language.EN)

"""Sanitizing of file names: paths, inner extensions, invisible characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.formats import (
    BY_EXTENSION,
    DOCUMENTS,
    MAX_NAME_LENGTH,
    clean_file_name,
)


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("договор.pdf", "договор.pdf", UploadKind.PDF),
        ("Акт от 01.02.2026.PDF", "Акт от 01.02.2026.pdf", UploadKind.PDF),
        ("photo.JPEG", "photo.jpeg", UploadKind.JPEG),
        ("../../etc/passwd.png", "passwd.png", UploadKind.PNG),
        ("C:\\scans\\a.docx", "a.docx", UploadKind.DOCX),
        ("photo.exe.jpg", "photo_exe.jpg", UploadKind.JPEG),
        ("a.tar.gz.php.xlsx", "a_tar_gz_php.xlsx", UploadKind.XLSX),
        ("invoice\u202efdp.jpg", "invoicefdp.jpg", UploadKind.JPEG),
        ("a\r\nb\0.heic", "ab.heic", UploadKind.HEIC),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf", UploadKind.PDF),
        ("CON.pdf", "_CON.pdf", UploadKind.PDF),
        ("  two   spaces .pdf", "two spaces.pdf", UploadKind.PDF),
        ("й.pdf", "й.pdf", UploadKind.PDF),
    ],
)
def test_a_name_is_cleaned(typed: str, name: str, kind: UploadKind):
    assert clean_file_name(typed) == (name, kind)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", Code.FILE_NAME_INVALID),
        ("pdf", Code.FILE_NAME_INVALID),
        (".pdf", Code.FILE_NAME_INVALID),
        ("....pdf", Code.FILE_NAME_INVALID),
        ("a/.pdf", Code.FILE_NAME_INVALID),
        ("a.", Code.FILE_NAME_INVALID),
        ("Акт от 01.02.2026", Code.FILE_NAME_INVALID),
        ("a.pdf.exe", Code.KIND_UNSUPPORTED),
        ("a.html", Code.KIND_UNSUPPORTED),
        ("a.svg", Code.KIND_UNSUPPORTED),
        ("a.csv", Code.KIND_UNSUPPORTED),
        ("a.pdf/", Code.FILE_NAME_INVALID),
    ],
)
def test_an_invalid_file_name_is_refused(typed: str, code: Code):
    with pytest.raises(Refusal) as refused:
        clean_file_name(typed)
    assert (refused.value.code, refused.value.path) == (code, ("fileName",))


DOCUMENT_EXTENSIONS = sorted(
    extension for extension, kind in BY_EXTENSION.items() if kind in DOCUMENTS.kinds
)


@given(st.text(), st.sampled_from(DOCUMENT_EXTENSIONS))
def test_a_cleaned_name_is_cleaned_unchanged(stem: str, extension: str):
    try:
        name, kind = clean_file_name(f"{stem}.{extension}")
    except Refusal:
        return
    assert kind is BY_EXTENSION[extension]
    assert 0 < len(name) <= MAX_NAME_LENGTH
    assert name.isprintable() or "\u00a0" in name or "\u3000" in name
    assert not set(name) & set('/\\<>:"|?*\0\r\n')
    assert clean_file_name(name) == (name, kind)

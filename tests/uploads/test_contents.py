"""Content checks and previews of uploads."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import UploadKind as Kind
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.previews import render_preview
from tests.factories.uploads import PDF, heic, office, picture


def huge_png() -> bytes:
    """Build a small PNG that declares 50,000 × 50,000 pixels."""
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack(">II", 50_000, 50_000)
    content[29:33] = crc32(content[12:29]).to_bytes(4)
    return bytes(content)


def lying_zip() -> bytes:
    """Build an archive whose directory declares ten bytes for a larger entry."""
    content = bytearray(office(more={"big": b"x" * 100_000}))
    offset = content.rindex(b"PK\x01\x02")
    content[offset + 24 : offset + 28] = struct.pack("<I", 10)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(office())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


HONEST = [
    (Kind.PDF, PDF),
    (Kind.JPEG, picture("JPEG")),
    (Kind.PNG, picture("PNG")),
    (Kind.HEIC, heic()),
    (Kind.DOCX, office()),
    (Kind.XLSX, office("xl/workbook.xml")),
    (Kind.XLSX, office("xl/workbook.xml", {"xl/printerSettings/p1.bin": b"x"})),
]
HOSTILE = [
    (Kind.PDF, b"<html><script>alert(1)</script>", Code.CONTENT_MISMATCH),
    (Kind.PDF, b"MZ" + PDF, Code.CONTENT_MISMATCH),
    (Kind.PDF, b"%PDF-1.7 and no end", Code.CONTENT_MISMATCH),
    (Kind.PDF, b" " * 1100 + PDF, Code.CONTENT_MISMATCH),
    (Kind.PDF, PDF + office(), Code.CONTENT_UNSAFE),
    (Kind.JPEG, b"GIF89a" + bytes(50), Code.CONTENT_MISMATCH),
    (Kind.JPEG, picture("JPEG") + office(), Code.CONTENT_UNSAFE),
    (Kind.PNG, picture("PNG")[:40], Code.CONTENT_MISMATCH),
    (Kind.PNG, picture("PNG") + office(), Code.CONTENT_UNSAFE),
    (Kind.HEIC, b"\0\0\0\x18ftypisom" + bytes(12), Code.CONTENT_MISMATCH),
    (Kind.DOCX, b"PK\x03\x04 and nothing", Code.CONTENT_MISMATCH),
    (Kind.DOCX, PDF + office(), Code.CONTENT_UNSAFE),
    (Kind.DOCX, office(more={"word/vbaProject.bin": b"x"}), Code.CONTENT_UNSAFE),
    (Kind.DOCX, office(more={"../../etc/passwd": b"x"}), Code.CONTENT_UNSAFE),
    (Kind.DOCX, office(more={"/etc/passwd": b"x"}), Code.CONTENT_UNSAFE),
    (Kind.DOCX, lying_zip(), Code.CONTENT_MISMATCH),
    (Kind.DOCX, encrypted_zip(), Code.CONTENT_UNSAFE),
]


@pytest.mark.parametrize(("kind", "content"), HONEST)
def test_an_honest_file_passes(tmp_path: Path, kind: Kind, content: bytes):
    file = write(tmp_path, content)
    assert check(file, kind) is kind
    assert file.read_bytes() == content


@pytest.mark.parametrize(("kind", "content", "code"), HOSTILE)
def test_a_hostile_file_is_refused(tmp_path: Path, kind: Kind, content: bytes, code: Code):
    with pytest.raises(Refusal) as refused:
        check(write(tmp_path, content), kind)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param(lambda: {"zeros": bytes(101 * 1024 * 1024)}, id="that are large"),
        pytest.param(lambda: {f"e{n}": b"" for n in range(2000)}, id="that are many"),
    ],
)
def test_an_archive_of_entries_is_a_bomb(tmp_path: Path, entries: Callable[[], dict[str, bytes]]):
    with pytest.raises(Refusal) as refused:
        check(write(tmp_path, office(more=entries())), Kind.DOCX)
    assert refused.value.code == Code.CONTENT_UNSAFE


def test_a_picture_of_a_billion_pixels_is_a_bomb(tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        check(write(tmp_path, huge_png()), Kind.PNG)
    assert refused.value.code == Code.CONTENT_UNSAFE


def test_entries_that_share_their_bytes_are_a_bomb(tmp_path: Path):
    buffer = BytesIO(office(more={"big": b"x" * 50}))
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(50):
            twin = zipfile.ZipInfo(f"twin{number}")
            shared = archive.getinfo("big")
            twin.header_offset, twin.CRC = shared.header_offset, shared.CRC
            twin.compress_size, twin.file_size = shared.compress_size, shared.file_size
            twin.compress_type = shared.compress_type
            archive.filelist.append(twin)
        archive.comment = b"changed"
    with pytest.raises(Refusal):
        check(write(tmp_path, buffer.getvalue()), Kind.DOCX)


def test_a_preview_is_small_upright_and_without_metadata(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: rotated by 90°
    exif[0x010F] = "Camera of Anna"
    preview = render_preview(write(tmp_path, picture("JPEG", (4000, 1000), exif=exif)))
    assert preview is not None
    assert b"Camera" not in preview
    with Image.open(BytesIO(preview)) as image:
        assert (image.format, image.size) == ("JPEG", (320, 1280))
        assert dict(image.getexif()) == {}


def test_an_undecodable_picture_has_no_preview(tmp_path: Path):
    assert render_preview(write(tmp_path, picture("JPEG", (900, 900))[:700])) is None


def write(folder: Path, content: bytes) -> Path:
    file = folder / "content"
    file.write_bytes(content)
    return file

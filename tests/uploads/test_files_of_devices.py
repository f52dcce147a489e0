"""Files as telephones, scanners, office and mail programs write them: taken, and cleaned."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import pack
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import UploadKind as Kind
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.formats import clean_file_name
from lk_graphql.uploads.service.pictures import clean_heic, is_heic
from tests.factories.uploads import PDF, announced, heic, office, picture, sent
from tests.support.client import ApiClient

UPLOADS = "{ viewer { uploads { fileName kind size state } } }"
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112
SECRET = b"Camera of Anna"


def checked(folder: Path, content: bytes, kind: Kind = Kind.PDF) -> tuple[Kind, bytes]:
    """The format and the bytes that are kept."""
    file = folder / "content"
    file.write_bytes(content)
    return check(file, kind), file.read_bytes()


def metadata(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = SECRET.decode(), orientation
    exif.get_ifd(GPS)[2] = (56.0, 50.0, 1.5)
    return exif


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def box(kind: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4) + kind + data


def iphone_heic(version: int = 1) -> bytes:
    """An item of pixels and one of EXIF, as an iPhone writes them."""
    items = b"".join(
        box(b"infe", b"\2\0\0\0" + pack(">HH", number, 0) + kind + b"\0")
        for number, kind in ((1, b"hvc1"), (2, b"Exif"))
    )
    info = box(b"iinf", b"\0\0\0\0" + pack(">H", 2) + items)
    pixels, exif = b"pixels" * 5, b"\0\0\0\6Exif\0\0" + SECRET

    def locations(start: int) -> bytes:
        method = b"\0\0" if version else b""
        places = b"".join(
            pack(">H", number) + method + pack(">HHLL", 0, 1, offset, length)
            for number, offset, length in (
                (1, start, len(pixels)),
                (2, start + len(pixels), len(exif)),
            )
        )
        return box(b"iloc", bytes([version, 0, 0, 0, 0x44, 0]) + pack(">H", 2) + places)

    start = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    size = len(start) + len(box(b"meta", bytes(4) + info + locations(0))) + 8
    meta = box(b"meta", bytes(4) + info + locations(size))
    return start + meta + box(b"mdat", pixels + exif)


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


PHOTO = picture("JPEG", (64, 48), exif=metadata(), comment=SECRET)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True},
        {"comment": SECRET},
        {"icc_profile": b"profile" * 100},
        {"restart_marker_blocks": 1},
        {"quality": 95, "subsampling": 0},
    ],
    ids=str,
)
def test_a_jpeg_keeps_its_pixels_and_loses_its_metadata(tmp_path: Path, options: dict[str, object]):
    content = picture("JPEG", (64, 48), exif=metadata(), **options)

    kind, kept = checked(tmp_path, content)

    assert (kind, pixels(kept)) == (Kind.JPEG, pixels(content))
    with Image.open(BytesIO(kept)) as image:
        assert (dict(image.getexif()), image.info.get("icc_profile")) == (
            {},
            options.get("icc_profile"),
        )
    assert SECRET not in kept


@pytest.mark.parametrize("form", ["CMYK", "L"])
def test_a_jpeg_of_a_printer_or_a_scanner_keeps_its_colours(tmp_path: Path, form: str):
    buffer = BytesIO()
    Image.new(form, (20, 10), 77 if form == "L" else (10, 200, 30, 40)).save(buffer, "JPEG")

    kind, kept = checked(tmp_path, buffer.getvalue())

    assert (kind, kept) == (Kind.JPEG, buffer.getvalue())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_keeps_its_orientation(tmp_path: Path, orientation: int):
    _, kept = checked(tmp_path, picture("JPEG", (64, 48), exif=metadata(orientation)))

    with Image.open(BytesIO(kept)) as image:
        expected = {} if orientation == 1 else {ORIENTATION: orientation}
        assert dict(image.getexif()) == expected


@pytest.mark.parametrize(
    "tail",
    [
        b"\0\0\0\x18ftypmp42" + bytes(500),
        picture("JPEG", (8, 8), exif=metadata()),
        b"\0\0\x01\nSEFH" + bytes(30) + b"SEFT",
        PDF,
        b"<script>alert(1)</script>",
        bytes(4096),
    ],
    ids=["a video", "a second picture", "Samsung's", "a PDF", "a program", "zeros"],
)
def test_bytes_after_a_picture_are_cut_off(tmp_path: Path, tail: bytes):
    clean = {form: checked(tmp_path, picture(form))[1] for form in ("JPEG", "PNG")}

    kept = {form: checked(tmp_path, picture(form) + tail)[1] for form in ("JPEG", "PNG")}

    assert kept == clean


def test_a_picture_of_several_pictures_becomes_the_first(tmp_path: Path):
    """MPO: what telephones write with a depth map or a second camera."""
    buffer = BytesIO()
    first, second = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (30, 20), "blue")
    first.save(buffer, "MPO", save_all=True, append_images=[second])

    kind, kept = checked(tmp_path, buffer.getvalue())

    with Image.open(BytesIO(kept)) as image:
        assert (kind, image.format, getattr(image, "n_frames", 1)) == (Kind.JPEG, "JPEG", 1)
    assert pixels(kept) == pixels(picture("JPEG", (30, 20)))


def test_a_png_loses_its_texts_and_keeps_its_pixels(tmp_path: Path):
    content = picture("PNG", (20, 10), exif=metadata(), dpi=(300, 300))
    header = content.index(b"IDAT") - 4
    content = content[:header] + chunk(b"tEXt", b"Comment\0<?php " + SECRET) + content[header:]

    kind, kept = checked(tmp_path, content)

    assert (kind, pixels(kept)) == (Kind.PNG, pixels(content))
    assert (SECRET in kept, b"php" in kept, b"pHYs" in kept) == (False, False, True)


@pytest.mark.parametrize("version", [0, 1])
def test_a_heic_loses_its_metadata_in_place(tmp_path: Path, version: int):
    content = iphone_heic(version)

    kind, kept = checked(tmp_path, content)

    assert (kind, len(kept), SECRET in kept) == (Kind.HEIC, len(content), False)
    assert b"pixels" * 5 in kept
    exif = b"\0\0\0\6Exif\0\0" + SECRET
    assert kept == content.replace(exif, bytes(len(exif)))


@pytest.mark.parametrize("tail", [box(b"mpvd", bytes(100)), b"<html>", b"SEFT"])
def test_bytes_after_a_heic_are_cut_off(tmp_path: Path, tail: bytes):
    assert checked(tmp_path, heic(tail)) == (Kind.HEIC, heic())


@pytest.mark.parametrize(
    "junk",
    [
        b"\xef\xbb\xbf",
        b"\r\n\r\n",
        b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n",
        b"Content-Type: application/pdf\r\n\r\n",
        b"<br />\n<b>Warning</b>: x in y.php<br />\n",
    ],
)
def test_a_pdf_is_cut_out_of_surrounding_bytes(tmp_path: Path, junk: bytes):
    """Byte order marks, printers' commands, heads of mails, warnings of web servers."""
    assert checked(tmp_path, junk + PDF + b"\0" * 3000 + b"<html>") == (Kind.PDF, PDF)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
@pytest.mark.parametrize("version", ["1.3", "1.7", "2.0"])
def test_a_pdf_of_any_version_and_line_ends_is_accepted(tmp_path: Path, version: str, end: str):
    content = f"%PDF-{version}\n%âã\n1 0 obj\n<<>>\nendobj\n%%EOF{end}".encode("latin-1")
    assert checked(tmp_path, content) == (Kind.PDF, content)


CONTENTS = {
    Kind.PDF: PDF,
    Kind.JPEG: picture("JPEG"),
    Kind.PNG: picture("PNG"),
    Kind.HEIC: heic(),
    Kind.DOCX: office(),
    Kind.XLSX: office("xl/workbook.xml"),
}


@pytest.mark.parametrize("named", CONTENTS)
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_decides_whatever_the_name_stands_for(tmp_path: Path, kind: Kind, named: Kind):
    assert checked(tmp_path, CONTENTS[kind], named) == (kind, CONTENTS[kind])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"GIF89a" + bytes(50), "GIF"),
        (b"BM" + bytes(50), "BMP"),
        (b"II*\0" + bytes(50), "TIFF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP"),
        (b"\0\0\0\x18ftypavif" + bytes(12), "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypavis\0\0\0\0msf1avis", "AVIF"),
        (b"\0\0\0\x18ftypavci\0\0\0\0mif1avci", "HEIF"),
        (b"\0\0\0\x18ftypmp42" + bytes(12), "MP4"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"heic" * 3, "MP4"),  # behind the brands
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "MOV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "DOC, XLS"),
        (b"{\\rtf1 x}", "RTF"),
        (b"Rar!\x1a\x07" + bytes(50), "RAR"),
        (b"\xef\xbb\xbf\n<html>", "HTML"),
    ],
)
def test_another_format_is_named_with_advice(tmp_path: Path, content: bytes, name: str):
    with pytest.raises(Refusal) as refused:
        checked(tmp_path, content, Kind.JPEG)
    assert refused.value.code == Code.CONTENT_MISMATCH
    assert refused.value.text(Language.RU) == (
        f"Это файл {name}, такие не принимаются. Сохраните его как PDF или JPEG и загрузите снова."
    )


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (b"tmap", b"mif1heic"),  # with a map of its brightness (HDR)
        (b"mif2", b"heic"),
        (b"miaf", b"MiHEheic"),
        (b"1pic", b"mif1heix"),
        (b"MiHE", b""),
        (b"hevs", b"msf1"),
    ],
)
def test_a_heic_may_name_another_brand_first(tmp_path: Path, first: bytes, others: bytes):
    brands = first + bytes(4) + others
    content = (8 + len(brands)).to_bytes(4) + b"ftyp" + brands + heic()[20:]

    assert checked(tmp_path, content, Kind.JPEG) == (Kind.HEIC, content)


@pytest.mark.parametrize(
    "media_type",
    ["image/jpg", "image/heif", "application/octet-stream", "", "image/png", "IMAGE/JPEG; q=1"],
)
@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture("JPEG"), "scan.jpg", "JPEG"),
        (picture("PNG"), "scan.png", "PNG"),
        (PDF, "scan.pdf", "PDF"),
    ],
)
async def test_any_media_type_is_accepted_and_the_name_follows_the_content(
    api: ApiClient, anna: Viewer, media_type: str, content: bytes, name: str, kind: str
):
    token = await api.signed_in(anna)

    payload = await announced(api, token, "scan.jpg", media_type, len(content))
    answer = await sent(api, payload["url"], content)

    assert (payload["errors"], answer.status_code) == ([], 204)
    assert (await api.ask(UPLOADS, token))["viewer"]["uploads"] == [
        {"fileName": name, "kind": kind, "size": len(content), "state": "READY"}
    ]


@pytest.mark.parametrize(
    ("typed", "media_type", "name"),
    [
        ("IMG_0001", "image/jpeg", "IMG_0001.jpg"),
        ("Акт от 01.02.2026 г", "application/pdf", "Акт от 01.02.2026 г.pdf"),
        ("Акт от 01.02.2026", "application/pdf", "Акт от 01.02.2026.pdf"),
        ("скан.", "application/pdf", "скан.pdf"),
        ("image", "image/heic-sequence", "image.heic"),
        ("DSCF0001.HIF", "", "DSCF0001.hif"),
        ("=?UTF-8?B?0YHQutCw0L0=?=", "application/pdf", "=_UTF-8_B_0YHQutCw0L0=_=.pdf"),
        ("photo.jfif", "", "photo.jfif"),
    ],
)
def test_a_name_without_an_extension_gets_that_of_the_media_type(
    typed: str, media_type: str, name: str
):
    assert clean_file_name(typed, media_type=media_type)[0] == name


async def test_the_download_is_the_stored_cleaned_file(api: ApiClient, anna: Viewer):
    """Also by staff: there is one copy, without metadata."""
    token = await api.signed_in(anna)
    payload = await announced(api, token, "a.jpg", "image/jpeg", len(PHOTO))
    await sent(api, payload["url"], PHOTO)

    (upload,) = (await api.ask("{ viewer { uploads { size downloadUrl } } }", token))["viewer"][
        "uploads"
    ]
    kept = (await api.http.get(upload["downloadUrl"])).content

    assert (len(kept), SECRET in kept, b"Exif" in kept) == (upload["size"], False, False)
    assert pixels(kept) == pixels(PHOTO)


def damaged_heics() -> Iterator[bytes]:
    """A HEIC that ends anywhere, and one with any byte at any place."""
    content = iphone_heic()
    for place in range(len(content)):
        yield content[:place]
        for byte in range(256):
            yield content[:place] + bytes([byte]) + content[place + 1 :]


def test_an_accepted_damaged_heic_is_complete_and_cleaned_once():
    """Places of metadata may point at the boxes themselves: zeros there would destroy the file."""
    taken = 0
    for content in damaged_heics():
        try:
            kept = clean_heic(content)
        except (ValueError, IndexError):
            continue
        taken += 1
        assert is_heic(kept) == is_heic(content)
        assert clean_heic(kept) == kept
    assert taken > 10_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([*CONTENTS.values(), PHOTO, iphone_heic()]), st.data())
def test_a_damaged_file_is_refused_or_cleaned_once(
    tmp_path: Path, content: bytes, data: st.DataObject
):
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(content)), st.integers(1, len(content))))
    damaged = content[:place] + bytes([byte]) + content[place + 1 :]
    try:
        kind, kept = checked(tmp_path, damaged[:end])
    except Refusal:
        return
    assert checked(tmp_path, kept) == (kind, kept)

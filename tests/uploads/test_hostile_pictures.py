"""Pictures whose metadata is broken: received, with or without a preview, and never a 500."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from PIL import Image

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.previews import render_preview
from tests.support.client import ApiClient

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of such metadata

ORIENTATION, X_RESOLUTION, IMAGE_WIDTH, MAKE = 0x0112, 0x011A, 0x0100, 0x010F
BYTE, ASCII, SHORT, LONG, RATIONAL, SRATIONAL, DOUBLE = 1, 2, 3, 4, 5, 10, 12
CREATE = """mutation ($input: UploadCreateInput!) {
  uploadCreate(input: $input) { url upload { id } errors { code } } }"""
STATE = "query ($id: ID!) { node(id: $id) { ... on Upload { state refusal } } }"


def exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """An APP1 segment with these entries: tag, type, count, value of at most four bytes.

    Longer values follow the directory.
    """
    directory, values = b"", b""
    start = 8 + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        if len(value) > 4:
            directory += pack(">HHLL", tag, kind, count, start + len(values))
            values += value
        else:
            directory += pack(">HHL", tag, kind, count) + value.ljust(4, b"\0")
    tiff = b"MM\0*" + pack(">LH", 8, len(entries)) + directory + pack(">L", 0) + values
    return b"Exif\0\0" + tiff


ROTATED = (ORIENTATION, SHORT, 1, pack(">H", 6))
BROKEN = {
    "a negative resolution": exif(ROTATED, (X_RESOLUTION, SRATIONAL, 1, pack(">ll", -1, 3))),
    "a resolution by zero": exif(ROTATED, (X_RESOLUTION, RATIONAL, 1, pack(">LL", 1, 0))),
    "a width of letters": exif((IMAGE_WIDTH, ASCII, 4, b"abc\0"), ROTATED),
    "a width of double precision": exif((IMAGE_WIDTH, DOUBLE, 1, pack(">d", 1e300)), ROTATED),
    "an orientation of letters": exif((ORIENTATION, ASCII, 2, b"6\0")),
    "an orientation that doesn't exist": exif((ORIENTATION, SHORT, 1, pack(">H", 999))),
    "a type that doesn't exist": exif(ROTATED, (MAKE, 99, 1, b"x")),
    "a value behind the end": exif(ROTATED, (MAKE, ASCII, 2**31, b"\xff\xff\xff\xff")),
    "many values": exif(ROTATED, (X_RESOLUTION, RATIONAL, 3, pack(">LL", 1, 1) * 3)),
    "bytes for a number": exif(ROTATED, (IMAGE_WIDTH, BYTE, 3, b"\x01\x02\x03")),
    "no directory": b"Exif\0\0MM\0*" + pack(">L", 2**31),
    "no TIFF": b"Exif\0\0" + bytes(40),
}


def jpeg(metadata: bytes) -> bytes:
    output = BytesIO()
    Image.new("RGB", (60, 40), "white").save(output, "JPEG", exif=metadata)
    return output.getvalue()


async def sent(api: ApiClient, token: str, name: str, content: bytes) -> tuple[int, str]:
    """The status of the PUT, and the state of the upload after it."""
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    values = {"fileName": name, "contentType": kind, "size": len(content)}
    upload = (await api.post(CREATE, token, input=values))["data"]["uploadCreate"]
    assert upload["errors"] == []
    answer = await api.http.put(upload["url"], content=content)
    node = (await api.ask(STATE, token, id=upload["upload"]["id"]))["node"]
    return answer.status_code, node["state"]


async def test_a_picture_with_broken_metadata_is_received(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)

    outcomes = {name: await sent(api, token, "a.jpg", jpeg(BROKEN[name])) for name in BROKEN}

    assert outcomes == dict.fromkeys(BROKEN, (204, "READY"))


@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG")])
def test_no_byte_of_a_picture_breaks_its_check_or_its_preview(tmp_path: Path, name: str, form: str):
    """Each byte is replaced in turn: the check refuses or accepts, the preview is or isn't."""
    output = BytesIO()
    picture = Image.new("RGB", (8, 8), "white")
    picture.save(output, form, exif=BROKEN["a negative resolution"])
    content, file = output.getvalue(), tmp_path / name
    for place in range(0, len(content), 3):
        file.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with suppress(Refusal):
            check(file, UploadKind(form))
        render_preview(file)

"""Contents of files, valid and harmful, and uploads over HTTP."""

import zipfile
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from tests.support.client import ApiClient

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CREATE = """mutation ($input: UploadCreateInput!) { uploadCreate(input: $input) {
    url upload { id fileName kind size state } errors { code message path } } }"""
UPLOADS = """{ viewer { uploads {
    id fileName kind size state refusal sha256 downloadUrl previewUrl } } }"""


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, form, **options)
    return buffer.getvalue()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relationships(*entries: tuple[str, str, bool]) -> bytes:
    """A `.rels` of relationships: the last part of the type, target, whether it is external."""
    lines = (
        f'<Relationship Id="r{number}" Type="{_RELATIONSHIPS}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if is_external else ''}/>"
        for number, (kind, target, is_external) in enumerate(entries)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'.encode()


def content_types(main: str) -> bytes:
    is_table = main.lstrip("/").startswith("xl")
    kind = "spreadsheetml.sheet" if is_table else "wordprocessingml.document"
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'<Types xmlns="{space}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{_OFFICE}.{kind}.main+xml"/></Types>'
    ).encode()


def office(main: str = "word/document.xml", more: dict[str, bytes] | None = None) -> bytes:
    """An office document; `more` holds entries by name, which replace the usual ones."""
    entries = {
        "[Content_Types].xml": content_types(main),
        "_rels/.rels": relationships(("officeDocument", main, False)),
        main: b"<w/>",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | (more or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def heic(tail: bytes = b"") -> bytes:
    boxes = [(b"ftyp", b"heic\0\0\0\0mif1"), (b"meta", bytes(20)), (b"mdat", bytes(50))]
    return b"".join((8 + len(b)).to_bytes(4) + name + b for name, b in boxes) + tail


async def announced(api: ApiClient, token: str, name: str, kind: str, size: int) -> Any:
    """The payload of `uploadCreate`."""
    form = {"fileName": name, "contentType": kind, "size": size}
    return (await api.post(CREATE, token, input=form))["data"]["uploadCreate"]


async def sent(api: ApiClient, url: str, content: Any, **headers: str) -> httpx.Response:
    return await api.http.put(url, content=content, headers=headers)


async def uploaded(
    api: ApiClient, token: str, name: str = "договор.pdf", content: bytes = PDF,
    kind: str = "application/pdf",
) -> str:  # fmt: skip
    """The id of a file that is READY."""
    payload = await announced(api, token, name, kind, len(content))
    assert payload["errors"] == []
    answer = await sent(api, payload["url"], content)
    assert answer.status_code == 204, answer.text
    return payload["upload"]["id"]

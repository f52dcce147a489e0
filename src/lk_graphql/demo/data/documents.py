"""Generated files of the demo's customers and staff, with the same bytes every time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont

from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.ports.files import Files, single_chunk
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import Upload, UploadKind, UploadState
from lk_graphql.uploads.service.creation import LIFETIME, Uploader
from lk_graphql.uploads.service.previews import render_preview


def refused_upload(keys: Keys, user_id: UUID, today: date) -> Upload:
    """A refused upload of yesterday, which expires tomorrow."""
    at = evening(today - timedelta(days=1))
    return Upload.construct(
        id=keys.new(today - timedelta(days=1)),
        user_id=user_id,
        name="паспорт_exe.pdf",
        kind=UploadKind.PDF,
        size=48_128,
        state=UploadState.REFUSED,
        refusal=UploadErrorCode.CONTENT_MISMATCH,
        has_preview=False,
        nonce=bytes(32),
        created_at=at,
        expires_at=at + timedelta(days=2),
    )


_SHEET = (744, 1052)
"""A4 at 90 dpi."""
_PAPER, _INK, _PALE = "#fdfcf7", "#232c33", "#b9b3a4"


@dataclass
class DemoFiles:
    """Files of one demo: `rows` for the database, and content for a store."""

    rows: list[Upload] = field(default_factory=list[Upload])
    _bytes: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def scan(self, owner: Uploader, name: str, lines: tuple[str, ...], at: datetime) -> UUID:
        """Add a page with a heading and text as a JPEG, and return the key of its row."""
        return self._add(owner, name, UploadKind.JPEG, _jpeg(_sheet(lines)), at)

    def document(self, owner: Uploader, name: str, lines: tuple[str, ...], at: datetime) -> UUID:
        """Add such a page as a PDF."""
        return self._add(owner, name, UploadKind.PDF, _pdf(_sheet(lines)), at)

    def photo(self, owner: Uploader, name: str, display: str, at: datetime) -> UUID:
        """Add a photo of a meter's display."""
        return self._add(owner, name, UploadKind.JPEG, _jpeg(_display(display)), at)

    async def put(self, files: Files) -> None:
        """Store the contents. Raises `FilesUnavailable`."""
        for path, content in self._bytes.items():
            await files.put(path, single_chunk(content))

    def _add(
        self, owner: Uploader, name: str, kind: UploadKind, content: bytes, at: datetime
    ) -> UUID:
        preview = render_preview(BytesIO(content)) if kind is UploadKind.JPEG else None
        row = Upload.construct(
            id=Keys("paper", owner.key, name).new(at.date()),
            user_id=owner.user_id,
            staff_id=owner.staff_id,
            name=name,
            kind=kind,
            size=len(content),
            state=UploadState.READY,
            sha256=sha256(content).hexdigest(),
            has_preview=preview is not None,
            nonce=bytes(32),
            created_at=at - timedelta(minutes=2),
            expires_at=at + LIFETIME,
            received_at=at - timedelta(minutes=1),
            taken_at=at,
        )
        self.rows.append(row)
        upload = Upload(id=row.id)
        self._bytes[upload.path] = content
        if preview is not None:
            self._bytes[upload.preview_path] = preview
        return row.id


def _sheet(lines: tuple[str, ...]) -> Image.Image:
    page = Image.new("RGB", _SHEET, _PAPER)
    pen = ImageDraw.Draw(page)
    left, top = 70, 90
    for size, line in _sized(lines):
        pen.text((left, top), line, _INK, _font(size))
        top += 2 * size
    pen.line((left, top, _SHEET[0] - left, top), _PALE, 2)
    pen.text((left, _SHEET[1] - 90), "Вымышленный документ демо-стенда", _PALE, _font(18))
    return page


def _sized(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    yield 26, lines[0]
    for line in lines[1:]:
        yield 18, line


def _display(value: str) -> Image.Image:
    picture = Image.new("RGB", (960, 640), "#d9d7d0")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((90, 60, 870, 580), 28, "#f4f3ee", "#8d8a80", 4)
    pen.rounded_rectangle((170, 150, 790, 320), 10, "#9fb08e", "#55604a", 4)
    pen.text((205, 165), value, "#1d2a16", _font(120))
    pen.text((170, 350), "кВт·ч      3200 imp/kWh", "#55534c", _font(30))
    pen.ellipse((690, 430, 730, 470), "#d12a1e")
    return picture


def _font(size: int) -> ImageFont.FreeTypeFont:
    face = resources.files("font_roboto").joinpath("files", "Roboto-Regular.ttf")
    return ImageFont.truetype(str(face), size)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=70, optimize=True)
    return buffer.getvalue()


def _pdf(picture: Image.Image) -> bytes:
    buffer, epoch = BytesIO(), time.gmtime(0)
    picture.save(buffer, "PDF", resolution=90, creationDate=epoch, modDate=epoch)
    return buffer.getvalue()

"""Files that the demo's customers and staff have sent: drawn here, the same bytes every time."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont

from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.ports.files import Files
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import Upload, UploadKind, UploadState
from lk_graphql.uploads.service.creation import LIFETIME, Uploader
from lk_graphql.uploads.service.previews import render_preview


def refused_upload(keys: Keys, user_id: UUID, today: date) -> Upload:
    """Of yesterday; it is forgotten tomorrow, like any file that nobody used."""
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
"""A4 at 90 dots an inch."""
_PAPER, _INK, _PALE = "#fdfcf7", "#232c33", "#b9b3a4"


@dataclass
class DemoFiles:
    """Those of one demo: `rows` for the database, and their bytes for a store."""

    rows: list[Upload] = field(default_factory=list[Upload])
    _bytes: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def scan(self, whose: Uploader, name: str, lines: tuple[str, ...], at: datetime) -> UUID:
        """A sheet with a headline and text, as JPEG; the key of its row."""
        return self._keep(whose, name, UploadKind.JPEG, _jpeg(_sheet(lines)), at)

    def document(self, whose: Uploader, name: str, lines: tuple[str, ...], at: datetime) -> UUID:
        """The same as PDF."""
        return self._keep(whose, name, UploadKind.PDF, _pdf(_sheet(lines)), at)

    def photo(self, whose: Uploader, name: str, shown: str, at: datetime) -> UUID:
        """A meter's display."""
        return self._keep(whose, name, UploadKind.JPEG, _jpeg(_display(shown)), at)

    async def put(self, files: Files) -> None:
        """Raises `FilesUnavailable`."""
        for path, content in self._bytes.items():
            await files.put(path, _once(content))

    def _keep(
        self, whose: Uploader, name: str, kind: UploadKind, content: bytes, at: datetime
    ) -> UUID:
        small = render_preview(BytesIO(content)) if kind is UploadKind.JPEG else None
        row = Upload.construct(
            id=Keys("paper", whose.key, name).new(at.date()),
            user_id=whose.user_id,
            staff_id=whose.staff_id,
            name=name,
            kind=kind,
            size=len(content),
            state=UploadState.READY,
            sha256=sha256(content).hexdigest(),
            has_preview=small is not None,
            nonce=bytes(32),
            created_at=at - timedelta(minutes=2),
            expires_at=at + LIFETIME,
            received_at=at - timedelta(minutes=1),
            taken_at=at,
        )
        self.rows.append(row)
        kept = Upload(id=row.id)
        self._bytes[kept.path] = content
        if small is not None:
            self._bytes[kept.preview_path] = small
        return row.id


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


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


def _display(shown: str) -> Image.Image:
    picture = Image.new("RGB", (960, 640), "#d9d7d0")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((90, 60, 870, 580), 28, "#f4f3ee", "#8d8a80", 4)
    pen.rounded_rectangle((170, 150, 790, 320), 10, "#9fb08e", "#55604a", 4)
    pen.text((205, 165), shown, "#1d2a16", _font(120))
    pen.text((170, 350), "кВт·ч      3200 imp/kWh", "#55534c", _font(30))
    pen.ellipse((690, 430, 730, 470), "#d12a1e")
    return picture


def _font(size: int) -> ImageFont.FreeTypeFont:
    face = resources.files("font_roboto").joinpath("files", "Roboto-Regular.ttf")
    return ImageFont.truetype(str(face), size)


def _jpeg(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=70, optimize=True)
    return kept.getvalue()


def _pdf(picture: Image.Image) -> bytes:
    kept, then = BytesIO(), time.gmtime(0)
    picture.save(kept, "PDF", resolution=90, creationDate=then, modDate=then)
    return kept.getvalue()

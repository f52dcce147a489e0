"""Image previews without metadata."""

from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

MAX_SIDE = 1280
MEDIA_TYPE = "image/jpeg"


def render_preview(file: Path | IO[bytes]) -> bytes | None:
    """Render a JPEG; None if the picture can't be decoded. It blocks, so call it in a thread."""
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # lets the JPEG decoder scale down
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            preview = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            preview.paste(layer, mask=layer)
            output = BytesIO()
            preview.save(output, "JPEG", quality=80, optimize=True)
    except Exception:  # noqa: BLE001 - Pillow raises anything for hostile bytes: struct.error, …
        return None
    return output.getvalue()

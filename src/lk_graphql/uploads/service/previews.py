"""Image previews without metadata."""

from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

MAX_SIDE = 1280
MEDIA_TYPE = "image/jpeg"


def render_preview(file: Path | IO[bytes]) -> bytes | None:
    """A JPEG; None where the picture can't be decoded. Takes a second: call it in a thread."""
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # JPEG decodes smaller at once
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            drawn = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            drawn.paste(layer, mask=layer)
            kept = BytesIO()
            drawn.save(kept, "JPEG", quality=80, optimize=True)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return kept.getvalue()

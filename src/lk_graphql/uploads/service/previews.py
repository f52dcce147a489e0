"""Image previews without metadata, rendered in a child process with limits.

A picture in a small file can take half a gigabyte of memory when it is decoded. As a program with
the path of a picture as its argument, this module writes the preview to standard output.
"""

import asyncio
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from PIL import Image, ImageOps

MAX_SIDE = 1280
MEDIA_TYPE = "image/jpeg"
_MAX_PIXELS = 25_000_000
"""Decoded pixels. A larger JPEG is decoded at a half, a quarter or an eighth of its size."""
_MAX_MEMORY = 320 * 1024 * 1024  # address space; Python and Pillow take a third of it
_MAX_SECONDS = 20
_slot = asyncio.Semaphore(1)


async def preview_of(file: Path) -> bytes | None:
    """Render a JPEG, one at a time. None if the picture can't be decoded within the limits."""
    command = (sys.executable, "-m", __name__, str(file))
    async with _slot:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(_MAX_SECONDS):
                preview, _ = await process.communicate()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return preview if process.returncode == 0 and preview else None


def render_preview(file: Path | IO[bytes]) -> bytes | None:
    """Render a JPEG in this process; None if the picture can't be decoded."""
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.draft(None, (MAX_SIDE, MAX_SIDE))  # lets the JPEG decoder scale down
            if picture.width * picture.height > _MAX_PIXELS:
                return None
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(picture)
            preview = Image.new("RGB", upright.size, "white")
            if upright.has_transparency_data:
                layer = upright.convert("RGBA")
                preview.paste(layer, mask=layer)
            else:
                preview.paste(_in_color(upright))
            output = BytesIO()
            preview.save(output, "JPEG", quality=80, optimize=True)
    except Exception:  # noqa: BLE001 - Pillow raises anything for hostile bytes: struct.error, …
        return None
    return output.getvalue()


def _in_color(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):  # `convert` would make all except the darkest gray white
        scaled = cast("Any", picture.convert("I")).point(_high_byte)
        picture = scaled.convert("L")
    return picture.convert("RGB")


def _high_byte(value: Any) -> Any:
    return value * (1 / 256)


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))
    sys.stdout.buffer.write(render_preview(Path(sys.argv[1])) or b"")


if __name__ == "__main__":
    _main()

"""A picture's preview is drawn in another process, within limits of memory and time."""

import resource
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.service import previews
from lk_graphql.uploads.service.previews import preview_of, render_preview
from tests.factories.uploads import announced, sent
from tests.support.client import ApiClient

MEGABYTE = 1024 * 1024


def written(folder: Path, form: str, picture: Image.Image, **options: object) -> Path:
    file = folder / "content"
    picture.save(file, form, **options)
    return file


MEASURED = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)"""
"""A small process between: a child's figure begins with the memory of the one that started it."""


def memory_of_preview(file: Path) -> int:
    """Most memory of the process that draws the preview, in bytes."""
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", previews.__name__, str(file)]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


async def test_a_small_file_with_many_pixels_takes_little_memory(api: ApiClient, anna: Viewer):
    """79 million pixels in 231 KB took half a gigabyte of the server."""
    token, buffer = await api.signed_in(anna), BytesIO()
    Image.new("RGB", (8900, 8900)).save(buffer, "PNG")
    content = buffer.getvalue()
    assert len(content) < 300_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    payload = await announced(api, token, "a.png", "image/png", len(content))
    answer = await sent(api, payload["url"], content)

    query = "{ viewer { uploads { state previewUrl } } }"
    assert answer.status_code == 204
    assert (await api.ask(query, token))["viewer"]["uploads"] == [
        {"state": "READY", "previewUrl": None}
    ]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 40 * MEGABYTE


@pytest.mark.parametrize(
    ("form", "mode", "size", "options"),
    [
        ("PNG", "RGB", (5000, 4900), {}),
        ("PNG", "1", (5000, 4900), {}),
        ("JPEG", "RGB", (8160, 6120), {"quality": 50}),
        ("JPEG", "CMYK", (4000, 3000), {}),
    ],
)
async def test_pictures_of_telephones_and_scanners_have_a_preview(
    tmp_path: Path, form: str, mode: str, size: tuple[int, int], options: dict[str, object]
):
    file = written(tmp_path, form, Image.new(mode, size), **options)

    preview = await preview_of(file)

    assert preview is not None
    with Image.open(BytesIO(preview)) as image:
        assert (image.format, image.mode, max(image.size)) == ("JPEG", "RGB", 1280)
    assert memory_of_preview(file) < 320 * MEGABYTE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_a_preview_has_the_colours_of_its_picture(tmp_path: Path, mode: str):
    half = {"I;16": 0x8000, "1": 1, "CMYK": (0, 0, 0, 127), "LA": (128, 255)}.get(mode)
    gray = Image.new("L", (40, 40), 128)
    picture = Image.new(mode, (40, 40), half) if half is not None else gray.convert(mode)

    preview = render_preview(written(tmp_path, "JPEG" if mode == "CMYK" else "PNG", picture))

    assert preview is not None
    with Image.open(BytesIO(preview)) as image:
        colours = [*image.convert("RGB").crop((20, 20, 21, 21)).tobytes()]
    expected = 255 if mode == "1" else 128
    assert max(abs(value - expected) for value in colours) <= 2


async def test_hostile_pixels_end_within_the_limits(tmp_path: Path):
    """A progressive JPEG keeps all of its coefficients, whatever the size of the preview."""
    begun = time.monotonic()
    file = written(tmp_path, "JPEG", Image.new("L", (14000, 14000)), progressive=True)

    preview = await preview_of(file)

    assert preview is None
    assert memory_of_preview(file) < 320 * MEGABYTE
    assert time.monotonic() - begun < 60

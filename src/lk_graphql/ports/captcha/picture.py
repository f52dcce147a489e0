"""The picture of a captcha."""

import math
from base64 import b64encode
from io import BytesIO
from secrets import SystemRandom
from typing import Any

from captcha.image import ColorTuple, ImageCaptcha
from PIL import Image, ImageColor, ImageDraw

_SIZE = 240, 80
"""In CSS pixels."""
_SCALE = 2
"""Pixels of a CSS pixel, so that pictures are sharp on phones."""
_WIDTH, _HEIGHT = (pixels * _SCALE for pixels in _SIZE)
_INKS = ("#143d73", "#5b1a5e", "#0b5345", "#7a2e12", "#33334d")
_PAPERS = ("#f4f7fb", "#faf5ee", "#f2f8f3", "#f8f3f8")
"""Any ink on any paper has a contrast of 7 : 1 or more."""

_random = SystemRandom()


def picture(code: str) -> str:
    """A PNG of 480 × 160 as a data URI. Takes tens of milliseconds: call it in a thread."""
    ink, paper = _colour(_INKS), _colour(_PAPERS)
    image = _Letters().create_captcha_image(code, ink, paper)
    # two strokes that cross the letters, and a thin one that cuts them
    for colour, width in ((ink, 2), (ink, 2), (paper, 1)):
        _wave(image, colour, width * _SCALE)
    _Letters.create_noise_dots(image, ink, width=3 * _SCALE, number=25)
    out = BytesIO()
    image.quantize(24).save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"


class _Letters(ImageCaptcha):
    """The library's letters with less rotation, drawn opaque."""

    character_rotate = (-24, 24)
    character_warp_dx = (0.0, 0.12)
    character_warp_dy = (0.0, 0.12)

    def __init__(self) -> None:
        sizes = tuple(size * _SCALE for size in (46, 50, 54))
        super().__init__(_WIDTH, _HEIGHT, font_sizes=sizes)

    def create_captcha_image(
        self, chars: str, color: ColorTuple, background: ColorTuple
    ) -> Image.Image:
        """Draw letters opaque in any colour and centred, unlike the library."""
        image = Image.new("RGB", (_WIDTH, _HEIGHT), background)
        draw = ImageDraw.Draw(image)
        letters = [self._draw_character(character, draw, color) for character in chars]
        step = _WIDTH / (len(letters) + 0.6)
        for place, letter in enumerate(letters):
            left = round(step * (place + 0.8) - letter.width / 2)
            room = _HEIGHT - letter.height
            top = room // 2 + _random.randint(-room // 4, room // 4) if room > 3 else 0
            image.paste(letter, (left, top), letter.getchannel("A"))
        return image


def _wave(image: Image.Image, colour: Any, width: int) -> None:
    """Draw a sine curve from side to side."""
    middle = image.height * _random.uniform(0.35, 0.65)
    swing, turns = image.height * _random.uniform(0.1, 0.25), _random.uniform(0.7, 1.6)
    begin = _random.uniform(0, math.tau)
    points = [
        (x, middle + swing * math.sin(begin + math.tau * turns * x / image.width))
        for x in range(0, image.width + 1, 4)
    ]
    ImageDraw.Draw(image).line(points, fill=colour, width=width, joint="curve")


def _colour(colours: tuple[str, ...]) -> Any:
    return ImageColor.getrgb(_random.choice(colours))

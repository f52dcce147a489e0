"""A receipt's two pictures, as SVG: its code, and the bars of a year."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import segno

_ACCENT, _QUIET = "#0d5668", "#b9d0d5"
_BAR, _STEP, _HEIGHT = 68, 100, 300


def code(payload: str) -> bytes:
    """Correction M (ГОСТ Р 56042), and four modules of white around it (ISO 18004)."""
    into = BytesIO()
    made = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8")
    made.save(into, kind="svg", border=4, dark="#000000", light="#ffffff", xmldecl=False)
    return into.getvalue()


def bars(volumes: Sequence[Decimal]) -> bytes:
    """One for each month, the last in the strong colour; the highest is as high as the picture."""
    highest = max([*volumes, Decimal(1)])
    heights = [max(3, round(_HEIGHT * max(volume, Decimal()) / highest)) for volume in volumes]
    drawn = "".join(
        f'<rect x="{place * _STEP + (_STEP - _BAR) // 2}" y="{_HEIGHT - height}" width="{_BAR}"'
        f' height="{height}" fill="{_ACCENT if place == len(heights) - 1 else _QUIET}"/>'
        for place, height in enumerate(heights)
    )
    width = _STEP * max(1, len(heights))
    frame = f'width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{drawn}</svg>'.encode()

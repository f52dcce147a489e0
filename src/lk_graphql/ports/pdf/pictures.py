"""QR codes and charts of pages, for xhtml2pdf's `<img>` and `<canvas>`.

They aren't SVG, because converting a code took more CPU than the rest of the page.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import segno
from PIL import Image

from lk_graphql.kit.formatting import format_number

SHORT_MONTHS = (
    "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_ACCENT, _QUIET, _TEXT, _PAPER = "#0d5668", "#b9d0d5", "#1b2730", "#ffffff"
_PIXELS = 4
"""Pixels of a module's side, so that a viewer that smooths pictures blurs only its edge."""


def qr_picture(payload: str) -> str:
    """Return a QR code as the source of an `<img>`.

    Correction M (ГОСТ Р 56042), a quiet zone of 4 modules (ISO 18004).
    """
    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8")
    rows = [
        bytes(0 if dark else 255 for dark in row for _ in range(_PIXELS))
        for row in code.matrix_iter(border=4)
    ]
    side, png = len(rows) * _PIXELS, BytesIO()
    pixels = b"".join(row * _PIXELS for row in rows)
    Image.frombytes("L", (side, side), pixels).save(png, "PNG")
    return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"


def bar_chart(months: Sequence[tuple[date, Decimal]], height: int, *, width: int) -> dict[str, Any]:
    """Return sizes in points and JSON of a chart by months; the values stand below the bars.

    The last bar is a series of its own, because a colour is a series' in xhtml2pdf's charts.
    """
    below = 22
    volumes = [max(volume, Decimal()) for _, volume in months]
    highest = max([*volumes, Decimal(1)])
    bars = [float(max(volume, highest / 100)) for volume in volumes]
    group = width / max(12, len(bars))
    chart = {
        "type": "verticalbar",
        "x": 0, "y": below, "width": round(group * len(bars)), "height": height,
        "data": [[*bars[:-1], None], [*([None] * len(bars[:-1])), *bars[-1:]]],
        "labels": [
            f"{SHORT_MONTHS[period.month - 1]}\n{format_number(round(value))}"
            for period, value in months
        ],
        "seriesColors": [_QUIET, _ACCENT],
        "barWidth": 2, "barSpacing": -2, "groupSpacing": 1,
        "bars": {"strokeWidth": 0, "strokeColor": _PAPER},
        "valueAxis": {"visible": False, "valueMin": 0, "valueMax": 1.05 * float(highest)},
        "categoryAxis": {
            "strokeWidth": 0, "strokeColor": _PAPER, "visibleTicks": 0,
            "labels": {
                "fontName": "Roboto", "fontSize": 7, "fillColor": _TEXT,
                "dy": -3, "boxAnchor": "n", "textAnchor": "middle",
            },
        },
    }  # fmt: skip
    return {"width": width, "height": height + below, "json": json.dumps(chart)}

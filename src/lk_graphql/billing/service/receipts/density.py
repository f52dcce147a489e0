"""Sizes of a receipt's page, and an estimate of which of them its content fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any


@dataclass(frozen=True)
class Density:
    """Sizes in points, and the limits of rows and causes before they are summed up.

    `rows` limits payments and penalties, `lines` charges and registers. With `paged` the draft may
    take several pages.
    """

    text: float
    small: float
    pad: float
    gap: float
    chart: int
    rows: int
    causes: int
    airy: bool = False
    lines: int = 40
    paged: bool = False


DENSITIES = (
    Density(9.2, 8.0, 3.2, 14, 110, 9, 4, airy=True),
    Density(8.8, 7.6, 2.6, 10, 90, 9, 4, airy=True),
    Density(8.4, 7.2, 1.8, 8, 72, 8, 4),
    Density(7.8, 6.8, 1.2, 6, 56, 7, 3),
    Density(7.0, 6.2, 0.7, 4, 44, 6, 2),
    Density(6.4, 5.8, 0.3, 3, 36, 5, 1),
    Density(7.8, 6.8, 1.2, 6, 56, 150, 50, lines=150, paged=True),
)
"""The last is for whatever an import accepts: it takes as many pages as it needs.

Rendering a page takes up to a second, so even there rows beyond the limits are added up.
"""
PAGE = 770.0
"""Height of A4 between the margins of `receipt.html.j2` in points, less what estimates miss."""
_WIDTH = 527.0
_CODE = 36 / 25.4 * 72
_LEADING = 1.22
_LETTER = 0.55
"""Average width of a letter by its size, a little more than most texts have."""


def estimate(r: dict[str, Any], d: Density) -> float:
    """Return about how high the page of `receipt.html.j2` with these rows is, in points."""
    line, small, row = d.text * _LEADING, d.small * _LEADING, 2 * d.pad + 0.5
    heading, head = line + _LEADING + d.gap + 1.5, small + row
    chart = heading + d.chart + 2 * small
    owner = [r["payer"].holder or "", r["payer"].address]
    meters = [f"№ {one['serial']} {one['about']}" if one["first"] else "" for one in r["meters"]]
    charges = [one["text"] or one["service"] for one in r["lines"]]
    notes = heading + small * _lines([*r["tariffs"], *r["notes"]], 0.52 if r["penalties"] else 1, d)
    agents = [one["agent"] for one in r["payments"]]
    payments = heading + row * len(agents) + line * _lines(agents, 0.28, d)
    penalties = heading + head + (line + row) * len(r["penalties"])
    box = 5 * small + 1.5 * line + 9 + line * _lines(owner, 0.44, d)
    return sum(
        (
            2 * line + 2 * small + 6 + row,
            d.gap + 16 + max(box, _CODE + small + 2),
            heading + row * len(r["causes"]) + line * _lines([t for t, _ in r["causes"]], 0.84, d),
            heading + head + row * len(meters) + line * _lines(meters, 0.36, d),
            (small * len(meters) if d.airy else 0),
            heading + head + (row + line) + row * len(charges) + line * _lines(charges, 0.8, d),
            heading + 2 * line + 2 + row + 4,
            max(payments, penalties if r["penalties"] else chart),
            max(notes, chart if r["penalties"] else 0),
            d.gap + 2 * small + row,
        )
    )


def _lines(texts: Iterable[str], share: float, d: Density) -> int:
    """Return how many lines the texts take in a column with this share of the page's width."""
    width = _WIDTH * share - 6
    return sum(max(1, ceil(len(text) * d.text * _LETTER / width)) for text in texts)

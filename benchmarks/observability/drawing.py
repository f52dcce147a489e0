"""The dashboard as a picture: the layout of its file, the series of a Prometheus, as plain SVG."""

import math
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path
from shutil import which
from typing import Any

from benchmarks.observability.prometheus import Series

WIDTH, ROW, GAP, COLUMNS = 1600, 30, 8, 24
"""Pixels of the page, of a unit of height and between panels, and units of width, as in Grafana."""
PALETTE = (
    "#7eb26d", "#e0a400", "#4fb0c6", "#ef843c", "#d9453d", "#1f78c1", "#ba43a9", "#705da0",
    "#508642", "#a98b00", "#447ebc", "#c15c17", "#890f02", "#0a437c", "#6d1f62", "#584477",
)  # fmt: skip
_TITLE, _SMALL, _LETTER, _LEGEND = 14, 12, 6.2, 16
_LEGEND_LINES = 3
_FONT = (
    f'font-family="Roboto, Liberation Sans, Arial, sans-serif" font-size="{_SMALL}" fill="#24292e"'
)
_SCALES: Mapping[str, Sequence[tuple[float, str]]] = {
    "s": ((86400, " d"), (3600, " h"), (60, " min"), (1, " s"), (1e-3, " ms")),
    "bytes": ((2**30, " GiB"), (2**20, " MiB"), (2**10, " KiB"), (1, " B")),
    "percentunit": ((0.01, " %"),),
    "ops": ((1e3, "K ops/s"), (1, " ops/s")),
    "reqps": ((1e3, "K req/s"), (1, " req/s")),
    "short": ((1e3, " K"), (1, "")),
}
Ask = Callable[[str], list[Series]]


@dataclass(frozen=True)
class Line:
    """A named series of a panel."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """A panel of the dashboard's file; one without targets is the heading of a row."""

    title: str
    x: int
    y: int
    width: int
    height: int
    unit: str
    is_stacked: bool
    targets: Sequence[tuple[str, str]]
    lines: Sequence[Line] = ()

    def filled(self, ask: Ask) -> "Panel":
        lines = [
            Line(_name(legend, each.labels), _numbers(each.points))
            for expression, legend in self.targets
            for each in ask(expression)
        ]
        return replace(self, lines=[line for line in lines if line.points])


def panels_of(dashboard: Mapping[str, Any]) -> list[Panel]:
    return [_panel(each) for each in dashboard["panels"]]


def _panel(each: Mapping[str, Any]) -> Panel:
    place, defaults = each["gridPos"], each.get("fieldConfig", {}).get("defaults", {})
    return Panel(
        each["title"], place["x"], place["y"], place["w"], place["h"],
        unit=defaults.get("unit", "short"),
        is_stacked=defaults.get("custom", {}).get("stacking", {}).get("mode") == "normal",
        targets=[(target["expr"], target["legendFormat"]) for target in each.get("targets", ())],
    )  # fmt: skip


def _name(legend: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"{{(\w+)}}", lambda found: labels.get(found[1], ""), legend).strip()


def _numbers(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [point for point in points if math.isfinite(point[1])]


def draw(panels: Sequence[Panel], start: float, end: float) -> str:
    """The page as SVG."""
    height = max(panel.y + panel.height for panel in panels) * (ROW + GAP) + GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" {_FONT}>',
            f'<rect width="{WIDTH}" height="{height}" fill="#f4f5f5"/>',
            *(part for panel in panels for part in _drawn(panel, start, end)),
            "</svg>\n",
        ]
    )


def _drawn(panel: Panel, start: float, end: float) -> Iterator[str]:
    unit = (WIDTH - GAP) / COLUMNS
    left, top = GAP + panel.x * unit, GAP + panel.y * (ROW + GAP)
    width, height = panel.width * unit - GAP, panel.height * (ROW + GAP) - GAP
    if not panel.targets:
        yield f'<text x="{left + 4:.0f}" y="{top + 21:.0f}" font-size="16">{panel.title}</text>'
        return
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
        ' fill="#ffffff" stroke="#dcdfe2"/>'
    )
    yield (
        f'<text x="{left + 10:.0f}" y="{top + 20:.0f}" font-size="{_TITLE}"'
        f' font-weight="500">{escape(panel.title)}</text>'
    )
    if not panel.lines:
        yield (
            f'<text x="{left + width / 2:.0f}" y="{top + height / 2 + 10:.0f}" fill="#7b8087"'
            ' text-anchor="middle" font-size="14">No data</text>'
        )
        return
    legend = [*_legend(panel.lines, width - 20)]
    bottom = top + height - 8 - _LEGEND * (legend[-1][2] + 1)
    plot = Plot(left + 66, top + 32, left + width - 12, bottom - 22, start, end, panel.unit)
    yield from plot.drawn(panel)
    for line, (x, text, row) in enumerate(legend):
        at = bottom + _LEGEND * row + 10
        yield (
            f'<rect x="{left + 10 + x:.0f}" y="{at - 6:.0f}" width="12" height="4" rx="2"'
            f' fill="{_colour(line)}"/>'
            f'<text x="{left + 26 + x:.0f}" y="{at:.0f}">{escape(text)}</text>'
        )


def _legend(lines: Sequence[Line], width: float) -> Iterator[tuple[float, str, int]]:
    """Place, text and row of each name; those that don't fit are counted in the last one."""
    x, row = 0.0, 0
    for place, line in enumerate(lines):
        needed, rest = 30 + _length(line.name), len(lines) - place
        if x and x + needed > width and row < _LEGEND_LINES - 1:
            x, row = 0.0, row + 1
        room = width - x - (100 if rest > 1 else 0)
        if row == _LEGEND_LINES - 1 and needed > room:
            yield x, f"and {rest} more", row
            return
        yield x, line.name, row
        x += needed


def _length(text: str) -> float:
    """About how wide a text is; capital letters are half as wide again."""
    return sum(_LETTER * (1.45 if letter.isupper() else 1) for letter in text)


@dataclass(frozen=True)
class Plot:
    """The area of a panel in which its series are drawn."""

    left: float
    top: float
    right: float
    bottom: float
    start: float
    end: float
    unit: str

    def drawn(self, panel: Panel) -> Iterator[str]:
        step = _spacing(panel.lines)
        lines = _stacked(panel.lines, step) if panel.is_stacked else _pieces(panel.lines, step)
        highest = max(value for _, line in lines for _, value in line.points)
        grid = _grid(highest, self.unit)
        top = max(grid, math.ceil(highest / grid - 1e-9) * grid)
        yield from self._axes(grid, top)
        for number, line in reversed(lines) if panel.is_stacked else lines:
            path = " ".join(
                f"{self._x(at):.1f},{self.bottom - value / top * (self.bottom - self.top):.1f}"
                for at, value in line.points
            )
            if panel.is_stacked:
                first, last = self._x(line.points[0][0]), self._x(line.points[-1][0])
                area = f"{first:.1f},{self.bottom:.1f} {path} {last:.1f},{self.bottom:.1f}"
                yield f'<polygon points="{area}" fill="#ffffff"/>'
                yield f'<polygon points="{area}" fill="{_colour(number)}" fill-opacity="0.25"/>'
            yield (
                f'<polyline points="{path}" fill="none" stroke="{_colour(number)}"'
                ' stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>'
            )

    def _axes(self, step: float, top: float) -> Iterator[str]:
        for number in range(round(top / step) + 1):
            y = self.bottom - (self.bottom - self.top) * number * step / top
            yield (
                f'<line x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"'
                f' stroke="#e8eaec"/><text x="{self.left - 6:.1f}" y="{y + 4:.1f}" fill="#5c6470"'
                f' text-anchor="end">{_text(number * step, top, self.unit)}</text>'
            )
        minutes = next(m for m in (1, 2, 5, 10, 30, 60, 360) if self.end - self.start < m * 360)
        at = math.ceil(self.start / (minutes * 60)) * minutes * 60
        while at <= self.end:
            if self.left + 12 < self._x(at) < self.right - 12:
                yield (
                    f'<text x="{self._x(at):.1f}" y="{self.bottom + 16:.1f}" fill="#5c6470"'
                    f' text-anchor="middle">{datetime.fromtimestamp(at, UTC):%H:%M}</text>'
                )
            at += minutes * 60

    def _x(self, at: float) -> float:
        share = (at - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)


def _spacing(lines: Sequence[Line]) -> float:
    """Seconds between two points."""
    pairs = (pair for line in lines for pair in pairwise(line.points))
    return min((after[0] - before[0] for before, after in pairs), default=1.0)


def _stacked(lines: Sequence[Line], step: float) -> list[tuple[int, Line]]:
    """Each line upon the ones before it; one without a point counts as zero there."""
    start = min(line.points[0][0] for line in lines)
    end = max(line.points[-1][0] for line in lines)
    sums = [0.0] * (round((end - start) / step) + 1)
    stacked: list[tuple[int, Line]] = []
    for number, line in enumerate(lines):
        for at, value in line.points:
            sums[round((at - start) / step)] += value
        points = [(start + place * step, value) for place, value in enumerate(sums)]
        stacked.append((number, replace(line, points=points)))
    return stacked


def _pieces(lines: Sequence[Line], step: float) -> list[tuple[int, Line]]:
    """The lines, interrupted where they have no points."""
    pieces: list[tuple[int, Line]] = []
    for number, line in enumerate(lines):
        points = [line.points[0]]
        for before, after in pairwise(line.points):
            if after[0] - before[0] > 1.5 * step:
                pieces.append((number, replace(line, points=points)))
                points = []
            points.append(after)
        pieces.append((number, replace(line, points=points)))
    return pieces


def _scale(value: float, unit: str) -> tuple[float, str]:
    scales = _SCALES[unit]
    return next((scale for scale in scales if value >= scale[0]), scales[-1])


def _grid(highest: float, unit: str) -> float:
    """A round distance of grid lines, of which there are three to six."""
    if not highest:
        return 1.0
    size, _ = _scale(highest, unit)
    rough = highest / size / 4
    power = 10 ** math.floor(math.log10(rough))
    return size * power * next(each for each in (1, 2, 2.5, 5, 10) if each * power >= rough)


def _text(value: float, top: float, unit: str) -> str:
    """A value in the scale of the highest one."""
    size, name = _scale(top, unit)
    return f"{value / size:.4g}{name}" if value else "0"


def _colour(number: int) -> str:
    return PALETTE[number % len(PALETTE)]


def write_picture(svg: str, file: Path) -> None:
    """Write SVG, or PNG by chromium. Raises OSError without chromium."""
    if file.suffix == ".svg":
        file.write_text(svg)
        return
    chromium = which("chromium")
    if chromium is None:
        raise OSError("chromium is not installed; write an .svg")
    height = re.search(r'height="(\d+)"', svg)
    assert height
    with tempfile.TemporaryDirectory() as scrap:
        page = Path(scrap) / "page.html"
        page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body style='margin:0'>{svg}")
        command = [
            chromium, "--headless", "--no-sandbox", "--hide-scrollbars",
            f"--screenshot={file.resolve()}", f"--window-size={WIDTH},{height[1]}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)

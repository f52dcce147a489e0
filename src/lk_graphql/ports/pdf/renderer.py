"""HTML becomes a page: what a process of the pool does. Nothing of this runs beside requests.

It reads jobs from its standard input, a length in four bytes and a JSON array of drafts, and
answers on its standard output: PAGE or FAILED, a length, the page or the failure's name.
"""

import sys
import traceback
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib import import_module, resources
from io import BytesIO
from typing import Any, BinaryIO

import orjson

FACES = {"Roboto": ("Regular", "Bold"), "Roboto Medium": ("Medium", "Bold")}
"""Families by the weights that CSS calls normal and bold; all have Cyrillic and «₽»."""
PAGE, FAILED = b"+", b"-"


class PageOverflow(ValueError):
    """It doesn't fit, however densely it is set."""


def render_one_page(drafts: Sequence[str]) -> bytes:
    """The first of the drafts, each denser than the one before, that fits on a page, as PDF.

    The same HTML gives the same bytes. Raises `PageOverflow`, and whatever xhtml2pdf raises.
    """
    for draft in drafts:
        content, pages = _render(draft)
        if pages == 1:
            return content
    raise PageOverflow(f"{len(drafts)} drafts took more than a page each")


def svg_data_uri(svg: bytes) -> str:
    """An SVG as the source of an `<img>`."""
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"


def _render(html: str) -> tuple[bytes, int]:
    pisa, settings = _library("xhtml2pdf.pisa"), _library("reportlab.rl_config")
    settings.invariant = 1  # no time and no random id in the file
    into = BytesIO()
    made = pisa.CreatePDF(html, dest=into, default_css=_style(), encoding="utf-8")
    if made.err:
        raise ValueError("xhtml2pdf couldn't read it")
    return into.getvalue(), into.getvalue().count(b"/Type /Page\n")


@cache
def _style() -> str:
    """The fonts, before a page's own style; the library's defaults make HTML's tags work."""
    files = resources.files("font_roboto").joinpath("files")
    faces = (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{files.joinpath(f"Roboto-{face}.ttf")}"); }}'
        for family, both in FACES.items()
        for face, weight in zip(both, ("normal", "bold"), strict=True)
    )
    return _library("xhtml2pdf.default").DEFAULT_CSS + "\n".join(faces)


def _library(name: str) -> Any:
    """Untyped, and a second of a processor to import, which only the pool pays."""
    return import_module(name)


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Print until the pipe ends, as it does when the server is gone."""
    while head := jobs.read(4):
        drafts = orjson.loads(jobs.read(int.from_bytes(head)))
        try:
            kind, content = PAGE, render_one_page(drafts)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the next page may go well
            # where, and not what: the words of an exception may quote somebody's bill
            sys.stderr.writelines(traceback.format_tb(failure.__traceback__))
            kind, content = FAILED, type(failure).__name__.encode()
        answers.write(kind + len(content).to_bytes(4) + content)
        answers.flush()

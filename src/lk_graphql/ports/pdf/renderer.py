"""Renders HTML as PDF, in a process of the pool.

A job on standard input is a length in four bytes and a JSON array of drafts. The result on standard
output is PAGE or FAILED, a length, and the page or the name of the failure.
"""

import os
import re
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import import_module, resources
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import category, normalize

import orjson

FACES = {"Roboto": ("Regular", "Bold"), "Roboto Medium": ("Medium", "Bold")}
"""Font files of the weights normal and bold by CSS family; all have Cyrillic and «₽»."""
_BASE = ("Light", "Black", "LightItalic", "BlackItalic")
"""Normal, bold, italic and bold italic of text without a family: none of those above."""
PAGE, FAILED = b"+", b"-"
MISSING = "\N{REPLACEMENT CHARACTER}"
_CREATED = re.compile(r'<meta name="dcterms.created" content="(\d{4}-\d\d-\d\d)">')
"""The date that a page declares for its file; the default is in 2000."""


def render_drafts(drafts: Sequence[str]) -> bytes:
    """The first draft that fits on a page, or else the last on several, as PDF.

    Equal HTML gives equal bytes. Raises the exceptions of xhtml2pdf.
    """
    content = b""
    for draft in drafts:
        content, pages = _render(draft)
        if pages == 1:
            break
    return content


def with_glyphs(text: str) -> str:
    """The text with `MISSING` for each letter that the fonts lack, unless a usual form is there.

    Formatting characters that the fonts lack are left out.
    """
    usual = normalize("NFC", text)
    lacking = {character for character in {*usual} if _glyphs(character) != character}
    return usual.translate({ord(character): _glyphs(character) for character in lacking})


def _glyphs(character: str) -> str:
    if ord(character) in _glyph_codes() or character.isspace():
        return character
    usual = normalize("NFKC", character)
    if all(ord(one) in _glyph_codes() for one in usual):
        return usual
    return "" if category(character) in {"Cf", "Cc"} else MISSING


@cache
def _glyph_codes() -> frozenset[int]:
    """Characters that each of the fonts has."""
    fonts = _library("reportlab.pdfbase.ttfonts")
    faces = [face for both in FACES.values() for face in both]
    maps = [fonts.TTFontFile(str(_fonts() / f"Roboto-{face}.ttf")).charToGlyph for face in faces]
    return frozenset(code for code in maps[0] if all(code in one for one in maps))


def _render(html: str) -> tuple[bytes, int]:
    into = BytesIO()
    _date_files(_CREATED.search(html))
    result = _printer().CreatePDF(
        with_glyphs(html),
        dest=into,
        default_css=_style(),
        encoding="utf-8",
        resource_policy=_policy(),
    )
    if result.err:
        raise ValueError("xhtml2pdf reported an error")
    content = into.getvalue()
    if b"Roboto" not in content:  # another font has no Cyrillic: every letter would be a black box
        raise ValueError("xhtml2pdf embedded none of the fonts")
    return content, content.count(b"/Type /Page\n")


def _date_files(created: re.Match[str] | None) -> None:
    """Set the date in the next file by SOURCE_DATE_EPOCH (reproducible-builds.org)."""
    day = datetime.fromisoformat(created[1] if created else "2000-01-01").replace(tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(round(day.timestamp()))


@cache
def _printer() -> Any:
    """Import the library, with fonts in Helvetica's place: that is listed though not embedded."""
    metrics, fonts = _library("reportlab.pdfbase.pdfmetrics"), _library("reportlab.pdfbase.ttfonts")
    for face in _BASE:
        metrics.registerFont(fonts.TTFont(face, str(_fonts() / f"Roboto-{face}.ttf")))
    metrics.registerFontFamily(*_BASE[:1], *_BASE, baseFontFor="canvas graphics")
    options = _library("reportlab.rl_config")
    options.invariant = 1  # no random id in the file, for equal bytes
    options.useA85 = 0  # binary streams: base 85 makes files longer, and takes time
    return _library("xhtml2pdf.pisa")


@cache
def _style() -> str:
    """The library's default CSS and the fonts, which precede a page's own style."""
    faces = (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{_fonts() / f"Roboto-{face}.ttf"}"); }}'
        for family, both in FACES.items()
        for face, weight in zip(both, ("normal", "bold"), strict=True)
    )
    return _library("xhtml2pdf.default").DEFAULT_CSS + "\n".join(faces)


@cache
def _policy() -> Any:
    """A page may read the fonts only; by default, the files of the working directory only."""
    policies = _library("xhtml2pdf.config.resources")
    return policies.ResourceAccessPolicy(base_dir=_fonts(), allow_remote=False)


def _fonts() -> Path:
    return Path(str(resources.files("font_roboto"))) / "files"


def _library(name: str) -> Any:
    """Import an untyped library here, because it takes a second that only the pool needs."""
    return import_module(name)


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Render jobs until the end of the pipe, when the server has exited."""
    while head := jobs.read(4):
        drafts = orjson.loads(jobs.read(int.from_bytes(head)))
        try:
            kind, content = PAGE, render_drafts(drafts)
        except Exception as failure:  # noqa: BLE001 - reported; the next page may succeed
            # without the message, which may quote a customer's bill
            sys.stderr.writelines(traceback.format_tb(failure.__traceback__))
            kind, content = FAILED, type(failure).__name__.encode()
        answers.write(kind + len(content).to_bytes(4) + content)
        answers.flush()

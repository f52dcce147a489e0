"""Text and two-dimensional codes of PDF pages."""

from importlib import import_module
from typing import Any

pypdfium2: Any = import_module("pypdfium2")  # both libraries are untyped
zxingcpp: Any = import_module("zxingcpp")
MM = 72 / 25.4


def only_page(content: bytes) -> Any:
    (page,) = pypdfium2.PdfDocument(content)
    return page


def texts_of(content: bytes) -> list[str]:
    """The text of each page."""
    return [text_of(page) for page in pypdfium2.PdfDocument(content)]


def text_of(page: Any) -> str:
    """The words of a page, separated by single spaces."""
    return " ".join(str(page.get_textpage().get_text_bounded()).split())


def codes_of(page: Any) -> list[Any]:
    """Two-dimensional codes, read from the rendered page."""
    return zxingcpp.read_barcodes(page.render(scale=3).to_pil())


def width_of(code: Any) -> float:
    """The width in millimetres on paper."""
    return (code.position.top_right.x - code.position.top_left.x) / 3 / MM


def boxes_of(page: Any) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each piece of text, in points."""
    text = page.get_textpage()
    return [text.get_rect(place) for place in range(text.count_rects())]


def boxes_of_text(page: Any, text: str) -> list[tuple[float, float, float, float]]:
    """The boxes of the pieces that are exactly this text, from top to bottom."""
    words = page.get_textpage()
    return [box for box in boxes_of(page) if str(words.get_text_bounded(*box)).strip() == text]

"""Texts as people paste them from Word, PDFs and messengers: read as they look, or refused.

Line ends of Word (vertical tab), of PDFs (form feed) and of Unicode are line ends; Word's hyphens
are hyphens; what isn't seen around a copied number is removed. A control character, or U+202E,
which turns around the text behind it, hides a part of the text from its reader: it is refused, by
its place. Letters and emoji that this Python's Unicode doesn't know yet are texts like others.
"""

import re
import unicodedata

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.pasted_text import StrangeCharacter, seen

_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_EMBEDDINGS = re.compile("[\u202a-\u202d\ufeff\x1f]")
"""Marks of direction around numbers from contacts and paths of Windows; a mark of byte order;
Word's optional hyphen."""
_WORD_HYPHEN = "\x1e"
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Control characters, a turn of direction, halves of characters, and what is none for ever."""


def read_text(text: str, refusal: Refusal, *, longest: int, shortest: int = 1) -> str:
    """A text in several lines. Raises `refusal`."""
    return _checked(_usual(text).strip(), refusal, shortest, longest)


def read_line(text: str, refusal: Refusal, *, longest: int, shortest: int = 1) -> str:
    """A text in one line, with single blanks. Raises `refusal`."""
    return _checked(" ".join(_usual(text).split()), refusal, shortest, longest)


def _usual(text: str) -> str:
    lines = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _EMBEDDINGS.sub("", lines.replace(_WORD_HYPHEN, "-")))


def _checked(text: str, refusal: Refusal, shortest: int, longest: int) -> str:
    """Refuse a text of another length, whose reader would see nothing, or not all of it."""
    hidden = _HIDDEN.search(text)
    refusal.strange = hidden and StrangeCharacter(hidden.start() + 1, hidden[0])
    if refusal.strange or not shortest <= len(seen(text).strip()) or len(text) > longest:
        raise refusal
    return text

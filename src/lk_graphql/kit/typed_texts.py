"""Reader of texts that people paste from Word, PDFs and messengers.

Line ends of Word (vertical tab), of PDFs (form feed) and of Unicode are line ends. Word's hyphens
are hyphens. Invisible marks around a copied number are removed. A control character, or U+202E,
which reverses the text after it, hides a part of the text from its reader. Such a text is refused,
and the refusal names the character's place. Letters and emoji that are newer than this Python's
Unicode are accepted like others.
"""

import re
import unicodedata

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.pasted_text import StrangeCharacter, strip_invisible

_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_EMBEDDINGS = re.compile("[\u202a-\u202d\ufeff\x1f]")
"""Direction marks around numbers from contacts and around Windows paths; the byte order mark;
Word's optional hyphen."""
_WORD_HYPHEN = "\x1e"
NO_TEXT = "\x00-\x08\x0e-\x1d\x7f-\x84\x86-\x9f\u202e\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
"""Control characters, a reversal of direction, lone surrogates, and Unicode's noncharacters, as a
set in a regular expression."""
_HIDDEN = re.compile(f"[{NO_TEXT}]")


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
    """Refuse a text that is too short or too long, or has hidden parts."""
    hidden = _HIDDEN.search(text)
    refusal.strange = hidden and StrangeCharacter(hidden.start() + 1, hidden[0])
    if refusal.strange or not shortest <= len(strip_invisible(text).strip()) or len(text) > longest:
        raise refusal
    return text

"""Normalization of text that people paste from messengers, PDFs and 1C.

Messengers wrap numbers in direction marks. PDFs break words by soft hyphens and put no-break spaces
between digits. All of these are invisible, so they are removed. A letter of another alphabet or a
digit of another script may be intended, or may come from a wrong conversion, so a refusal names the
character and its place.
"""

import re
import unicodedata
from typing import NamedTuple, Self

from lk_graphql.kit.languages import Language

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202d\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point, and annotation marks. U+202E, which reverses the text
after it, isn't removed: it isn't copied by chance, and the text differs from its display."""
_SMALL_NUMBERS = re.compile(
    "([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070\u2074-\u2079\u2080-\u2089\u2150-\u215f\u2189"
    "\u2460-\u249b\u24ea\u3250-\u325f\u32b1-\u32cb\u3358-\u33fe"
    "\U0001f100-\U0001f10a]+)"
)
"""Superscripts, fractions, circled numbers, units with an exponent: NFKC turns them into digits.

They mark footnotes, or stand for kopecks as on a price tag (`1234⁵⁰`). After NFKC, they would be
part of the number before them.
"""
_WORD = re.compile(r"[^\W_]+")
_LATIN, _CYRILLIC = re.compile("[A-Za-z]"), re.compile("[\u0400-\u04ff]")
_DIGIT_LOOK_ALIKES = "OoОоIlІЗз"
LOOK_ALIKES = "АВЕКМНОРСТУХ", "ABEKMHOPCTYX"
"""Capital letters that Cyrillic and Latin have in common, in this order."""
_HYPHENS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_ALPHABETS = {
    "CYRILLIC": ("кириллическая «{}»", "Cyrillic “{}”"),
    "LATIN": ("латинская «{}»", "Latin “{}”"),
    "GREEK": ("греческая «{}»", "Greek “{}”"),
}


def strip_invisible(text: str) -> str:
    """The text without invisible characters, in Unicode's composed form (NFC)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def to_compatible(text: str) -> str:
    """The text in compatibility form (NFKC): fullwidth digits become digits, for example.

    Small numbers, such as superscripts, are kept, so that a value that contains them is refused.
    """
    if text.isascii():
        return text
    parts = _SMALL_NUMBERS.split(_UNSEEN.sub("", text))
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return "".join(parts)


def identifier(text: str) -> str:
    """An account's number in its stored form, without blanks, dashes and invisible characters."""
    return _HYPHENS.sub("", to_compatible(text))


def strip_text(text: str) -> str:
    """A text without blanks around it and without invisible characters."""
    return strip_invisible(text).strip()


def code(text: str) -> str:
    """A typed code without the separators that people put between its groups.

    Digits of any script become ASCII digits, because some keyboards have only digits of their own
    script.
    """
    # twice, because a blank may have carried an accent
    bare = to_compatible(_HYPHENS.sub("", to_compatible(text)))
    return "".join(str(unicodedata.decimal(character, character)) for character in bare)


class StrangeCharacter(NamedTuple):
    """A character that a value can't have, and its place among the visible characters."""

    position: int
    character: str

    def behind(self, length: int) -> Self:
        """The same character in a text with `length` more characters before it."""
        return self._replace(position=self.position + length)

    def text(self, language: Language) -> str:
        """For example `знак 5 — кириллическая «О»`."""
        name = unicodedata.name(self.character, "").partition(" ")[0]
        ru, en = _ALPHABETS.get(name, ("«{}»", "“{}”"))
        if unicodedata.decimal(self.character, None) is not None and not self.character.isascii():
            ru, en = "цифра «{}» другого письма", "“{}”, a digit of another script"
        displayed = (
            self.character if self.character.isprintable() else f"U+{ord(self.character):04X}"
        )
        if language is Language.RU:
            return f"знак {self.position} — {ru.format(displayed)}"
        return f"character {self.position} is {en.format(displayed)}"


def find_strange(text: str, allowed: str) -> StrangeCharacter | None:
    """The first character of a folded text outside `allowed`, a set in a regular expression."""
    match = re.search(f"[^{allowed}]", text)
    return match and StrangeCharacter(match.start() + 1, match[0])


def find_mixed(text: str) -> StrangeCharacter | None:
    """The first letter of the rarer alphabet in a word with Cyrillic and Latin letters."""
    for word in _WORD.finditer(text):
        latin = [match.start() for match in _LATIN.finditer(word[0])]
        cyrillic = [match.start() for match in _CYRILLIC.finditer(word[0])]
        if latin and cyrillic:
            place = word.start() + (latin if len(latin) <= len(cyrillic) else cyrillic)[0]
            return StrangeCharacter(place + 1, text[place])
    return None


def find_look_alike(text: str) -> StrangeCharacter | None:
    """A character of an identifier that was probably typed in place of a similar one.

    The character is a digit of another script, a letter among letters of another alphabet, or a
    letter among digits that looks like a digit, such as the О in `80О5247586`.
    """
    for position, character in enumerate(text, start=1):
        if not character.isascii() and character.isdecimal():
            return StrangeCharacter(position, character)
    if mixed := find_mixed(text):
        return mixed
    letters = list(re.finditer(r"[^\W\d_]", text))
    if len(letters) == 1 and letters[0][0] in _DIGIT_LOOK_ALIKES and len(text) > _SHORT:
        return StrangeCharacter(letters[0].start() + 1, letters[0][0])
    return None


_SHORT = 4  # the length of a flat's number, which may have a letter

"""Names of people («ФИО»): how they are written, and when two of them are one person's."""

import re
import unicodedata
from enum import StrEnum

from lk_graphql.kit.errors import InvalidFormat

MAX_LENGTH = 60
"""Characters of one of the three names."""

_HYPHENS = re.compile(r" ?[-\u2010-\u2015\u2212] ?")
_APOSTROPHES = re.compile(r"[\u2018\u2019\u02bc\u0060\u00b4\u02b9]")
_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_NAME = re.compile(rf"{_WORD}(?:(?:\. ?| ){_WORD})*\.?")
_PUNCTUATION = re.compile(r"[-' .]")


class NameFault(StrEnum):
    """Why a text isn't a name."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    FOREIGN_CHARACTER = "FOREIGN_CHARACTER"
    """A digit, a sign, a letter that is neither Cyrillic nor Latin."""
    BAD_PUNCTUATION = "BAD_PUNCTUATION"
    """A hyphen, dot or apostrophe where no letter leads up to it."""
    MIXED_ALPHABETS = "MIXED_ALPHABETS"
    """Latin letters inside a Cyrillic word: it looks right and never matches the bill's."""


class NotAName(InvalidFormat[NameFault]):
    """Raised by `parse`."""


def parse(text: str) -> str:
    """One of last name, first name, patronymic: spaces collapsed, one hyphen, one apostrophe.

    Case is kept: whoever writes `фон Браун` means it. Raises `NotAName`.
    """
    if len(text) > 4 * MAX_LENGTH:
        raise NotAName(NameFault.TOO_LONG)
    name = _tidy(text)
    if not name:
        raise NotAName(NameFault.EMPTY)
    if len(name) > MAX_LENGTH:
        raise NotAName(NameFault.TOO_LONG)
    for word in _PUNCTUATION.split(name):
        _check_alphabet(word)
    if not _NAME.fullmatch(name):
        raise NotAName(NameFault.BAD_PUNCTUATION)
    return name


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFKC", _APOSTROPHES.sub("'", text))
    return _HYPHENS.sub("-", " ".join(composed.split()))


def _check_alphabet(word: str) -> None:
    alphabets = {_alphabet(letter) for letter in word}
    if None in alphabets:
        raise NotAName(NameFault.FOREIGN_CHARACTER)
    if len(alphabets) > 1:
        raise NotAName(NameFault.MIXED_ALPHABETS)


def _alphabet(character: str) -> str | None:
    alphabet = unicodedata.name(character, "").partition(" ")[0]
    return alphabet if alphabet in {"CYRILLIC", "LATIN"} and character.isalpha() else None


def comparison_key(name: str) -> str:
    """What is compared: `Иванова - Петрова` and `ИВАНОВА ПЕТРОВА`, `Фёдоров` and `Федоров`."""
    return _PUNCTUATION.sub("", _tidy(name)).upper().replace("Ё", "Е")

"""Names of people («ФИО»): normalization and comparison."""

import re
import unicodedata
from enum import StrEnum

from lk_graphql.kit.errors import InvalidFormat
from lk_graphql.kit.pasted_text import StrangeCharacter, find_mixed, to_compatible

MAX_LENGTH = 60
"""Characters of a last name, a first name or a patronymic."""

USUAL_CHARACTER = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u0481\u048a-\u052f' .-]"
"""The most common of the characters that `parse` accepts, for forms of clients."""

_HYPHENS = re.compile(r" ?[-\u2010-\u2015\u2212] ?")
_APOSTROPHES = re.compile(r"[\u2018\u2019\u02bc\u0060\u00b4\u02b9]")
_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_NAME = re.compile(rf"{_WORD}(?:(?:\. ?| ){_WORD})*\.?")
_PUNCTUATION, _WORDS = re.compile(r"[-' .]"), re.compile(r"[^-' .]+")


class NameFault(StrEnum):
    """The reason why a text isn't a valid name."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    FOREIGN_CHARACTER = "FOREIGN_CHARACTER"
    """A digit, a symbol, or a letter that is neither Cyrillic nor Latin."""
    BAD_PUNCTUATION = "BAD_PUNCTUATION"
    """A hyphen, dot or apostrophe that doesn't follow a letter."""
    MIXED_ALPHABETS = "MIXED_ALPHABETS"
    """Latin letters in a Cyrillic word, which would never match the name on a bill."""


class InvalidName(InvalidFormat[NameFault]):
    """The text isn't a valid name."""


def parse(text: str) -> str:
    """Normalize spaces, hyphens and apostrophes of a last name, first name or patronymic.

    Case is preserved (`фон Браун`). Raises `InvalidName`.
    """
    if len(text) > 4 * MAX_LENGTH:
        raise InvalidName(NameFault.TOO_LONG)
    name = _normalize(text)
    if not name:
        raise InvalidName(NameFault.EMPTY)
    if len(name) > MAX_LENGTH:
        raise InvalidName(NameFault.TOO_LONG)
    for word in _WORDS.finditer(name):
        _check_alphabet(word[0], place=word.start())
    if not _NAME.fullmatch(name):
        raise InvalidName(NameFault.BAD_PUNCTUATION)
    return name


def _normalize(text: str) -> str:
    composed = to_compatible(_APOSTROPHES.sub("'", text))
    return _HYPHENS.sub("-", " ".join(composed.split()))


def _check_alphabet(word: str, *, place: int) -> None:
    """Refuse foreign characters and mixed alphabets; `place` characters precede the word."""
    alphabets = [_alphabet(letter) for letter in word]
    if None in alphabets:
        foreign = alphabets.index(None)
        strange = StrangeCharacter(place + foreign + 1, word[foreign])
        raise InvalidName(NameFault.FOREIGN_CHARACTER, strange)
    if len(set(alphabets)) > 1:
        mixed = find_mixed(word)
        raise InvalidName(NameFault.MIXED_ALPHABETS, mixed and mixed.behind(place))


def _alphabet(character: str) -> str | None:
    alphabet = unicodedata.name(character, "").partition(" ")[0]
    return alphabet if alphabet in {"CYRILLIC", "LATIN"} and character.isalpha() else None


def salutation(first_name: str, patronymic: str | None) -> str:
    """First name and patronymic, the polite form of address in mails."""
    return " ".join(filter(None, (first_name, patronymic)))


def comparison_key(name: str) -> str:
    """A key that is equal for `Фёдоров` and `Федоров`, `Иванова-Петрова` and `ИВАНОВА ПЕТРОВА`."""
    return _PUNCTUATION.sub("", _normalize(name)).upper().replace("Ё", "Е")

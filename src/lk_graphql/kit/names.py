"""Names of people («ФИО»): how they are written, and when two of them are one person's."""

import re
import unicodedata
from enum import StrEnum

from lk_graphql.kit.malformed import Malformed

LONGEST = 60
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


class NotAName(Malformed[NameFault]):
    """Raised by `parse`."""


def parse(text: str) -> str:
    """One of last name, first name, patronymic: spaces collapsed, one hyphen, one apostrophe.

    Case is kept: whoever writes `фон Браун` means it. Raises `NotAName`.
    """
    if len(text) > 4 * LONGEST:
        raise NotAName(NameFault.TOO_LONG)
    name = _tidy(text)
    if not name:
        raise NotAName(NameFault.EMPTY)
    if len(name) > LONGEST:
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


def key(name: str) -> str:
    """What is compared: `Иванова - Петрова` and `ИВАНОВА ПЕТРОВА`, `Фёдоров` and `Федоров`."""
    return _PUNCTUATION.sub("", _tidy(name)).upper().replace("Ё", "Е")


def is_surname_of(surname: str, holder: str) -> bool:
    """Whether `holder`, as the billing system writes people, begins with `surname`.

    Billing writes `Камаев Александр Фёдорович`, `КАМАЕВ А.Ф.` or the surname alone. The whole
    surname has to stand there: `Иванова` isn't `Иванова-Петрова`.
    """
    return bool(_after_surname(surname, holder))


def is_same_person(surname: str, first_name: str, holder: str) -> bool:
    """As `is_surname_of`, and the first name fits too, or its initial where billing has no more."""
    return any(_fits(first_name, rest) for rest in _after_surname(surname, holder))


def _after_surname(surname: str, holder: str) -> list[list[str]]:
    """The words after the surname, for each way to see `surname` at the holder's beginning."""
    sought, words = key(surname), _tidy(holder).replace(".", ". ").split()
    full = next((i for i, word in enumerate(words) if i and _is_initial(word)), len(words))
    return [words[n:] for n in range(1, full + 1) if key("".join(words[:n])) == sought]


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1


def _fits(first_name: str, rest: list[str]) -> bool:
    if not rest:
        return False
    sought, found = key(first_name), key(rest[0])
    return sought == found or (_is_initial(rest[0]) and sought.startswith(found))

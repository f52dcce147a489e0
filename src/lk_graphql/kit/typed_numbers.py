"""Numbers as people type them: with a decimal comma, and blanks between thousands.

A text that isn't a number is a person's mistake, not an error of the client program. It becomes a
`UnreadableNumber` in the input. `api.root_fields` refuses it as data, with the field's path.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from lk_graphql.kit import money
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.pasted_text import StrangeCharacter, find_strange, to_compatible

T = TypeVar("T")

MONEY_PATTERN = r"-?([0-9]{1,15}|[0-9]{1,3}( [0-9]{3}){1,4})([.,][0-9]{1,2})?"
"""Rubles. Patterns are published, so they mean the same in Python and ECMAScript."""
QUANTITY_PATTERN = r"-?([0-9]{1,20}|[0-9]{1,3}( [0-9]{3}){1,5})([.,][0-9]{1,20})?"

_MINUS = re.compile("^[\u2010-\u2013\u2212]")
_CHARACTERS = r"0-9 .,-"


class NumberMalformed(Refusal):
    """The text isn't a number."""

    code = "NUMBER_MALFORMED"
    ru = "Напишите число цифрами, например 120 или 120,5."
    en = "Write a number in digits, such as 120 or 120.5."

    def __init__(self, *path: str, strange: StrangeCharacter | None = None) -> None:
        super().__init__(*path)
        self.strange = strange


class AmountMalformed(NumberMalformed):
    """The text isn't an amount of rubles and kopecks."""

    ru = "Напишите сумму цифрами: рубли и копейки, например 1234,56."
    en = "Write the amount in digits: rubles and kopecks, such as 1234.56."


@dataclass(frozen=True)
class UnreadableNumber:
    """A number of an input that couldn't be read."""

    refusal: type[NumberMalformed]
    strange: StrangeCharacter | None = None


def read_kopecks(text: str) -> int | UnreadableNumber:
    return _read(text, MONEY_PATTERN, money.to_kopecks, AmountMalformed)


def read_decimal(text: str) -> Decimal | UnreadableNumber:
    return _read(text, QUANTITY_PATTERN, Decimal, NumberMalformed)


def _read(
    text: str, pattern: str, parse: Callable[[str], T], refusal: type[NumberMalformed]
) -> T | UnreadableNumber:
    number = _MINUS.sub("-", to_compatible(text[:_MOST_CHARACTERS]).strip())
    if not re.fullmatch(pattern, number):
        return UnreadableNumber(refusal, find_strange(number, _CHARACTERS))
    return parse(number.replace(" ", "").replace(",", "."))


_MOST_CHARACTERS = 100  # more than the patterns allow, so that a truncated text matches none

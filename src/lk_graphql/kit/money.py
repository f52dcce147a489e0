"""Money: integer kopecks in Python and SQL, `"1234.56"` in the API."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Kopecks = NewType("Kopecks", int)


@dataclass(frozen=True)
class MoneyDetail:
    """An amount in a message's details; `formatting.format_value` adds the currency."""

    kopecks: int


_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")


def round_half_up(kopecks: Decimal) -> Kopecks:
    """Round to whole kopecks; halves are rounded away from zero."""
    return Kopecks(int(kopecks.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def to_rubles(kopecks: int) -> str:
    return f"{Decimal(kopecks).scaleb(-2):f}"


def to_kopecks(rubles: object) -> int:
    """Parse `"1234.56"`. Raises ValueError, even for a third decimal: amounts are never rounded.

    Exponents are refused, because `1e999999` would be a number of a million digits.
    """
    text = str(rubles)
    if not _AMOUNT.fullmatch(text):
        raise ValueError("Money has up to 15 digits of rubles and two decimals")
    return int(Decimal(text).scaleb(2))

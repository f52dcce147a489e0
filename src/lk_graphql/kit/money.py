"""Money is integer kopecks everywhere but on the wire, where it is `"1234.56"`."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Kopecks = NewType("Kopecks", int)

_WRITTEN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")


def round_half_up(kopecks: Decimal) -> Kopecks:
    """The one rounding of money: half a kopeck goes up, away from zero for both signs."""
    return Kopecks(int(kopecks.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def to_rubles(kopecks: int) -> str:
    return f"{Decimal(kopecks).scaleb(-2):f}"


def to_kopecks(rubles: object) -> int:
    """Read `"1234.56"`. Raises ValueError for a third decimal, which nobody may round away.

    An exponent isn't money either: `1e999999` would be a number of a million digits.
    """
    text = str(rubles)
    if not _WRITTEN.fullmatch(text):
        raise ValueError("Money is up to 15 digits of rubles and two decimals")
    return int(Decimal(text).scaleb(2))

"""Money is integer kopecks everywhere but on the wire, where it is `"1234.56"`."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Kopecks = NewType("Kopecks", int)


def round_half_up(kopecks: Decimal) -> Kopecks:
    """The one rounding of money: half a kopeck goes up, away from zero for both signs."""
    return Kopecks(int(kopecks.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def to_rubles(kopecks: int) -> str:
    return f"{Decimal(kopecks).scaleb(-2):f}"


def to_kopecks(rubles: object) -> int:
    """Read `"1234.56"`. Raises ValueError for a third decimal, which nobody may round away."""
    text = str(rubles)
    if len(text) > 20:
        raise ValueError("More digits than money has")
    kopecks = Decimal(text).scaleb(2)
    if not kopecks.is_finite() or kopecks != kopecks.to_integral_value():
        raise ValueError("Money has two decimals")
    return int(kopecks)

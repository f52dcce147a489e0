"""Sums of money in whole kopecks, and the one way of rounding and of dividing them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Number = Decimal | Fraction | int


def round_half_up(value: Number) -> int:
    """The nearest whole number; halves go away from zero (domain.md 2c, "half-up")."""
    exact = abs(Fraction(value))
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return whole if value >= 0 else -whole


def quantize(value: Number, unit: Decimal) -> Decimal:
    """The nearest multiple of `unit`."""
    return round_half_up(Fraction(value) / Fraction(unit)) * unit


def cost(kwh: Decimal, rubles_per_kwh: Decimal) -> int:
    """Kopecks for a volume: a line is rounded once."""
    return round_half_up(kwh * rubles_per_kwh * 100)


def in_proportion(total: Decimal, weights: Sequence[Number], unit: Decimal) -> list[Decimal]:
    """`total` in parts as the weights, each a multiple of `unit`, by the largest remainder.

    domain.md 2c: ranges of zoned meters, and tariffs that change inside a period.
    """
    shares = [Fraction(weight) for weight in weights]
    units, whole = Fraction(total) / Fraction(unit), sum(shares, Fraction(0))
    if not whole:
        return [total, *(Decimal(0) for _ in weights[1:])] if weights else []
    exact = [units * share / whole for share in shares]
    parts = [share.numerator // share.denominator for share in exact]
    rest = int(units) - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:rest]:
        parts[i] += 1
    return [part * unit for part in parts]


def vat_of(amount: int, percent: Decimal) -> int:
    """The VAT in a sum that includes it (prices for the population do, domain.md 2c)."""
    return round_half_up(Fraction(amount) * Fraction(percent) / (100 + Fraction(percent)))


def rubles(kopecks: int) -> str:
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02}"


def kopecks(text: str) -> int:
    """Raises `ValueError` if the text has parts of a kopeck."""
    exact = Decimal(text.replace(",", ".").replace(" ", "")) * 100
    if exact != int(exact):
        raise ValueError(text)
    return int(exact)

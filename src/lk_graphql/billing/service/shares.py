"""Dividing a volume so that the parts are whole and add up to it."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal


def finest_step(*volumes: Decimal) -> Decimal:
    """The last decimal place in which any of these is written: 1 for 12, 0.1 for 12.5."""
    exponents = [volume.normalize().as_tuple().exponent for volume in volumes]
    return Decimal(1).scaleb(min([0, *(e for e in exponents if isinstance(e, int))]))


def apportion(total: Decimal, weights: Sequence[Decimal], *, step: Decimal) -> list[Decimal]:
    """Parts of `total` in proportion to `weights`, each a multiple of `step`.

    Each part is the exact share rounded down; the steps left over go to those that lost most
    (the largest remainder), of equals to the first. `total` has to be a multiple of `step`.
    Raises ValueError when there is something to divide and nothing to divide it by.
    """
    whole = sum(weights, Decimal())
    if not total:
        return [Decimal() for _ in weights]
    if whole <= 0:
        raise ValueError("Nothing to divide by")
    if len(weights) == 1:
        return [total]
    exact = [total * weight / whole for weight in weights]
    parts = [(share / step).to_integral_value(ROUND_FLOOR) * step for share in exact]
    left = int((total - sum(parts, Decimal())) / step)
    losers = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in losers[:left]:
        parts[i] += step
    return parts

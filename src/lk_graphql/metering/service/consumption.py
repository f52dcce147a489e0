"""How much energy lies between two readings: plain arithmetic, in Decimal kilowatt-hours."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from lk_graphql.metering.errors import BelowPrevious, TooManyDecimals, TooManyDigits


@dataclass(frozen=True)
class Scale:
    """A register's dial: its digits on both sides of the point.

    `ratio` is that of the current transformers before the meter («коэффициент трансформации»):
    1 in a household.
    """

    digits: int
    fraction_digits: int = 0
    ratio: Decimal = Decimal(1)

    @cached_property
    def turn(self) -> Decimal:
        """One full turn of the dial, in its own units: 100000 for five digits."""
        return Decimal(10) ** self.digits

    @property
    def step(self) -> Decimal:
        """The smallest difference that it shows: 0.1 with one digit behind the point."""
        return Decimal(1).scaleb(-self.fraction_digits)

    def passed(self, earlier: Decimal, later: Decimal) -> Decimal:
        """The energy between two accepted values, the ratio included.

        Of the dial's two ways from one to the other it is the shorter: forward over its end, or
        back where an estimate had been too high. `monthly_consumption` counts in the same way.
        """
        step = later - earlier
        if 2 * abs(step) > self.turn:
            step += self.turn if step < 0 else -self.turn
        return step * self.ratio

    def check(self, value: Decimal) -> None:
        """Raise `TooManyDigits` or `TooManyDecimals` for what this dial can't show."""
        if not 0 <= value < self.turn:
            raise TooManyDigits(digits=self.digits)
        if value != round(value, self.fraction_digits):
            raise TooManyDecimals(decimals=self.fraction_digits)


@dataclass(frozen=True)
class Span:
    """What one register showed at the two ends of some time."""

    opening: Decimal
    closing: Decimal
    scale: Scale


@dataclass(frozen=True)
class Consumption:
    """`rolled_over` when the dial has passed its end and begun again from zero."""

    kwh: Decimal
    rolled_over: bool = False


def physical_limit(days: int, *, power_kw: Decimal) -> Decimal:
    """The kWh that can pass at most: the allowed power around the clock, for so many days."""
    return power_kw * 24 * days


def consumed(span: Span, *, plausible_kwh: Decimal) -> Consumption:
    """The energy of a span, times the ratio.

    A closing value below the opening one is a turn of the dial («переход через ноль»), if that
    makes no more than `plausible_kwh`; else it raises `BelowPrevious`.
    """
    difference = span.closing - span.opening
    if difference >= 0:
        return Consumption(difference * span.scale.ratio)
    turned = (difference + span.scale.turn) * span.scale.ratio
    if turned > plausible_kwh:
        raise BelowPrevious(value=span.closing, previous=span.opening)
    return Consumption(turned, rolled_over=True)

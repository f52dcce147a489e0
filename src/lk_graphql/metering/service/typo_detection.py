"""Detection of typical copying mistakes in a reading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from lk_graphql.metering.models import Mistake
from lk_graphql.metering.service.consumption import Scale


@dataclass(frozen=True)
class TypedReading:
    """A number as it was given, and what would have been no surprise.

    `most_kwh` is how much may have passed since the reading before; `expected` the value that the
    usual consumption would have led to.
    """

    value: Decimal
    previous: Decimal
    scale: Scale
    most_kwh: Decimal
    expected: Decimal

    def fits(self, value: Decimal) -> bool:
        """Whether a value would have been taken without a question."""
        if not 0 <= value < self.scale.turn or value == self.value:
            return False
        return 0 <= (value - self.previous) * self.scale.ratio <= self.most_kwh

    def nearest(self, values: Iterator[Decimal]) -> Decimal | None:
        """Of the values that fit the one nearest to what was expected."""
        fitting = [value for value in values if self.fits(value)]
        return min(fitting, key=lambda value: abs(value - self.expected), default=None)


@dataclass(frozen=True)
class Correction:
    """A mistake that explains a value, and the value without it."""

    mistake: Mistake
    value: Decimal


def detect(reading: TypedReading, others: Sequence[TypedReading] = ()) -> Correction | None:
    """The first mistake that explains the value, the commonest first.

    `others` are the numbers of the same meter's other zones, as they were given.
    """
    if reading.value < 0:
        return None
    for other in others:
        if reading.fits(other.value) and other.fits(reading.value):
            return Correction(Mistake.SWAPPED_ZONES, other.value)
    for mistake, readings_of in _DETECTORS.items():
        value = reading.nearest(map(Decimal, readings_of(_digits(reading.value), reading)))
        if value is not None:
            return Correction(mistake, value)
    return None


def _without_comma(digits: str, reading: TypedReading) -> Iterator[str]:
    """The digits behind the comma were copied, the comma was not."""
    for decimals in (1, 2, 3):
        if len(digits) > decimals:
            meant = Decimal(digits).scaleb(-decimals)
            yield str(meant.quantize(reading.scale.step, ROUND_DOWN))


def _transposed(digits: str, reading: TypedReading) -> Iterator[str]:
    if len(digits) == len(_digits(reading.expected)):
        for i in range(len(digits) - 1):
            yield digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]


def _with_one_more(digits: str, reading: TypedReading) -> Iterator[str]:
    if len(digits) < len(_digits(reading.expected)):
        for i in range(len(digits) + 1):
            yield from (digits[:i] + str(digit) + digits[i:] for digit in range(10))


def _with_one_less(digits: str, reading: TypedReading) -> Iterator[str]:
    if len(digits) > len(_digits(reading.expected)):
        yield from (digits[:i] + digits[i + 1 :] for i in range(len(digits)))


_DETECTORS: Mapping[Mistake, Callable[[str, TypedReading], Iterator[str]]] = {
    Mistake.DECIMAL_COMMA: _without_comma,
    Mistake.TRANSPOSED_DIGITS: _transposed,
    Mistake.MISSING_DIGIT: _with_one_more,
    Mistake.EXTRA_DIGIT: _with_one_less,
}


def _digits(value: Decimal) -> str:
    """Those before the point."""
    return str(int(value))

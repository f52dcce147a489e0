"""Detection of typing mistakes that explain an unusual reading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from lk_graphql.metering.models import Mistake
from lk_graphql.metering.service.consumption import Expectation, Scale


@dataclass(frozen=True)
class Correction:
    """A mistake that explains a value, and the value without it."""

    mistake: Mistake
    value: Decimal


def correction(
    key: UUID, value: Decimal, meter: Mapping[UUID, tuple[Expectation, Decimal]]
) -> Correction | None:
    """Return the typo that explains a value; `meter` has its registers and their new values."""
    others = [
        _typed_reading(expectation, typed_value)
        for register_id, (expectation, typed_value) in meter.items()
        if register_id != key
    ]
    return detect(_typed_reading(meter[key][0], value), others)


@dataclass(frozen=True)
class TypedReading:
    """A submitted value with the range of plausible ones.

    `most_kwh` is the largest consumption since the previous reading that needs no confirmation,
    `expected` is the value that the usual consumption leads to.
    """

    value: Decimal
    previous: Decimal
    scale: Scale
    most_kwh: Decimal
    expected: Decimal

    def fits(self, value: Decimal) -> bool:
        """Return True if another value would be accepted without a confirmation."""
        if not 0 <= value < self.scale.turn or value == self.value:
            return False
        return 0 <= (value - self.previous) * self.scale.ratio <= self.most_kwh

    def nearest(self, values: Iterator[Decimal]) -> Decimal | None:
        """The fitting value nearest to the expected one."""
        candidates = [value for value in values if self.fits(value)]
        return min(candidates, key=lambda value: abs(value - self.expected), default=None)


def detect(reading: TypedReading, others: Sequence[TypedReading] = ()) -> Correction | None:
    """Return the first mistake that explains the value; frequent mistakes are tried first.

    `others` are the submitted values of the meter's other zones.
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


def _typed_reading(expectation: Expectation, value: Decimal) -> TypedReading:
    """Return the value as input of `detect`."""
    previous, scale = expectation.previous.value, expectation.scale
    usual_value = previous + (expectation.usual.average or Decimal()) / scale.ratio
    return TypedReading(value, previous, scale, expectation.most_kwh, usual_value)


def _without_comma(digits: str, reading: TypedReading) -> Iterator[str]:
    """The possible values if the last one to three digits are decimals without a comma."""
    for decimals in (1, 2, 3):
        if len(digits) > decimals:
            number = Decimal(digits).scaleb(-decimals)
            yield str(number.quantize(reading.scale.step, ROUND_DOWN))


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
    """The digits before the decimal point."""
    return str(int(value))

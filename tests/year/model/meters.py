"""Meters, their registers and readings, and the volumes that follow from them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .days import last_day, later, month_of, months_between

ESTIMATED = "ESTIMATED"


@dataclass(frozen=True)
class Reading:
    """A reading that counts for `period`: of several, the last one that was taken."""

    value: Decimal
    taken_on: date
    period: date
    source: str
    is_start: bool = False
    """Whether the meter began to count with it, so that nothing passed before."""


@dataclass
class Register:
    """A counter of a meter. The zone says which; its place and label don't (domain.md 2a)."""

    zone: str
    position: int
    label: str
    digits: int
    fraction_digits: int = 0
    readings: list[Reading] = field(default_factory=list[Reading])

    @property
    def unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.fraction_digits)

    @property
    def full_scale(self) -> int:
        return 10**self.digits

    def counted(self) -> list[Reading]:
        """One reading a month, and starts: what bills are made of, in their order.

        One that was read counts before an estimate, then the last one (domain.md 2a).
        """
        newest: dict[tuple[date, bool], Reading] = {}
        for reading in sorted(self.readings, key=lambda r: (r.source != ESTIMATED, r.taken_on)):
            newest[reading.period, reading.is_start] = reading
        return sorted(newest.values(), key=lambda r: (r.period, not r.is_start))

    def before(self, period: date) -> Reading | None:
        """The reading from which the month counts: an estimate, too, and the start in it."""
        rows = [row for row in self.counted() if row.period < period]
        starts = [row for row in self.counted() if row.is_start and row.period == period]
        return (starts or rows[-1:] or [None])[0]

    def of_month(self, period: date) -> Reading | None:
        """The reading that ends the month, unless it is the estimate of an earlier close."""
        rows = [row for row in self.counted() if row.period == period and not row.is_start]
        return rows[0] if rows and rows[0].source != ESTIMATED else None

    def passed(self, previous: Reading, value: Decimal) -> Decimal:
        """Kilowatt-hours on the dial between two readings.

        From a value that was read the dial runs forward, through zero if it has to (domain.md 2a:
        of five digits 99990 to 12 are 22). An estimate may have been too high: from it the
        shorter way counts, backwards as well.
        """
        difference = value - previous.value
        forward = difference if difference >= 0 else difference + self.full_scale
        is_backward = previous.source == ESTIMATED and forward > Decimal(self.full_scale) / 2
        return forward - self.full_scale if is_backward else forward

    def months_read(self, before: date) -> list[Decimal]:
        """The dial's count in each month before `before` that readings cover, oldest first.

        A reading after some months without one covers them all, in equal parts.
        """
        months: list[Decimal] = []
        read = [r for r in self.counted() if r.source != ESTIMATED and r.period < before]
        for first, last in pairwise(read):
            if not last.is_start:
                number = max(months_between(first.period, last.period), 1)
                months += [self.passed(first, last.value) / number] * number
        return months

    def months_unread(self, period: date) -> int:
        """Months in a row just before `period` for which the readings were estimated."""
        number = 0
        for reading in reversed([r for r in self.counted() if r.period < period]):
            if reading.source != ESTIMATED:
                break
            number += 1
        return number


@dataclass
class Meter:
    """A meter with its passport; one that was taken off stays, with the day."""

    serial: str
    model: str
    installed_on: date
    registers: list[Register]
    ratio: Decimal = Decimal(1)
    accuracy_class: str = "1"
    removed_on: date | None = None
    verified_on: date | None = None
    verification_interval_years: int | None = None
    next_verification_on: date | None = None
    seal_number: str = ""
    sealed_on: date | None = None
    reports_itself: bool = False

    def is_there(self, period: date) -> bool:
        """Whether it was in its place on a day of the month."""
        return self.installed_on <= last_day(period) and (
            self.removed_on is None or self.removed_on >= period
        )

    def counts_on(self, day: date) -> bool:
        """Whether a reading of this day is billed.

        After its verification has run out a meter is treated as out of order (ПП 354 п. 59 а,
        п. 81(12), domain.md 2a): its readings don't count until it is verified again.
        """
        return self.next_verification_on is None or day <= self.next_verification_on

    def verify(self, day: date) -> None:
        self.verified_on = day
        if years := self.verification_interval_years:
            month = later(month_of(day), 12 * years)
            self.next_verification_on = month.replace(day=min(day.day, last_day(month).day))

    def register(self, zone: str) -> Register:
        return next(register for register in self.registers if register.zone == zone)

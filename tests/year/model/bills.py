"""Bills («платёжный документ», ПП 354 п. 69): one for an account and a month, with its parts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ENERGY = "ENERGY"
RAISING_FACTOR = "RAISING_FACTOR"
RECALCULATION = "RECALCULATION"
SERVICE = "Электроснабжение"


@dataclass(frozen=True)
class Line:
    """A charge for a zone and range at a price, or a correction with its reason."""

    kind: str
    amount: int
    zone: str | None = None
    range_number: int | None = None
    kwh: Decimal | None = None
    price: Decimal | None = None
    basis: str | None = None
    factor: Decimal | None = None
    reason: str = ""
    reason_code: str | None = None
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str = ""


@dataclass(frozen=True)
class PenaltyRow:
    """Days of one debt at one rate. One that was billed in error comes again, below zero."""

    for_period: date
    debt: int
    first_day: date
    last_day: date
    rate_percent: Decimal
    divisor: int
    amount: int
    is_written_off: bool = False


@dataclass(frozen=True)
class Usage:
    """Kilowatt-hours of a register in a month, and the readings they lie between, if read."""

    serial: str
    zone: str
    kwh: Decimal
    basis: str
    previous_on: date | None = None
    current_on: date | None = None
    previous_value: Decimal | None = None
    current_value: Decimal | None = None


@dataclass(frozen=True)
class Correction:
    """Money or penalty that billing corrects by hand in the month's bill."""

    period: date
    amount: int
    reason: str
    reason_code: str = "OTHER"
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str = ""
    is_penalty: bool = False

    def line(self) -> Line:
        return Line(
            RECALCULATION,
            self.amount,
            reason=self.reason,
            reason_code=self.reason_code,
            corrects_from=self.corrects_from,
            corrects_to=self.corrects_to,
            document=self.document,
        )


@dataclass(frozen=True)
class Bill:
    """A bill as it was issued. What was true in its month is kept with it (names, address)."""

    account: str
    number: str
    period: date
    issued_on: date
    due_on: date
    opening: int
    paid: int
    closing: int
    closing_penalty: int
    lines: tuple[Line, ...]
    penalties: tuple[PenaltyRow, ...]
    usages: tuple[Usage, ...]
    gis_document_id: str
    holder: str
    address: str
    category: str
    residents: int
    version: int = 1

    @property
    def charged(self) -> int:
        return sum(line.amount for line in self.lines if line.kind != RECALCULATION)

    @property
    def recalculated(self) -> int:
        return sum(line.amount for line in self.lines if line.kind == RECALCULATION)

    @property
    def penalty(self) -> int:
        return sum(row.amount for row in self.penalties)

    @property
    def total(self) -> int:
        return self.charged + self.recalculated + self.penalty

    @property
    def kwh(self) -> Decimal:
        """Of the month's energy; what corrects earlier months isn't the month's."""
        return sum(
            (line.kwh for line in self.lines if line.kind == ENERGY and line.kwh), Decimal(0)
        )

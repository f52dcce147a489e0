"""What is known of an account's registers before new readings of them are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.anomalies import AnomalyTerms, Expectation
from lk_graphql.metering.service.consumption import Scale
from lk_graphql.metering.service.history import Known, Months


class Sent(NamedTuple):
    """What the customer has sent before: it counts (`is_accepted`), or waits."""

    id: UUID
    is_accepted: bool


@dataclass(frozen=True)
class KnownRegister:
    """A register, and what counts for a new reading of the period.

    `read` is the last time that somebody looked, `counted` what bills count from: estimates too.
    Both leave out what was `sent` for the same period, since a new reading replaces it.
    `estimated_before` counts the months in a row before it that were estimated.
    """

    id: UUID
    meter_id: UUID
    zone: Zone
    label: str
    scale: Scale
    read: Known | None
    counted: Known | None
    removed_on: date | None = None
    reports_itself: bool = False
    sent: Sequence[Sent] = ()
    estimated_before: int = 0


@dataclass(frozen=True)
class Book:
    """What is known of an account before new readings of `period`, taken on `taken_on`.

    `refused` is why none is taken at all.
    """

    registers: Mapping[UUID, KnownRegister]
    history: Mapping[Zone, Months]
    period: date
    taken_on: date
    norm_kwh: Decimal | None
    terms: AnomalyTerms | None
    refused: Refusal | None = None

    def expectation(self, one: KnownRegister) -> Expectation | None:
        """None for a register that nobody has read, and where no rule says what is too much."""
        if one.read is None or self.terms is None:
            return None
        known = self.history.get(one.zone, {})
        return Expectation(
            one.scale, one.read, self.period, self.taken_on, known, self.norm_kwh, self.terms
        )

"""The checks of readings, in the order in which they are made; the first fault is the one told.

Plain arithmetic over what `service.books` has read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.metering import errors
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.anomalies import (
    ASKED_ABOUT,
    AnomalyTerms,
    Expectation,
    Finding,
    correction,
    findings,
)
from lk_graphql.metering.service.consumption import Consumption, Scale, Span, consumed
from lk_graphql.metering.service.history import Known, Months
from lk_graphql.metering.service.mistakes import Correction

ROOTS = frozenset({"accountId", "takenAt"})
"""Input fields that all entries have in common."""


@dataclass(frozen=True)
class KnownRegister:
    """A register, and what counts for a new reading of the period.

    `read` is the last time that somebody looked, `counted` what bills count from: estimates too.
    Both leave out what the customer sent for the same period, since a new reading replaces it;
    `is_given` says that there is such a reading. `estimated_before` counts the months in a row
    before it that were estimated.
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
    is_given: bool = False
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


@dataclass(frozen=True)
class Entry:
    """What a customer says that a register shows, and a photo of it.

    Without a register's key the id given was no register's. A photo whose id was no upload's is
    `kit.ids.NO_KEY`.
    """

    register_id: UUID | None
    value: Decimal
    photo: UUID | None = None


@dataclass(frozen=True)
class Checked:
    """An entry and what came of the checks; `kwh` is what would be billed for it."""

    entry: Entry
    register: KnownRegister | None = None
    fault: Refusal | None = None
    consumed: Consumption | None = None
    kwh: Decimal | None = None
    findings: Sequence[Finding] = field(default=())
    correction: Correction | None = None

    @property
    def needs_confirmation(self) -> bool:
        return any(finding.kind in ASKED_ABOUT for finding in self.findings)


def located(fault: Refusal, number: int) -> tuple[str, ...]:
    """The path of an entry's fault from the input's root."""
    return fault.path if fault.path[0] in ROOTS else ("entries", str(number), *fault.path)


def check(book: Book, entries: Sequence[Entry], *, partial: bool) -> list[Checked]:
    """Each entry with its first fault, or with what it would mean.

    `partial`: the customer knows that zones are missing.
    """
    return [
        _check(book, entry, _Around(book, entries, index, partial=partial))
        for index, entry in enumerate(entries)
    ]


@dataclass(frozen=True)
class _Around:
    """An entry's place among the others."""

    book: Book
    entries: Sequence[Entry]
    index: int
    partial: bool = field(kw_only=True)

    @property
    def is_repeated(self) -> bool:
        mine = self.entries[self.index].register_id
        return any(entry.register_id == mine for entry in self.entries[: self.index])

    def of_meter(self, meter_id: UUID) -> list[KnownRegister]:
        return [one for one in self.book.registers.values() if one.meter_id == meter_id]

    def missing(self, meter_id: UUID) -> list[str]:
        """The labels of zones that are neither given now nor have been."""
        given = {entry.register_id for entry in self.entries}
        registers = self.of_meter(meter_id)
        return [one.label for one in registers if one.id not in given and not one.is_given]

    def values(self, meter_id: UUID) -> dict[UUID, tuple[Expectation, Decimal]]:
        """The meter's registers that are given now, with what is expected of them."""
        given = {entry.register_id: entry.value for entry in self.entries}
        return {
            one.id: (expected, given[one.id])
            for one in self.of_meter(meter_id)
            if one.id in given and (expected := self.book.expectation(one))
        }


def _check(book: Book, entry: Entry, around: _Around) -> Checked:
    one = book.registers.get(entry.register_id) if entry.register_id else None
    try:
        if one is None:
            raise errors.RegisterNotFound("registerId")
        if around.is_repeated:
            raise errors.RegisterRepeated("registerId")
        _check_meter(one, book)
        _check_day(one, book)
        if not around.partial and (labels := around.missing(one.meter_id)):
            raise errors.ZonesMissing("registerId", labels=", ".join(labels))
        one.scale.check(entry.value)
    except errors.TooManyDigits as fault:
        return _explained(entry, one, fault, around)
    except Refusal as fault:
        return Checked(entry, one, fault if fault.path else fault.under("value"))
    return _weighed(book, entry, one, around)


def _check_meter(one: KnownRegister, book: Book) -> None:
    if one.removed_on is not None:
        raise errors.MeterRemoved("registerId", removed_on=one.removed_on)
    if one.reports_itself:
        raise errors.MeterReportsItself("registerId")
    if book.refused is not None:
        raise book.refused


def _check_day(one: KnownRegister, book: Book) -> None:
    """No reading of the register may have been taken later, or on the same day for this period."""
    last = one.counted
    if last and (last.taken_on, last.period) >= (book.taken_on, book.period):
        raise errors.TakenBeforePrevious("takenAt", taken_on=last.taken_on)


def _weighed(book: Book, entry: Entry, one: KnownRegister, around: _Around) -> Checked:
    """How much passed, and whether that is worth a second look."""
    expected = book.expectation(one)
    if expected is None or one.counted is None:
        return Checked(entry, one)
    span = Span(expected.previous.value, entry.value, one.scale)
    try:
        passed = consumed(span, plausible_kwh=expected.possible_kwh)
    except errors.BelowPrevious as fault:
        return _explained(entry, one, fault, around)
    meant = correction(one.id, entry.value, around.values(one.meter_id))
    estimated = one.scale.passed(expected.previous.value, one.counted.value)
    return Checked(
        entry,
        one,
        consumed=passed,
        kwh=passed.kwh - estimated,
        findings=findings(expected, passed, meant),
    )


def _explained(entry: Entry, one: KnownRegister | None, fault: Refusal, around: _Around) -> Checked:
    """A refused value with what was probably meant."""
    values = around.values(one.meter_id) if one else {}
    meant = correction(one.id, entry.value, values) if one and one.id in values else None
    return Checked(entry, one, fault.under("value"), correction=meant)

"""The checks of readings, in the order in which they are made; the first fault is the one told.

Plain arithmetic over what `service.books` has read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.metering import errors
from lk_graphql.metering.service.anomalies import (
    ASKED_ABOUT,
    Expectation,
    Finding,
    correction,
    findings,
)
from lk_graphql.metering.service.consumption import Consumption, Span, consumed
from lk_graphql.metering.service.known import Book, KnownRegister
from lk_graphql.metering.service.mistakes import Correction

ROOTS = frozenset({"accountId", "takenAt"})
"""Input fields that all entries have in common."""


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


def are_ordinary(book: Book, entries: Iterable[Entry]) -> bool:
    """Whether `book.history` can't matter to any of them."""
    for entry in entries:
        one = entry.register_id and book.registers.get(entry.register_id)
        expected = one and book.expectation(one)
        if expected and not expected.is_ordinary(entry.value):
            return False
    return True


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
        return [one.label for one in registers if one.id not in given and not one.sent]

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
    estimated = one.scale.passed(expected.previous.value, one.counted.value)
    found = () if expected.is_ordinary(entry.value) else _found(entry, one, passed, around)
    return Checked(entry, one, consumed=passed, kwh=passed.kwh - estimated, findings=found)


def _found(
    entry: Entry, one: KnownRegister, passed: Consumption, around: _Around
) -> Sequence[Finding]:
    values = around.values(one.meter_id)
    expected, _ = values[one.id]
    meant = correction(one.id, entry.value, values) if passed.kwh > expected.most_kwh else None
    return findings(expected, passed, meant)


def _explained(entry: Entry, one: KnownRegister | None, fault: Refusal, around: _Around) -> Checked:
    """A refused value with what was probably meant."""
    values = around.values(one.meter_id) if one else {}
    meant = correction(one.id, entry.value, values) if one and one.id in values else None
    return Checked(entry, one, fault.under("value"), correction=meant)

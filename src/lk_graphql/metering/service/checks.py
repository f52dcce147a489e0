"""Checks of readings: the snapshot they need, anomaly findings, and the checks in order.

Plain arithmetic over what `service.books` has read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.periods import months_between
from lk_graphql.metering import errors
from lk_graphql.metering.models import FindingKind, Zone
from lk_graphql.metering.service.consumption import (
    Consumption,
    KnownReading,
    Month,
    Months,
    Scale,
    Span,
    UsualConsumption,
    consumed,
    physical_limit,
    typical,
    usual,
)
from lk_graphql.metering.service.typo_detection import Correction, TypedReading, detect

NEEDS_CONFIRMATION = frozenset({FindingKind.ABOVE_USUAL, FindingKind.ABOVE_POSSIBLE})
"""What a customer has to confirm; the others are only told."""


@dataclass(frozen=True)
class AnomalyThresholds:
    """A dated row: see `AnomalyRule`."""

    usual_times: Decimal
    usual_months: int
    least_months: int
    allowed_kw: Decimal


@dataclass(frozen=True)
class Finding:
    """See `ReadingFinding`."""

    kind: FindingKind
    consumed_kwh: Decimal
    usual_kwh: Decimal | None = None
    season_kwh: Decimal | None = None
    limit_kwh: Decimal | None = None
    correction: Correction | None = None
    typical: Sequence[Month] = ()


@dataclass(frozen=True)
class Expectation:
    """What is known of a register's zone before a new reading of `period`, taken on `taken_on`.

    `norm_kwh` is the household's for a month, None where no order says it.
    """

    scale: Scale
    previous: KnownReading
    period: date
    taken_on: date
    history: Months
    norm_kwh: Decimal | None
    terms: AnomalyThresholds

    @property
    def months(self) -> int:
        """How many months the new reading stands for: more after some without any."""
        return max(1, months_between(self.previous.period, self.period))

    @property
    def days(self) -> int:
        return max(1, (self.taken_on - self.previous.taken_on).days)

    @property
    def possible_kwh(self) -> Decimal:
        return physical_limit(self.days, power_kw=self.terms.allowed_kw) * self.scale.ratio

    @property
    def ordinary_kwh(self) -> Decimal:
        """Up to this much nothing is unusual, whatever the months before were like."""
        return min((self.norm_kwh or Decimal()) * self.months, self.possible_kwh)

    def is_ordinary(self, value: Decimal) -> bool:
        """Whether nothing could be told of a value: then nobody has to know `known`."""
        passed = (value - self.previous.value) * self.scale.ratio
        return 0 < passed <= self.ordinary_kwh and value < self.scale.turn

    @cached_property
    def usual(self) -> UsualConsumption:
        """For all its months; the season is that of the last one."""
        terms = self.terms
        month = usual(
            self.history,
            self.period,
            usual_months=terms.usual_months,
            least_months=terms.least_months,
        )
        return UsualConsumption(
            *(kwh and kwh * self.months for kwh in (month.average, month.season))
        )

    @property
    def typical(self) -> Sequence[Month]:
        """The months that speak for `usual`."""
        return typical(self.history, self.period, usual_months=self.terms.usual_months)

    @cached_property
    def limit_kwh(self) -> Decimal:
        """Up to this much is nothing unusual.

        Where the season is known it can raise the limit, never lower it: nobody is asked about a
        January because of a July. Too few months known: the norm takes the average's place.
        """
        norm, usual = (self.norm_kwh or Decimal()) * self.months, self.usual
        usually = norm if usual.average is None else max(usual.average, usual.season or Decimal())
        return max(norm, self.terms.usual_times * usually) or self.possible_kwh

    @property
    def most_kwh(self) -> Decimal:
        """More than this is asked about."""
        return min(self.limit_kwh, self.possible_kwh)

    def typed_reading(self, value: Decimal) -> TypedReading:
        """The value as somebody may have copied it wrongly."""
        expected = self.previous.value + (self.usual.average or Decimal()) / self.scale.ratio
        return TypedReading(value, self.previous.value, self.scale, self.most_kwh, expected)


def correction(
    key: UUID, value: Decimal, around: Mapping[UUID, tuple[Expectation, Decimal]]
) -> Correction | None:
    """What was probably meant; `around` are all registers of the meter with their new values."""
    others = [
        there.typed_reading(given) for other, (there, given) in around.items() if other != key
    ]
    return detect(around[key][0].typed_reading(value), others)


def findings(
    expected: Expectation, consumed: Consumption, meant: Correction | None
) -> Sequence[Finding]:
    """What is worth telling; `meant` is the correction to propose where it is too much."""
    kwh, usual, found = consumed.kwh, expected.usual, list[Finding]()
    if consumed.rolled_over:
        found.append(Finding(FindingKind.ROLLED_OVER, kwh))
    if kwh == 0 and usual.average:
        found.append(
            Finding(
                FindingKind.NOTHING_USED,
                kwh,
                usual.average,
                usual.season,
                typical=expected.typical,
            )
        )
    for kind, limit in (
        (FindingKind.ABOVE_POSSIBLE, expected.possible_kwh),
        (FindingKind.ABOVE_USUAL, expected.limit_kwh),
    ):
        if kwh > limit:
            evidence = expected.typical
            found.append(Finding(kind, kwh, usual.average, usual.season, limit, meant, evidence))
            break
    return found


class SubmittedReading(NamedTuple):
    """What the customer has sent before: it counts (`is_accepted`), or waits."""

    id: UUID
    is_accepted: bool


@dataclass(frozen=True)
class RegisterSnapshot:
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
    read: KnownReading | None
    counted: KnownReading | None
    removed_on: date | None = None
    reports_itself: bool = False
    submitted: Sequence[SubmittedReading] = ()
    estimated_before: int = 0


@dataclass(frozen=True)
class MeteringSnapshot:
    """What is known of an account before new readings of `period`, taken on `taken_on`.

    `refused` is why none is taken at all.
    """

    registers: Mapping[UUID, RegisterSnapshot]
    history: Mapping[Zone, Months]
    period: date
    taken_on: date
    norm_kwh: Decimal | None
    terms: AnomalyThresholds | None
    refused: Refusal | None = None

    def expectation(self, one: RegisterSnapshot) -> Expectation | None:
        """None for a register that nobody has read, and where no rule says what is too much."""
        if one.read is None or self.terms is None:
            return None
        known = self.history.get(one.zone, {})
        return Expectation(
            one.scale, one.read, self.period, self.taken_on, known, self.norm_kwh, self.terms
        )


REQUEST_FIELDS = frozenset({"accountId", "takenAt"})
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
    register: RegisterSnapshot | None = None
    fault: Refusal | None = None
    consumed: Consumption | None = None
    kwh: Decimal | None = None
    findings: Sequence[Finding] = field(default=())
    correction: Correction | None = None

    @property
    def needs_confirmation(self) -> bool:
        return any(finding.kind in NEEDS_CONFIRMATION for finding in self.findings)


def with_path(fault: Refusal, number: int) -> tuple[str, ...]:
    """The path of an entry's fault from the input's root."""
    return fault.path if fault.path[0] in REQUEST_FIELDS else ("entries", str(number), *fault.path)


def are_ordinary(snapshot: MeteringSnapshot, entries: Iterable[Entry]) -> bool:
    """Whether `book.history` can't matter to any of them."""
    for entry in entries:
        one = entry.register_id and snapshot.registers.get(entry.register_id)
        expected = one and snapshot.expectation(one)
        if expected and not expected.is_ordinary(entry.value):
            return False
    return True


def check(snapshot: MeteringSnapshot, entries: Sequence[Entry], *, partial: bool) -> list[Checked]:
    """Each entry with its first fault, or with what it would mean.

    `partial`: the customer knows that zones are missing.
    """
    return [
        _check(snapshot, entry, _EntryContext(snapshot, entries, index, partial=partial))
        for index, entry in enumerate(entries)
    ]


@dataclass(frozen=True)
class _EntryContext:
    """An entry's place among the others."""

    snapshot: MeteringSnapshot
    entries: Sequence[Entry]
    index: int
    partial: bool = field(kw_only=True)

    @property
    def is_repeated(self) -> bool:
        mine = self.entries[self.index].register_id
        return any(entry.register_id == mine for entry in self.entries[: self.index])

    def of_meter(self, meter_id: UUID) -> list[RegisterSnapshot]:
        return [one for one in self.snapshot.registers.values() if one.meter_id == meter_id]

    def missing(self, meter_id: UUID) -> list[str]:
        """The labels of zones that are neither given now nor have been."""
        given = {entry.register_id for entry in self.entries}
        registers = self.of_meter(meter_id)
        return [one.label for one in registers if one.id not in given and not one.submitted]

    def values(self, meter_id: UUID) -> dict[UUID, tuple[Expectation, Decimal]]:
        """The meter's registers that are given now, with what is expected of them."""
        given = {entry.register_id: entry.value for entry in self.entries}
        return {
            one.id: (expected, given[one.id])
            for one in self.of_meter(meter_id)
            if one.id in given and (expected := self.snapshot.expectation(one))
        }


def _check(snapshot: MeteringSnapshot, entry: Entry, context: _EntryContext) -> Checked:
    one = snapshot.registers.get(entry.register_id) if entry.register_id else None
    try:
        if one is None:
            raise errors.RegisterNotFound("registerId")
        if context.is_repeated:
            raise errors.RegisterRepeated("registerId")
        _check_meter(one, snapshot)
        _check_day(one, snapshot)
        if not context.partial and (labels := context.missing(one.meter_id)):
            raise errors.ZonesMissing("registerId", labels=", ".join(labels))
        one.scale.check(entry.value)
    except errors.TooManyDigits as fault:
        return _with_correction(entry, one, fault, context)
    except Refusal as fault:
        return Checked(entry, one, fault if fault.path else fault.under("value"))
    return _evaluate(snapshot, entry, one, context)


def _check_meter(register: RegisterSnapshot, snapshot: MeteringSnapshot) -> None:
    if register.removed_on is not None:
        raise errors.MeterRemoved("registerId", removed_on=register.removed_on)
    if register.reports_itself:
        raise errors.MeterReportsItself("registerId")
    if snapshot.refused is not None:
        raise snapshot.refused


def _check_day(register: RegisterSnapshot, snapshot: MeteringSnapshot) -> None:
    """No reading of the register may have been taken later, or on the same day for this period."""
    last = register.counted
    if last and (last.taken_on, last.period) >= (snapshot.taken_on, snapshot.period):
        raise errors.TakenBeforePrevious("takenAt", taken_on=last.taken_on)


def _evaluate(
    snapshot: MeteringSnapshot, entry: Entry, register: RegisterSnapshot, context: _EntryContext
) -> Checked:
    """How much passed, and whether that is worth a second look."""
    expected = snapshot.expectation(register)
    if expected is None or register.counted is None:
        return Checked(entry, register)
    span = Span(expected.previous.value, entry.value, register.scale)
    try:
        passed = consumed(span, plausible_kwh=expected.possible_kwh)
    except errors.BelowPrevious as fault:
        return _with_correction(entry, register, fault, context)
    estimated = register.scale.passed(expected.previous.value, register.counted.value)
    found = (
        () if expected.is_ordinary(entry.value) else _findings_of(entry, register, passed, context)
    )
    return Checked(entry, register, consumed=passed, kwh=passed.kwh - estimated, findings=found)


def _findings_of(
    entry: Entry, register: RegisterSnapshot, passed: Consumption, context: _EntryContext
) -> Sequence[Finding]:
    values = context.values(register.meter_id)
    expected, _ = values[register.id]
    meant = correction(register.id, entry.value, values) if passed.kwh > expected.most_kwh else None
    return findings(expected, passed, meant)


def _with_correction(
    entry: Entry, register: RegisterSnapshot | None, fault: Refusal, context: _EntryContext
) -> Checked:
    """A refused value with what was probably meant."""
    values = context.values(register.meter_id) if register else {}
    meant = (
        correction(register.id, entry.value, values) if register and register.id in values else None
    )
    return Checked(entry, register, fault.under("value"), correction=meant)

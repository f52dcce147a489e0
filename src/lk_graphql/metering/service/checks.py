"""Checks of submitted readings against a snapshot of their account.

`check` takes the entries of a submission in turn. An entry gets the first fault of: unknown or
repeated register, meter, date, missing zones, digits. An entry without a fault gets the consumption
since the previous reading and its anomalies. `snapshot_loader` loads the snapshot beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.metering import errors
from lk_graphql.metering.models import FindingKind, Zone
from lk_graphql.metering.service import verification
from lk_graphql.metering.service.consumption import (
    Consumption,
    EstimatedBill,
    Expectation,
    Month,
    Months,
    PriorReading,
    Scale,
    Span,
    SubmittedReading,
    consumed,
    months_covered,
)
from lk_graphql.metering.service.rules import AnomalyThresholds
from lk_graphql.metering.service.typo_detection import Correction, correction

NEEDS_CONFIRMATION = frozenset({FindingKind.ABOVE_USUAL, FindingKind.ABOVE_POSSIBLE})
"""Findings that the customer has to confirm; others only with a correction."""
_REVIEWED_KINDS = sorted({*NEEDS_CONFIRMATION, FindingKind.VERIFICATION_EXPIRED})
REVIEWED_KINDS_SQL = ", ".join(f"'{kind}'" for kind in _REVIEWED_KINDS)
"""Findings that staff review before the reading is accepted; others only with a correction."""

REQUEST_FIELDS = frozenset({"accountId", "takenAt"})
"""Input fields of the request, which all entries share."""


# The snapshot: an account and its registers before the submission.


@dataclass(frozen=True)
class RegisterSnapshot:
    """A register, and its readings before a new one of the period.

    `last_read` is the last reading that isn't an estimate; `estimates` are the later ones, in
    order. Both exclude `submitted`, the customer's readings of the same period, which a new reading
    replaces. `estimated_bills` are the bills by estimates of the months after `last_read`, in
    order. Billing may have reported an estimated month by its bill, by an estimate, or by both.

    It counted until `removed_on`, on which its meter was removed or, if it `is_former`, was set to
    other zones.
    """

    id: UUID
    meter_id: UUID
    zone: Zone
    label: str
    scale: Scale
    last_read: PriorReading | None
    estimates: Sequence[PriorReading] = ()
    estimated_bills: Sequence[EstimatedBill] = ()
    installed_on: date = date.min
    removed_on: date | None = None
    is_former: bool = False
    reports_itself: bool = False
    verified_until: date | None = None
    submitted: Sequence[SubmittedReading] = ()

    @property
    def estimated_months(self) -> int:
        """The number of months since `last_read` that were billed by estimates."""
        estimates, bills = self.estimates, self.estimated_bills
        return len({one.period for one in estimates} | {bill.period for bill in bills})

    def billed_since(self, read: PriorReading) -> Decimal:
        """The energy billed since `last_read`, negative if an estimate was below it.

        An estimate includes the energy of all earlier estimated months.
        """
        values = [estimate.value for estimate in self.estimates]
        through = self.estimates[-1].period if self.estimates else read.period
        later = (bill.kwh for bill in self.estimated_bills if bill.period > through)
        return self.scale.estimated(read.value, values) + sum(later, Decimal())


@dataclass(frozen=True)
class MeteringSnapshot:
    """An account before new readings of `period`, taken on `taken_on` at `moment`.

    `history` is the consumption of each register, with that of the registers which its meter has
    replaced. `refusal` is the reason why no reading is accepted at all.
    """

    registers: Mapping[UUID, RegisterSnapshot]
    history: Mapping[UUID, Months]
    period: date
    taken_on: date
    norm_kwh: Decimal | None
    terms: AnomalyThresholds | None
    moment: datetime
    refusal: Refusal | None = None

    def expectation(self, register: RegisterSnapshot) -> Expectation | None:
        """Return None for a register without a reading, and if no anomaly rule is in force."""
        if register.last_read is None or self.terms is None:
            return None
        return Expectation(
            scale=register.scale,
            previous=register.last_read,
            period=self.period,
            taken_on=self.taken_on,
            history=self.history.get(register.id, {}),
            norm_kwh=self.norm_kwh,
            terms=self.terms,
        )


# Entries and results.


@dataclass(frozen=True)
class ReadingEntry:
    """A register's value as submitted, and a photo of the display.

    `register_id` is None if the given id isn't a register's. `photo` is `kit.ids.NO_KEY` if the
    given id isn't an upload's.
    """

    register_id: UUID | None
    value: Decimal
    photo: UUID | None = None


@dataclass(frozen=True)
class Finding:
    """An anomaly with its evidence; the fields are those of `ReadingFinding`."""

    kind: FindingKind
    consumed_kwh: Decimal
    usual_kwh: Decimal | None = None
    season_kwh: Decimal | None = None
    limit_kwh: Decimal | None = None
    correction: Correction | None = None
    typical: Sequence[Month] = ()


@dataclass(frozen=True)
class CheckedEntry:
    """An entry with the result of the checks.

    `kwh` would be billed for the entry, for `months` months. These include months that were
    estimated although they had a reading. A reading that `is_expired` is put on review, because the
    meter's verification has expired.
    """

    entry: ReadingEntry
    register: RegisterSnapshot | None = None
    fault: Refusal | None = None
    consumed: Consumption | None = None
    kwh: Decimal | None = None
    months: int = 1
    findings: Sequence[Finding] = field(default=())
    correction: Correction | None = None
    is_expired: bool = False

    @property
    def needs_confirmation(self) -> bool:
        """Whether the customer has to confirm the entry, such as a rollover that may be a typo."""
        return any(
            finding.kind in NEEDS_CONFIRMATION or finding.correction for finding in self.findings
        )


# The checks, in their order.


def check(
    snapshot: MeteringSnapshot, entries: Sequence[ReadingEntry], *, partial: bool
) -> list[CheckedEntry]:
    """Check each entry; the result has its first fault, or its consumption and findings.

    `partial` allows zones of a meter to be missing.
    """
    numbers = range(len(entries))
    return [_EntryCheck(snapshot, entries, index, partial=partial).run() for index in numbers]


def are_ordinary(snapshot: MeteringSnapshot, entries: Iterable[ReadingEntry]) -> bool:
    """Return True if `snapshot.history` can't change the result of any entry."""
    for entry in entries:
        register = entry.register_id and snapshot.registers.get(entry.register_id)
        expectation = register and snapshot.expectation(register)
        if expectation and not expectation.is_ordinary(entry.value):
            return False
    return True


def with_path(fault: Refusal, number: int) -> tuple[str, ...]:
    """The path of an entry's fault from the input's root."""
    return fault.path if fault.path[0] in REQUEST_FIELDS else ("entries", str(number), *fault.path)


@dataclass(frozen=True)
class _EntryCheck:
    """The checks of one entry among the entries of its submission."""

    snapshot: MeteringSnapshot
    entries: Sequence[ReadingEntry]
    index: int
    partial: bool = field(kw_only=True)

    @property
    def entry(self) -> ReadingEntry:
        return self.entries[self.index]

    def run(self) -> CheckedEntry:
        entry = self.entry
        register = self.snapshot.registers.get(entry.register_id) if entry.register_id else None
        if register is None:
            return CheckedEntry(entry, fault=errors.RegisterNotFound("registerId"))
        try:
            self._require_first()
            self._require_open_meter(register)
            self._require_later_date(register)
            self._require_all_zones(register)
            register.scale.check(entry.value)
        except errors.TooManyDigits as fault:
            return self._with_correction(register, fault)
        except Refusal as fault:
            return CheckedEntry(entry, register, fault if fault.path else fault.under("value"))
        checked = self._evaluate(register)
        is_expired = verification.is_expired(register.verified_until, self.snapshot.taken_on)
        return _as_expired(checked) if is_expired and not checked.fault else checked

    def _require_first(self) -> None:
        register_id = self.entry.register_id
        if any(entry.register_id == register_id for entry in self.entries[: self.index]):
            raise errors.RegisterRepeated("registerId")

    def _require_open_meter(self, register: RegisterSnapshot) -> None:
        if register.removed_on is not None:
            removed = errors.RegisterReplaced if register.is_former else errors.MeterRemoved
            raise removed("registerId", removed_on=register.removed_on)
        if register.reports_itself:
            raise errors.MeterReportsItself("registerId")
        if self.snapshot.refusal is not None:
            raise self.snapshot.refusal

    def _require_later_date(self, register: RegisterSnapshot) -> None:
        """Refuse a date before the last reading, or the same date for the same period.

        An estimate is dated at the end of its month, although nobody has read that value then. So
        it only precludes readings of its own month and of earlier ones.

        Of the customer's own readings of a period, the one taken last counts, whatever the order of
        arrival: a telephone that was offline may send an older reading late. One of the same
        millisecond is a correction, with the time that the client has got.
        """
        snapshot = self.snapshot
        if snapshot.taken_on < register.installed_on:
            raise errors.TakenBeforeInstallation("takenAt", installed_on=register.installed_on)
        read = register.last_read
        if read and (read.taken_on, read.period) >= (snapshot.taken_on, snapshot.period):
            raise errors.TakenBeforePrevious("takenAt", taken_on=read.taken_on)
        for estimate in register.estimates[-1:]:
            if (estimate.period, estimate.taken_on) >= (snapshot.period, snapshot.taken_on):
                raise errors.TakenBeforePrevious("takenAt", taken_on=estimate.taken_on)
        for own in register.submitted:
            is_later = own.moment is not None and own.moment > snapshot.moment
            if is_later or own.taken_on > snapshot.taken_on:
                raise errors.TakenBeforePrevious("takenAt", taken_on=own.taken_on)

    def _require_all_zones(self, register: RegisterSnapshot) -> None:
        """Refuse a meter whose other zones are neither in this submission nor in an earlier one."""
        if self.partial:
            return
        register_ids = {entry.register_id for entry in self.entries}
        labels = [
            other.label
            for other in self._registers_of_meter(register)
            if other.id not in register_ids and not other.submitted and not other.is_former
        ]
        if labels:
            raise errors.ZonesMissing("registerId", labels=", ".join(labels))

    def _evaluate(self, register: RegisterSnapshot) -> CheckedEntry:
        """The consumption since the previous reading, and its anomalies if a rule is in force."""
        entry, previous = self.entry, register.last_read
        if previous is None:
            return CheckedEntry(entry, register)
        expectation, scale = self.snapshot.expectation(register), register.scale
        plausible_kwh = expectation.possible_kwh if expectation else scale.half_turn_kwh
        try:
            span = Span(previous.value, entry.value, scale)
            consumption = consumed(span, plausible_kwh=plausible_kwh)
        except errors.BelowPrevious as fault:
            return self._with_correction(register, fault)
        months = months_covered(previous.period, self.snapshot.period)
        return CheckedEntry(
            entry,
            register,
            consumed=consumption,
            kwh=consumption.kwh - register.billed_since(previous),
            months=max(months, 1 + register.estimated_months),
            findings=()
            if expectation is None or expectation.is_ordinary(entry.value)
            else self._findings(register, expectation, consumption),
        )

    def _findings(
        self, register: RegisterSnapshot, expectation: Expectation, consumption: Consumption
    ) -> Sequence[Finding]:
        is_doubtful = consumption.rolled_over or consumption.kwh > expectation.most_kwh
        return findings(
            expectation, consumption, self._correction(register) if is_doubtful else None
        )

    def _with_correction(self, register: RegisterSnapshot, fault: Refusal) -> CheckedEntry:
        """A refused value with the correction to propose."""
        correction = self._correction(register)
        return CheckedEntry(self.entry, register, fault.under("value"), correction=correction)

    def _correction(self, register: RegisterSnapshot) -> Correction | None:
        """The correction of the entry by the meter's registers in this submission."""
        values = {entry.register_id: entry.value for entry in self.entries}
        meter = {
            other.id: (expectation, values[other.id])
            for other in self._registers_of_meter(register)
            if other.id in values and (expectation := self.snapshot.expectation(other))
        }
        return correction(register.id, self.entry.value, meter) if register.id in meter else None

    def _registers_of_meter(self, register: RegisterSnapshot) -> list[RegisterSnapshot]:
        registers = self.snapshot.registers.values()
        return [other for other in registers if other.meter_id == register.meter_id]


def _as_expired(checked: CheckedEntry) -> CheckedEntry:
    kwh = checked.consumed.kwh if checked.consumed else Decimal()
    finding = Finding(FindingKind.VERIFICATION_EXPIRED, kwh)
    return replace(checked, findings=(*checked.findings, finding), is_expired=True)


def findings(
    expectation: Expectation, consumption: Consumption, correction: Correction | None
) -> Sequence[Finding]:
    """Return the anomalies of a consumption; `correction` is the value to propose, if any."""
    kwh, usual, anomalies = consumption.kwh, expectation.usual, list[Finding]()
    if consumption.rolled_over:
        anomalies.append(Finding(FindingKind.ROLLED_OVER, kwh, correction=correction))
    if kwh == 0 and usual.average:
        evidence = usual.average, usual.season
        anomalies.append(
            Finding(FindingKind.NOTHING_USED, kwh, *evidence, typical=expectation.typical)
        )
    for kind, limit in (
        (FindingKind.ABOVE_POSSIBLE, expectation.possible_kwh),
        (FindingKind.ABOVE_USUAL, expectation.limit_kwh),
    ):
        if kwh > limit:
            evidence = usual.average, usual.season, limit, correction, expectation.typical
            anomalies.append(Finding(kind, kwh, *evidence))
            break
    return anomalies

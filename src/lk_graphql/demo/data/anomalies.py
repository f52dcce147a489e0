"""A reading on review, with the findings of the service's own checks."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from lk_graphql.demo.data import rules
from lk_graphql.demo.data.household import Household
from lk_graphql.demo.data.meters import RegisterState
from lk_graphql.demo.data.rng import Keys
from lk_graphql.metering.models import Reading, ReadingFinding
from lk_graphql.metering.service.checks import (
    MeteringSnapshot,
    ReadingEntry,
    RegisterSnapshot,
    check,
)
from lk_graphql.metering.service.consumption import PriorReading, dump_months, monthly_consumption
from lk_graphql.metering.service.rules import AnomalyThresholds


def typed_twice(value: Decimal) -> Decimal:
    """A number with its second digit doubled, a typing mistake."""
    digits = str(int(value))
    return Decimal(digits[:2] + digits[1:])


def findings(
    house: Household,
    registers: Sequence[RegisterState],
    written: Sequence[Reading],
    sent: Sequence[Reading],
) -> list[ReadingFinding]:
    """Findings about readings `sent` together, after the readings `written`."""
    snapshot = _snapshot(house, registers, written, sent[0])
    entries = [ReadingEntry(row.register_id, row.value) for row in sent]
    keys = Keys("findings", house.n)
    return [
        ReadingFinding.construct(
            id=keys.new(row.taken_on),
            reading_id=row.id,
            kind=finding.kind,
            consumed_kwh=finding.consumed_kwh,
            usual_kwh=_rounded(finding.usual_kwh),
            season_kwh=_rounded(finding.season_kwh),
            limit_kwh=_rounded(finding.limit_kwh),
            mistake=finding.correction and finding.correction.mistake,
            suggested_value=finding.correction and finding.correction.value,
            typical_months=dump_months(finding.typical),
        )
        for row, checked in zip(sent, check(snapshot, entries, partial=False), strict=True)
        for finding in checked.findings
    ]


def _snapshot(
    house: Household, registers: Sequence[RegisterState], written: Sequence[Reading], new: Reading
) -> MeteringSnapshot:
    readings_by_register = {
        register.register.id: [
            PriorReading(row.value, row.taken_on, row.period, row.source)
            for row in written
            if row.register_id == register.register.id
        ]
        for register in registers
    }
    return MeteringSnapshot(
        registers={
            register.register.id: _register(register, readings_by_register[register.register.id])
            for register in registers
        },
        history={
            register.register.id: monthly_consumption(
                _actual(readings_by_register[register.register.id]), register.scale
            )
            for register in registers
        },
        period=new.period,
        taken_on=new.taken_on,
        norm_kwh=rules.norm(house.category, house.residents, new.period),
        terms=_terms(new.period),
        moment=new.received_at,
    )


def _actual(readings: Sequence[PriorReading]) -> Iterator[tuple[date, Decimal]]:
    return ((reading.period, reading.value) for reading in readings if reading.is_read)


def _register(state: RegisterState, readings: Sequence[PriorReading]) -> RegisterSnapshot:
    register, last = state.register, readings[-1]
    return RegisterSnapshot(
        id=register.id,
        meter_id=register.meter_id,
        zone=register.zone,
        label=register.label,
        scale=state.scale,
        last_read=last,
    )


def _terms(period: date) -> AnomalyThresholds:
    row = rules.anomaly_rule(period)
    return AnomalyThresholds(
        row.valid_from, row.usual_times, row.usual_months, row.least_months, row.allowed_kw
    )


def _rounded(kwh: Decimal | None) -> Decimal | None:
    return None if kwh is None else round(kwh, 3)

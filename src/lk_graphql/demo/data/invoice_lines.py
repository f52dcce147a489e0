"""The lines of a bill: energy, and recalculations of earlier months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lk_graphql.billing.models import Invoice, LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import BilledEnergy, Charge, ReadingGap, charge_after_gap
from lk_graphql.demo.data import rules
from lk_graphql.demo.data.household import Household
from lk_graphql.demo.data.readings import MonthRead
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Zone

SERVICE = "Электроснабжение"
TOO_HIGH = "Расчётный объём прошлых месяцев оказался выше показаний прибора учёта"
INTERRUPTION = "Перерывы в электроснабжении сверх допустимых: {hours} ч (ПП РФ № 354, приложение 1)"
ACT = "Акт о перерывах в электроснабжении от {day:%d.%m.%Y}"
_SHARE_PER_HOUR = Decimal("0.0015")


@dataclass(frozen=True)
class ChargedLine:
    """A line without an invoice."""

    kind: LineKind
    amount: Kopecks
    zone: Zone | None = None
    range_number: int | None = None
    kwh: Decimal | None = None
    rubles_per_kwh: Decimal | None = None
    reason: str | None = None
    basis: VolumeBasis | None = None
    reason_code: RecalculationReason | None = None
    corrects: tuple[date, date] | None = None
    document: str | None = None


def lines(
    house: Household,
    month: MonthRead,
    estimated: Sequence[date],
    billed: Sequence[BilledEnergy],
) -> list[ChargedLine]:
    """Lines for consumption, and recalculations of estimates that were too high.

    `estimated` holds the consecutive estimated months before this one, `billed` their energy.
    """
    days = (month.period, last_day(month.period))
    limits = rules.ranges(house.category, days[0], privileged=house.has_range_privilege)
    prices = rules.prices(house.category, days)
    gap = ReadingGap() if month.is_estimated else ReadingGap(len(estimated) + 1, billed)
    settlement = charge_after_gap(month.by_zone, days, ranges=limits, prices=prices, gap=gap)
    basis = VolumeBasis.AVERAGE if month.is_estimated else VolumeBasis.METER
    energy = [_line(LineKind.ENERGY, charge, basis=basis) for charge in settlement.charged]
    corrects = (estimated[0], estimated[-1]) if estimated else None
    too_high = [
        replace(
            _line(LineKind.RECALCULATION, charge),
            reason=TOO_HIGH,
            reason_code=RecalculationReason.ESTIMATE_CORRECTED,
            corrects=corrects,
        )
        for charge in settlement.credited
    ]
    return [*energy, *too_high]


def energy_of(lines: Iterable[ChargedLine]) -> list[BilledEnergy]:
    return [
        BilledEnergy(line.zone, line.range_number, line.kwh, line.rubles_per_kwh)
        for line in lines
        if line.kind is LineKind.ENERGY
        if line.zone and line.range_number and line.kwh and line.rubles_per_kwh
    ]


def amount_of(lines: list[ChargedLine], kind: LineKind) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines if line.kind is kind))


def interruption(earlier: Invoice, hours: int) -> ChargedLine:
    """A recalculation for hours of interruption beyond the permitted ones, in an earlier month.

    It is 0.15 % of the month's charge for each hour: ПП РФ № 354, приложение 1.
    """
    back = earlier.charged * _SHARE_PER_HOUR * hours
    return ChargedLine(
        LineKind.RECALCULATION,
        round_half_up(-back),
        reason=INTERRUPTION.format(hours=hours),
        reason_code=RecalculationReason.SUPPLY_INTERRUPTED,
        corrects=(earlier.period, earlier.period),
        document=ACT.format(day=last_day(earlier.period)),
    )


def _line(kind: LineKind, charge: Charge, *, basis: VolumeBasis | None = None) -> ChargedLine:
    return ChargedLine(
        kind,
        charge.amount,
        charge.zone,
        charge.range_number,
        charge.kwh,
        charge.rubles_per_kwh,
        basis=basis,
    )

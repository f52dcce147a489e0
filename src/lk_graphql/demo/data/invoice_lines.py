"""The lines of a bill: energy, and the corrections of earlier months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lk_graphql.billing.models import Invoice, LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import Charge, settle
from lk_graphql.demo.data import billing_rules
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
    """A line before it has a bill."""

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


def lines(house: Household, month: MonthRead, estimated: Sequence[date]) -> list[ChargedLine]:
    """For what was used, and what goes back because estimates had been too high.

    `estimated` are the months before it that were, one after the other.
    """
    days = (month.period, last_day(month.period))
    limits = billing_rules.ranges(house.category, days[0], privileged=house.has_range_privilege)
    prices = billing_rules.prices(house.category, days)
    found = settle(month.by_zone, days, ranges=limits, prices=prices)
    basis = VolumeBasis.AVERAGE if month.is_estimated else VolumeBasis.METER
    energy = [_line(LineKind.ENERGY, one, basis=basis) for one in found.charged]
    corrects = (estimated[0], estimated[-1]) if estimated else None
    too_high = [
        replace(
            _line(LineKind.RECALCULATION, one),
            reason=TOO_HIGH,
            reason_code=RecalculationReason.ESTIMATE_CORRECTED,
            corrects=corrects,
        )
        for one in found.credited
    ]
    return [*energy, *too_high]


def amount_of(lines: list[ChargedLine], kind: LineKind) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines if line.kind is kind))


def interruption(earlier: Invoice, hours: int) -> ChargedLine:
    """For the hours without electricity beyond what is allowed in a month billed earlier.

    0.15 % of what the month was charged for each: ПП РФ № 354, приложение 1.
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


def _line(kind: LineKind, one: Charge, *, basis: VolumeBasis | None = None) -> ChargedLine:
    return ChargedLine(
        kind,
        one.amount,
        one.zone,
        one.range_number,
        one.kwh,
        one.rubles_per_kwh,
        basis=basis,
    )

"""Charges of a month: volumes by the meters or by estimates, split by ranges, zones and prices."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .accounts import Account, Traits
from .bills import ENERGY, RAISING_FACTOR, RECALCULATION, Line, Usage
from .days import last_day, later
from .meters import ESTIMATED, Meter, Reading, Register
from .money import cost, in_proportion, quantize, round_half_up
from .rules import EstimateRule, Rules, newest, split_by_zones

Cell = tuple[str, int]
"""Zone and range number."""
SMALLEST = Decimal("0.001")


@dataclass
class Volumes:
    """Volumes of a month by register, and the number of months that price them together."""

    usages: list[Usage] = field(default_factory=list[Usage])
    estimates: list[tuple[Register, Reading]] = field(
        default_factory=list[tuple[Register, Reading]]
    )
    months: int = 1

    def by_zone(self) -> dict[str, Decimal]:
        zones: dict[str, Decimal] = defaultdict(Decimal)
        for usage in self.usages:
            zones[usage.zone] += usage.kwh
        return dict(zones)

    def norm_share(self, zone: str) -> Decimal:
        """The share of a zone's volume that is estimated by the norm."""
        usages = [usage for usage in self.usages if usage.zone == zone]
        total = sum((usage.kwh for usage in usages), Decimal(0))
        by_norm = sum((usage.kwh for usage in usages if usage.basis == "NORM"), Decimal(0))
        return by_norm / total if total > 0 else Decimal(0)

    def basis(self, zone: str) -> str:
        """On which a zone's volume rests: the weakest of its registers'."""
        bases = {usage.basis for usage in self.usages if usage.zone == zone}
        return next((basis for basis in ("NORM", "AVERAGE") if basis in bases), "METER")


def measure(account: Account, period: date, rules: Rules) -> Volumes:
    """Volumes of a month: by readings, else estimated.

    Without a reading the average of up to six months, of three at least, counts for three months
    in a row; then, and without a meter, the norm (domain.md 2a; ПП 354 п. 42, 59, 60).
    """
    volumes = Volumes()
    rule = newest(rules.estimate_rules, period, "estimate rule")
    meters = account.meters_in(period)
    norms = norm_shares(account, period, rules, meters)
    if not meters:
        volumes.usages.append(Usage("", "SINGLE", norms[None], "NORM"))
    for meter, register in ((m, r) for m in meters for r in m.registers):
        previous, current = register.before(period), register.of_month(period)
        if previous is None:
            raise LookupError(f"{meter.serial} has no reading to begin with")
        if current:
            kwh = register.passed(previous, current.value) * meter.ratio
            ends = (previous.taken_on, current.taken_on, previous.value, current.value)
            volumes.usages.append(Usage(meter.serial, register.zone, kwh, "METER", *ends))
            volumes.months = max(volumes.months, register.months_unread(period) + 1)
        elif not previous.is_start or previous.period < period:
            share = norms.get((meter.serial, register.zone), Decimal(0))
            kwh, basis = estimate(meter, register, period, rule, share)
            volumes.usages.append(Usage(meter.serial, register.zone, kwh, basis))
            value = (previous.value + kwh / meter.ratio) % register.full_scale
            day = min(account.days_in(period)[1], meter.removed_on or date.max)
            volumes.estimates.append((register, Reading(value, day, period, ESTIMATED)))
    return volumes


def estimate(
    meter: Meter, register: Register, period: date, rule: EstimateRule, norm: Decimal
) -> tuple[Decimal, str]:
    """Kilowatt-hours of a month without a reading, and what they rest on."""
    months = register.months_read(period)[-rule.average_months :]
    if len(months) < rule.least_months or register.months_unread(period) >= rule.longest_run:
        return quantize(norm / meter.ratio, register.unit) * meter.ratio, "NORM"
    average = sum(months, Decimal(0)) / len(months)
    return quantize(average, register.unit) * meter.ratio, "AVERAGE"


def norm_shares(
    account: Account, period: date, rules: Rules, meters: list[Meter]
) -> dict[tuple[str, str] | None, Decimal]:
    """The household's norm for its days of the month, in equal parts for the registers it has."""
    first, last = account.days_in(period)
    traits = account.traits_on(last)
    days = Decimal((last - first).days + 1) / last_day(period).day
    norm = quantize(rules.norm(traits.category, traits.residents, period) * days, Decimal(1))
    keys: list[tuple[str, str] | None] = [
        (meter.serial, register.zone)
        for meter in meters
        if meter.removed_on is None or meter.removed_on > last
        for register in meter.registers
    ]
    keys = keys or [None]
    return dict(zip(keys, in_proportion(norm, [1] * len(keys), Decimal(1)), strict=True))


def charge(account: Account, period: date, rules: Rules, volumes: Volumes) -> list[Line]:
    """The lines of a month.

    A reading after months of estimates is priced with the limits of all these months together,
    less what the estimates have billed (domain.md 2c, strategy): what is left of a zone and range
    is energy at the month's price, and what was billed too much is a recalculation at the price
    at which it was billed (ПП 354 п. 61).
    """
    first, last = account.days_in(period)
    traits = account.traits_on(last)
    earlier = [later(period, -n) for n in range(1, volumes.months)]
    billed = billed_cells(account, earlier)
    totals: dict[str, Decimal] = defaultdict(Decimal, volumes.by_zone())
    for (zone, _), kwh in billed.items():
        totals[zone] += kwh
    ends = [] if traits.has_range_privilege else rules.range_ends(traits.category, period)
    cells = split_by_zones(dict(totals), ends, volumes.months, unit_of(totals.values()))
    lines: list[Line] = []
    given_back: list[Line] = []
    for cell in sorted({*cells, *billed}):
        kwh = cells.get(cell, Decimal(0)) - billed.get(cell, Decimal(0))
        if kwh > 0:
            lines += energy(cell, kwh, traits, rules, (first, last), volumes.basis(cell[0]))
        elif kwh < 0:
            given_back += give_back(account, earlier, cell, -kwh)
    rule = newest(rules.estimate_rules, period, "estimate rule")
    return [*lines, *raise_norms(lines, rule, volumes), *given_back]


def unit_of(volumes: Iterable[Decimal]) -> Decimal:
    """Whole kilowatt-hours, unless a register is finer."""
    return Decimal(1) if all(kwh == int(kwh) for kwh in volumes) else SMALLEST


def energy(
    cell: Cell,
    kwh: Decimal,
    traits: Traits,
    rules: Rules,
    days: tuple[date, date],
    basis: str,
) -> Iterator[Line]:
    """Lines of a zone and range: one for each price of the month, by their days."""
    prices = rules.prices(traits.category, *cell, *days)
    unit = unit_of([kwh])
    parts = in_proportion(kwh, [number for _, number in prices], unit)
    for (tariff, _), part in zip(prices, parts, strict=True):
        if part:
            price = tariff.rubles_per_kwh
            yield Line(ENERGY, cost(part, price), *cell, kwh=part, price=price, basis=basis)


def raise_norms(lines: list[Line], rule: EstimateRule, volumes: Volumes) -> Iterator[Line]:
    """The factor's part of energy by the norm (ПП 354 п. 42 and 60): 1.5 adds a half.

    Of two meters of a zone, one may have been read.
    """
    by_norm = sum(line.amount * volumes.norm_share(line.zone or "") for line in lines)
    if by_norm and rule.raising_factor != 1:
        amount = round_half_up(by_norm * (rule.raising_factor - 1))
        yield Line(RAISING_FACTOR, amount, factor=rule.raising_factor)


def billed_cells(account: Account, periods: list[date]) -> dict[Cell, Decimal]:
    cells: dict[Cell, Decimal] = defaultdict(Decimal)
    for period in periods:
        for line in account.bills[period].lines if period in account.bills else ():
            if line.kind == ENERGY and line.zone and line.range_number and line.kwh:
                cells[line.zone, line.range_number] += line.kwh
    return cells


def give_back(account: Account, periods: list[date], cell: Cell, kwh: Decimal) -> Iterator[Line]:
    """Recalculations of what estimates billed too much, the newest month first."""
    for period in periods:
        for line in reversed(account.bills[period].lines if period in account.bills else ()):
            if line.kind == ENERGY and (line.zone, line.range_number) == cell and kwh:
                part = min(kwh, line.kwh or Decimal(0))
                kwh -= part
                yield Line(
                    RECALCULATION,
                    -cost(part, line.price or Decimal(0)),
                    kwh=-part,
                    price=line.price,
                    reason="Расчётный объём заменён показанием",
                    reason_code="ESTIMATE_CORRECTED",
                    corrects_from=period,
                    corrects_to=period,
                )

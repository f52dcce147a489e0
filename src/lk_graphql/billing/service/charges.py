"""Charges for energy: volume × tariff, by zone, range and days, to the kopeck; the VAT in them.

The VAT rate is that of the day of supply, not of the payment (НК РФ, ст. 167, п. 1). A correction
of earlier months has the rate of the months that it corrects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from lk_graphql.accounts.models import Account, AccountHistory
from lk_graphql.billing.models import RangeLimit, VatRate
from lk_graphql.kit.dated_rows import newest, newest_set, newest_sql
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.periods import last_day, last_day_sql
from lk_graphql.metering.models import Zone


def finest_step(*volumes: Decimal) -> Decimal:
    """Return the smallest decimal place that the volumes use: 1 for 12, 0.1 for 12.5."""
    exponents = [volume.normalize().as_tuple().exponent for volume in volumes]
    return Decimal(1).scaleb(
        min([0, *(exponent for exponent in exponents if isinstance(exponent, int))])
    )


def apportion(total: Decimal, weights: Sequence[Decimal], *, step: Decimal) -> list[Decimal]:
    """Split `total` in proportion to `weights`, each part a multiple of `step`.

    Each part is the exact share rounded down. The remaining steps go to the parts with the largest
    remainders; of equal ones, the first gets the step. `total` has to be a multiple of `step`.
    Raises ValueError for a `total` other than 0 when the weights sum to 0.
    """
    divisor = sum(map(Fraction, weights), Fraction())  # of decimals, equal remainders may differ
    if not total:
        return [Decimal() for _ in weights]
    if divisor <= 0:
        raise ValueError("Nothing to divide by")
    if len(weights) == 1:
        return [total]
    exact = [Fraction(total) / Fraction(step) * Fraction(weight) / divisor for weight in weights]
    steps = [floor(share) for share in exact]
    left = int(total / step) - sum(steps)
    by_remainder = sorted(range(len(steps)), key=lambda i: steps[i] - exact[i])
    for i in by_remainder[:left]:
        steps[i] += 1
    return [count * step for count in steps]


MAX_RANGES = 3
"""Consumption ranges of a household (ПП 1178, as far as known: no region has a fourth)."""


@dataclass(frozen=True)
class Ranges:
    """Upper limits of all ranges but the last, in kWh a month. Without limits all is range I."""

    ends: tuple[Decimal, ...] = ()

    def split(self, kwh: Decimal) -> list[Decimal]:
        """Return the part of a volume in each range, the first range first."""
        boundaries = (Decimal(), *self.ends, max(kwh, *self.ends, Decimal()))
        return [max(min(kwh, upper) - lower, Decimal()) for lower, upper in pairwise(boundaries)]

    def for_months(self, months: int) -> "Ranges":
        """Return the limits for the consumption of several months together."""
        return Ranges(tuple(end * months for end in self.ends))


RANGE_ONE = Ranges()
"""The ranges of large families («многодетные») and other privileged households: one range."""


def ranges_on(day: date, rows: Iterable[RangeLimit]) -> Ranges:
    """Return the ranges in force on a day: the newest rows of one category up to that day."""
    ends = [row.up_to_kwh for row in newest_set(rows, day)]
    return Ranges(tuple(sorted(Decimal(end) for end in ends if end is not None)))


async def ranges_of(account: Account | AccountHistory, period: date) -> Ranges:
    """Return the ranges of an account on the first day of a month."""
    if account.has_range_privilege:
        return RANGE_ONE
    return ranges_on(period, await RangeLimit.filter(category=account.tariff_category))


def in_proportion(
    by_zone: Mapping[Zone, Decimal], by_range: Sequence[Decimal]
) -> dict[Zone, list[Decimal]]:
    """Distribute every range over the zones in proportion to their volumes.

    The parts have the precision of the volumes, and the sums by zone and by range stay exact:
    each range is apportioned by the volumes of the zones that the lower ranges leave.
    """
    step = finest_step(*by_zone.values(), *by_range)
    remaining = list(by_zone.values())
    parts: list[list[Decimal]] = []
    for volume in by_range:
        shares = apportion(volume, remaining, step=step)
        remaining = [volume - part for volume, part in zip(remaining, shares, strict=True)]
        parts.append(shares)
    return {zone: [part[i] for part in parts] for i, zone in enumerate(by_zone)}


class TariffNotFound(LookupError):
    """No tariff is valid on a day: an error in the operator's data, not the customer's."""


@dataclass(frozen=True)
class TariffPrice:
    """A dated row of one tariff category: rubles for a kWh, VAT included, both days included."""

    zone: Zone
    range_number: int
    rubles_per_kwh: Decimal
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Charge:
    """A line of a bill: one zone and range at one price, for the days of that price.

    A credit has a negative volume and amount.
    """

    zone: Zone
    range_number: int
    first_day: date
    last_day: date
    kwh: Decimal
    rubles_per_kwh: Decimal
    amount: Kopecks


@dataclass(frozen=True)
class _PricePeriod:
    zone: Zone
    range_number: int
    first_day: date
    last_day: date
    rubles_per_kwh: Decimal

    @property
    def days(self) -> Decimal:
        return Decimal((self.last_day - self.first_day).days + 1)


def charge(
    by_zone: Mapping[Zone, Decimal],
    days: tuple[date, date],
    *,
    ranges: Ranges,
    prices: Iterable[TariffPrice],
) -> list[Charge]:
    """Return the lines for the energy of a period (both days included), range by range.

    When a price changes within it, the volume is prorated by days. Each line is rounded to the
    kopeck once, and the bill is the sum of its lines. Volumes are not negative; an empty range
    above the first has no line. Raises `TariffNotFound`.
    """
    rows = list(prices)
    by_range = ranges.split(sum(by_zone.values(), Decimal()))
    cells, step = in_proportion(by_zone, by_range), finest_step(*by_zone.values())
    return [
        line
        for index in range(len(by_range))
        for zone, volumes in cells.items()
        if volumes[index] or index == 0
        for line in _lines(volumes[index], _price_periods(zone, index + 1, days, rows), step)
    ]


@dataclass(frozen=True)
class BilledEnergy:
    """Energy of one zone and range that an earlier month has billed at a price."""

    zone: Zone
    range_number: int
    kwh: Decimal
    rubles_per_kwh: Decimal


@dataclass(frozen=True)
class ReadingGap:
    """The months since the last reading, this one included, and what their bills have charged.

    `billed` begins with the newest bill.
    """

    months: int = 1
    billed: Sequence[BilledEnergy] = ()


ONE_MONTH = ReadingGap()


@dataclass(frozen=True)
class GapCharges:
    """Result of a month's readings: charged lines and credited lines."""

    charged: list[Charge]
    credited: list[Charge]


def charge_after_gap(
    by_zone: Mapping[Zone, Decimal],
    days: tuple[date, date],
    *,
    ranges: Ranges,
    prices: Iterable[TariffPrice],
    gap: ReadingGap = ONE_MONTH,
) -> GapCharges:
    """Charge the energy that readings add to earlier bills, and credit overestimated energy.

    `by_zone` is the energy that isn't billed yet. After months without a reading, the volume of all
    these months is split by the limits for as many months. Then the energy that their bills have
    charged is subtracted in each zone and range: a remainder is charged at the month's price, and
    an excess is credited at the price at which it was billed. Negative volumes beyond these bills
    are credited at the first range's price. Each zone has at least one line, if need be for 0 kWh.

    Raises `TariffNotFound`.
    """
    rows = list(prices)
    billed = [cell for cell in gap.billed if cell.zone in by_zone]
    billed_kwh = _sums(billed)
    totals = {
        zone: kwh + sum((part for cell, part in billed_kwh.items() if cell[0] is zone), Decimal())
        for zone, kwh in by_zone.items()
    }
    positive = {zone: max(kwh, Decimal()) for zone, kwh in totals.items()}
    negative = {zone: -kwh for zone, kwh in totals.items() if kwh < 0}
    by_range = ranges.for_months(gap.months).split(sum(positive.values(), Decimal()))
    step = finest_step(*totals.values(), *billed_kwh.values())
    charged, credited = list[Charge](), list[Charge]()
    for zone, number, kwh in _cells(positive, by_range, billed_kwh):
        if kwh < 0:
            credited += _give_back(-kwh, [c for c in billed if _key(c) == (zone, number)], days)
        elif kwh or number == 1:
            charged += _lines(kwh, _price_periods(zone, number, days, rows), step)
    if negative:
        credited += _as_credit(charge(negative, days, ranges=RANGE_ONE, prices=rows))
    return GapCharges(charged, credited)


_Cell = tuple[Zone, int]


def _key(billed: BilledEnergy) -> _Cell:
    return billed.zone, billed.range_number


def _sums(billed: Iterable[BilledEnergy]) -> dict[_Cell, Decimal]:
    sums = dict[_Cell, Decimal]()
    for cell in billed:
        sums[_key(cell)] = sums.get(_key(cell), Decimal()) + cell.kwh
    return sums


def _cells(
    totals: Mapping[Zone, Decimal], by_range: Sequence[Decimal], billed: Mapping[_Cell, Decimal]
) -> Iterable[tuple[Zone, int, Decimal]]:
    """Yield the remaining volume in each zone and range, the first range first."""
    parts = in_proportion(totals, by_range)
    numbers = max(len(by_range), *(number for _, number in billed)) if billed else len(by_range)
    for number in range(1, numbers + 1):
        for zone, of_zone in parts.items():
            part = of_zone[number - 1] if number <= len(of_zone) else Decimal()
            yield zone, number, part - billed.get((zone, number), Decimal())


def _give_back(
    kwh: Decimal, billed: Iterable[BilledEnergy], days: tuple[date, date]
) -> Iterable[Charge]:
    """Credit a volume at the prices at which it was billed, the newest bill first."""
    for cell in billed:
        if part := min(kwh, cell.kwh):
            amount = amount_of(-part, cell.rubles_per_kwh)
            yield Charge(cell.zone, cell.range_number, *days, -part, cell.rubles_per_kwh, amount)
        kwh -= part


def _as_credit(lines: Iterable[Charge]) -> list[Charge]:
    return [replace(line, kwh=-line.kwh, amount=Kopecks(-line.amount)) for line in lines]


def amount_of(kwh: Decimal, rubles_per_kwh: Decimal) -> Kopecks:
    return round_half_up((kwh * rubles_per_kwh).scaleb(2))


def _lines(kwh: Decimal, periods: Sequence[_PricePeriod], step: Decimal) -> Iterable[Charge]:
    parts = apportion(kwh, [period.days for period in periods], step=step)
    for part, period in zip(parts, periods, strict=True):
        yield Charge(
            period.zone,
            period.range_number,
            period.first_day,
            period.last_day,
            part,
            period.rubles_per_kwh,
            amount_of(part, period.rubles_per_kwh),
        )


def _price_periods(
    zone: Zone, range_number: int, span: tuple[date, date], prices: Sequence[TariffPrice]
) -> list[_PricePeriod]:
    """Split the days where another tariff row of this zone and range takes effect."""
    first, last = span
    rows = [row for row in prices if (row.zone, row.range_number) == (zone, range_number)]
    boundaries = {row.valid_from for row in rows}
    boundaries |= {row.valid_to + timedelta(days=1) for row in rows if row.valid_to}
    days = [first, *sorted(day for day in boundaries if first < day <= last)]
    row_on = {day: _price_on(day, rows) for day in days}
    changes = (day for before, day in pairwise(days) if row_on[before] != row_on[day])
    starts = [first, *changes]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    return [
        _PricePeriod(zone, range_number, start, end, row_on[start].rubles_per_kwh)
        for start, end in zip(starts, ends, strict=True)
    ]


def _price_on(day: date, prices: Sequence[TariffPrice]) -> TariffPrice:
    price = newest(prices, day)
    if price is None:
        raise TariffNotFound(f"No price for {day}")
    return price


class VatRateNotFound(LookupError):
    """No VAT rate is valid on a day: an error in the operator's data, not the customer's."""


async def vat_rates() -> list[VatRate]:
    return await VatRate.all()


def percent_on(day: date, rates: Iterable[VatRate]) -> Decimal:
    """Return the rate of a day in percent: the newest start wins. Raises `VatRateNotFound`."""
    rate = newest(rates, day)
    if rate is None:
        raise VatRateNotFound(f"No VAT rate for {day:%Y-%m-%d}")
    return rate.percent


def percent_of(month: date, rates: Iterable[VatRate]) -> Decimal:
    """Return the rate of a month's supply, which ends with its last day, as `percent_on`."""
    return percent_on(last_day(month), rates)


def included_vat(amount: int, percent: Decimal) -> Kopecks:
    """Return the VAT in an amount that includes it, to the kopeck."""
    return round_half_up(amount * percent / (100 + percent))


CATEGORY_SQL = """
coalesce((SELECT h.tariff_category FROM account_history h
    WHERE h.account_id = {account} AND h.last_period >= {period}
    ORDER BY h.last_period LIMIT 1), {current})"""
"""The tariff category of an account in a month; `{current}` is its present category."""
VAT_PERCENT_SQL = newest_sql(
    "v.percent", "vat_rate v", last_day_sql("{period}"), start="v.valid_from"
)
_VAT_OF_PART = newest_sql(
    "v.percent", "vat_rate v", last_day_sql("part.month"), start="v.valid_from"
)
VAT_INCLUDED_SQL = f"""
SELECT CASE WHEN count(*) = count(rated.percent)
  THEN sum(round(rated.amount * rated.percent / (100 + rated.percent))) END
FROM (
  SELECT vat.percent, sum(part.amount) AS amount
  FROM (
    SELECT l.amount, l.corrects_to AS month FROM invoice_line l
    WHERE l.invoice_id = {{id}} AND l.corrects_to < {{period}}
    UNION ALL
    SELECT {{charged}} + {{recalculated}} - coalesce(sum(l.amount), 0), {{period}}
    FROM invoice_line l
    WHERE l.invoice_id = {{id}} AND l.corrects_to < {{period}}
  ) part
  LEFT JOIN LATERAL (
    {_VAT_OF_PART}
  ) vat ON true
  GROUP BY vat.percent
) rated"""  # noqa: S608 - constants
"""The VAT of each rate is rounded separately; null if a rate isn't known."""

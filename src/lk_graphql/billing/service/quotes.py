"""What a month's energy would cost by the tariffs in the database."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.billing.models import RangeLimit, Tariff
from lk_graphql.billing.service.charges import Charge, NoTariff, Price, settle
from lk_graphql.billing.service.ranges import RANGE_ONE, RangeEnd, Ranges, ranges_on
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.billing_side import Quote, QuotedLine


async def quote(account: Account, by_zone: Mapping[Zone, Decimal], period: date) -> Quote:
    """The lines that a bill of the month would have; None where no tariff is known.

    A zone that gets something back has no line for the 0 kWh beside it.
    """
    days = (period, last_day(period))
    prices, ranges = await _prices(account.tariff_category, days), await _ranges(account, period)
    try:
        found = settle(by_zone, days, ranges=ranges, prices=prices)
    except NoTariff:
        return None
    charged = (one for one in found.charged if one.kwh or by_zone[one.zone] >= 0)
    return [_line(one) for one in (*charged, *found.credited)]


async def _prices(category: TariffCategory, days: tuple[date, date]) -> list[Price]:
    rows = await Tariff.filter(category=category, valid_from__lte=days[1])
    return [
        Price(row.zone, row.range_number, row.rubles_per_kwh, row.valid_from, row.valid_to)
        for row in rows
        if row.valid_to is None or row.valid_to >= days[0]
    ]


async def _ranges(account: Account, period: date) -> Ranges:
    if account.has_range_privilege:
        return RANGE_ONE
    rows = await RangeLimit.filter(category=account.tariff_category)
    ends = [RangeEnd(row.range_number, _end(row), row.valid_from) for row in rows]
    return ranges_on(period, ends)


def _end(row: RangeLimit) -> Decimal | None:
    return None if row.up_to_kwh is None else Decimal(row.up_to_kwh)


def _line(one: Charge) -> QuotedLine:
    return QuotedLine(one.zone, one.range_number, one.kwh, one.rubles_per_kwh, one.amount)

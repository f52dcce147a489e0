"""Invoice status, recent totals, billed period, and quotes for a month."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.billing.models import Invoice, InvoiceLine, LineKind, RangeLimit, Tariff
from lk_graphql.billing.service.charges import (
    ONE_MONTH,
    RANGE_ONE,
    BilledEnergy,
    Charge,
    RangeEnd,
    Ranges,
    ReadingGap,
    TariffNotFound,
    TariffPrice,
    ranges_on,
    settle,
)
from lk_graphql.kit.periods import last_day, shift
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.billing_gateway import Quote, QuotedLine

_BILLS = 2


class InvoiceStatus(StrEnum):
    """Payment status of a bill."""

    PAID = "PAID"
    PARTLY_PAID = "PARTLY_PAID"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


def invoice_status(
    unpaid: int, charged: int, recalculated: int, penalty: int, due_on: date, today: date
) -> InvoiceStatus:
    """Return the status by the open amount of the bill's own month.

    OVERDUE has precedence over PARTLY_PAID, because a late bill accrues a penalty. A bill whose
    recalculation exceeds its charges is PAID.
    """
    if unpaid == 0:
        return InvoiceStatus.PAID
    if due_on < today:
        return InvoiceStatus.OVERDUE
    month_total = charged + recalculated + penalty
    return InvoiceStatus.PARTLY_PAID if unpaid < month_total else InvoiceStatus.DUE


IN_SQL = """
CASE WHEN {unpaid} = 0 THEN 'PAID'
     WHEN {due_on} < {today} THEN 'OVERDUE'
     WHEN {unpaid} < {charged} + {recalculated} + {penalty} THEN 'PARTLY_PAID'
     ELSE 'DUE' END"""
"""The same rule in SQL, for the planner."""


async def recent_totals(account_id: UUID) -> list[Decimal]:
    """Return the charges and the amount to pay of each of the last two bills, in kopecks.

    A bill prints both («начислено за период» and «итого к оплате»), and customers call either its
    total. Empty for an unknown account.
    """
    bills = Invoice.filter(account_id=account_id).order_by("-period").limit(_BILLS)
    amounts = await bills.values_list("charged", "recalculated", "penalty", "closing_balance")
    return [
        Decimal(amount)
        for *month_amounts, closing in amounts
        for amount in (sum(month_amounts), closing)
    ]


BILLED_THROUGH = "SELECT max(period) FROM invoice WHERE account_id = $1"
"""The last billed month; NULL before the first bill."""


async def quote(
    account: Account, by_zone: Mapping[Zone, Decimal], period: date, months: int
) -> Quote:
    """Return the lines of a bill for the last of some months; None without a valid tariff.

    A credited zone has no second line for 0 kWh.
    """
    days = (period, last_day(period))
    prices, ranges = await _prices(account.tariff_category, days), await _ranges(account, period)
    gap = ReadingGap(months, await _billed(account, period, months)) if months > 1 else ONE_MONTH
    try:
        settled = settle(by_zone, days, ranges=ranges, prices=prices, gap=gap)
    except TariffNotFound:
        return None
    is_credited = {line.zone for line in settled.credited}
    charged = (line for line in settled.charged if line.kwh or line.zone not in is_credited)
    return [_line(line) for line in (*charged, *settled.credited)]


async def _billed(account: Account, period: date, months: int) -> list[BilledEnergy]:
    """Return what the bills of the months before the last one have charged, the newest first."""
    earlier = InvoiceLine.filter(
        invoice__account_id=account.id,
        invoice__period__gt=shift(period, -months),
        invoice__period__lt=period,
        kind=LineKind.ENERGY,
        zone__isnull=False,
        range_number__isnull=False,
        quantity_kwh__gt=0,
        rubles_per_kwh__isnull=False,
    )
    rows = await earlier.order_by("-invoice__period", "-position").values_list(
        "zone", "range_number", "quantity_kwh", "rubles_per_kwh"
    )
    return [BilledEnergy(Zone(zone), *rest) for zone, *rest in rows]


async def _prices(category: TariffCategory, days: tuple[date, date]) -> list[TariffPrice]:
    rows = await Tariff.filter(category=category, valid_from__lte=days[1])
    return [
        TariffPrice(row.zone, row.range_number, row.rubles_per_kwh, row.valid_from, row.valid_to)
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


def _line(charge: Charge) -> QuotedLine:
    return QuotedLine(
        charge.zone, charge.range_number, charge.kwh, charge.rubles_per_kwh, charge.amount
    )

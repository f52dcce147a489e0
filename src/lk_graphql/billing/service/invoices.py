"""Invoice status, recent totals, billed period, and quotes for a month."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.billing.models import Invoice, RangeLimit, Tariff
from lk_graphql.billing.service.charges import (
    RANGE_ONE,
    Charge,
    RangeEnd,
    Ranges,
    TariffNotFound,
    TariffPrice,
    ranges_on,
    settle,
)
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.billing_gateway import Quote, QuotedLine


class InvoiceStatus(StrEnum):
    """What a customer wants to know of a bill first."""

    PAID = "PAID"
    PARTLY_PAID = "PARTLY_PAID"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


def invoice_status(
    unpaid: int, charged: int, recalculated: int, penalty: int, due_on: date, today: date
) -> InvoiceStatus:
    """By what is open of the bill's own month: every payment goes to the oldest debt first.

    Late counts more than partly: whoever has paid half too late still owes a penalty. A bill
    whose recalculation exceeds its charges asks for nothing and is paid.
    """
    if unpaid == 0:
        return InvoiceStatus.PAID
    if due_on < today:
        return InvoiceStatus.OVERDUE
    whole = charged + recalculated + penalty
    return InvoiceStatus.PARTLY_PAID if unpaid < whole else InvoiceStatus.DUE


IN_SQL = """
CASE WHEN {unpaid} = 0 THEN 'PAID'
     WHEN {due_on} < {today} THEN 'OVERDUE'
     WHEN {unpaid} < {charged} + {recalculated} + {penalty} THEN 'PARTLY_PAID'
     ELSE 'DUE' END"""
"""The same for the read side, which compares the two in its tests."""


_BILLS = 2


async def recent_totals(account_id: UUID) -> list[Decimal]:
    """Of each of the last two bills, what the month came to and what was to be paid, in kopecks.

    A bill prints both («начислено за период» and «итого к оплате»), and people call either its
    total. One statement; nothing for an account that isn't there.
    """
    bills = Invoice.filter(account_id=account_id).order_by("-period").limit(_BILLS)
    amounts = await bills.values_list("charged", "recalculated", "penalty", "closing_balance")
    return [Decimal(amount) for *month, closing in amounts for amount in (sum(month), closing)]


BILLED_THROUGH = "SELECT max(period) FROM invoice WHERE account_id = $1"
"""The last month that has a bill; NULL before the first."""


async def quote(account: Account, by_zone: Mapping[Zone, Decimal], period: date) -> Quote:
    """The lines that a bill of the month would have; None where no tariff is known.

    A zone that gets something back has no line for the 0 kWh beside it.
    """
    days = (period, last_day(period))
    prices, ranges = await _prices(account.tariff_category, days), await _ranges(account, period)
    try:
        found = settle(by_zone, days, ranges=ranges, prices=prices)
    except TariffNotFound:
        return None
    charged = (one for one in found.charged if one.kwh or by_zone[one.zone] >= 0)
    return [_line(one) for one in (*charged, *found.credited)]


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

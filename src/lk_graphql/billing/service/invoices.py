"""Open amounts of an account and its bills («к оплате»), status; totals and quotes of months.

`net = debt + penalty - overpayment - processing`, and `amount due = max(0, net)`. This is the only
definition of the balance and of a bill's part in it. The API, previews of payments, the payment
code, receipts, reminders and the calendar use it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.accounts.service.account_days import supplied_days
from lk_graphql.billing.models import Invoice, InvoiceLine, LineKind, Tariff
from lk_graphql.billing.service.charges import (
    ONE_MONTH,
    BilledEnergy,
    Charge,
    ReadingGap,
    TariffNotFound,
    TariffPrice,
    charge_after_gap,
    ranges_of,
)
from lk_graphql.database import raw_sql
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift
from lk_graphql.metering.models import NOT_BY_TELEPHONE_SQL, Zone
from lk_graphql.metering.service.billing_gateway import Quote, QuotedLine

_BILLS = 2
NOTHING = Kopecks(0)


@dataclass(frozen=True)
class AccountDebt:
    """The debt of an account: billing's balance, and the money that billing hasn't posted yet.

    `processing` («в обработке») is the sum of payments, less refunds and reversals, that have no
    agreed acknowledgement. It is below zero while a refund is on its way to billing.
    """

    debt: Kopecks = NOTHING
    penalty: Kopecks = NOTHING
    overpayment: Kopecks = NOTHING
    processing: Kopecks = NOTHING

    @property
    def net(self) -> Kopecks:
        """The net balance: a debt is positive, money paid ahead is negative."""
        return Kopecks(self.debt + self.penalty - self.overpayment - self.processing)

    @property
    def amount_due(self) -> Kopecks:
        """The amount to pay («к оплате»)."""
        return Kopecks(max(0, self.net))

    @property
    def open(self) -> tuple[Kopecks, Kopecks]:
        """The open debt and penalty: money settles debts before penalties (decision 0042)."""
        money = self.overpayment + self.processing
        penalty = self.penalty - max(0, money - self.debt)
        return Kopecks(max(0, self.debt - money)), Kopecks(max(0, penalty))


@dataclass(frozen=True)
class BilledMonth:
    """A bill's charges with recalculations, and its penalty; negative values count as 0."""

    invoice_id: UUID
    period: date
    charges: int
    penalty: int

    @property
    def settleable(self) -> Kopecks:
        """The amount that payments settle; a credit or a written-off penalty settles other bills.

        It exceeds the bill's total if only one of the two is below zero.
        """
        return Kopecks(max(0, self.charges) + max(0, self.penalty))


@dataclass(frozen=True)
class OpenAmount:
    """The open part of a bill, or of debts that no bill explains (no `invoice_id`, no `period`).

    `open_through` returns the open amount of a bill and all older ones together.
    """

    invoice_id: UUID | None
    period: date | None
    debt: Kopecks
    penalty: Kopecks

    @property
    def total(self) -> Kopecks:
        return Kopecks(self.debt + self.penalty)


def allocate_open(account: AccountDebt, bills: Iterable[BilledMonth]) -> tuple[OpenAmount, ...]:
    """Allocate the amount due to bills, the oldest first; their sum is `account.amount_due`.

    Payments settle the oldest debt first, so the newest kopecks of the charges are open, and the
    newest of the penalties. The first item is the amount that no bill explains, which counts as the
    oldest.
    """
    debt, penalty = account.open
    amounts: list[OpenAmount] = []
    for bill in sorted(bills, key=lambda bill: bill.period, reverse=True):
        charges = Kopecks(min(debt, max(0, bill.charges)))
        part = Kopecks(min(penalty, max(0, bill.penalty)))
        amounts.append(OpenAmount(bill.invoice_id, bill.period, charges, part))
        debt, penalty = Kopecks(debt - charges), Kopecks(penalty - part)
    return (OpenAmount(None, None, debt, penalty), *reversed(amounts))


# The same rules in SQL. Movements of money in the cabinet belong to `payments`, a later slice that
# can't be imported here, so the statements name their table. The placeholders are columns of the
# row that is read. OFFSET 0 makes PostgreSQL compute a value once; without it, each mention of the
# value is a subquery.

PROCESSING_SQL = """
SELECT coalesce(sum(movement.amount - movement.posted_amount), 0)::bigint
FROM registry_row movement
WHERE movement.account_id = {account_id} AND movement.posted_at IS NULL"""
"""`AccountDebt.processing` of an account."""

AMOUNT_DUE_SQL = f"""
greatest(0, {{debt}} + {{penalty}} - {{overpayment}} - ({PROCESSING_SQL}))"""
"""`AccountDebt.amount_due` over a row of `account_balance`."""

_ACCOUNT_OPEN_SQL = f"""
SELECT ARRAY[greatest(debt - money, 0), greatest(penalty - greatest(money - debt, 0), 0)]
FROM (
    SELECT coalesce(sum(balance.debt), 0) AS debt, coalesce(sum(balance.penalty), 0) AS penalty,
        coalesce(sum(balance.overpayment), 0) + ({PROCESSING_SQL}) AS money
    FROM account_balance balance WHERE balance.account_id = {{account_id}}
) sums"""  # noqa: S608 - constants
"""`AccountDebt.open` as an array: a single value, computed once for all bills of a list."""

_CHARGES_SQL = "greatest({charged} + {recalculated}, 0)"
_PENALTY_SQL = "greatest({penalty}, 0)"
_SETTLEABLE_SQL = f"{_CHARGES_SQL} + {_PENALTY_SQL}"
"""`BilledMonth.settleable` over a row of `invoice`."""
_OF_BILL = {name: f"bill.{name}" for name in ("charged", "recalculated", "penalty")}

OPEN_THROUGH_SQL = f"""
SELECT greatest(owed.parts[1] - newer.charges, 0)::bigint AS debt,
    greatest(owed.parts[2] - newer.penalty, 0)::bigint AS penalty
FROM (SELECT ({_ACCOUNT_OPEN_SQL}) AS parts OFFSET 0) owed, (
    SELECT coalesce(sum({_CHARGES_SQL.format(**_OF_BILL)}), 0) AS charges,
        coalesce(sum({_PENALTY_SQL.format(**_OF_BILL)}), 0) AS penalty
    FROM invoice bill WHERE bill.account_id = {{account_id}} AND bill.period > {{period}}
) newer"""  # noqa: S608 - constants
"""The open debt and penalty of a bill and all older ones: items of `allocate_open`, summed up."""

INVOICE_DUE_SQL = f"""
SELECT CASE WHEN waiting.amount = 0 OR waiting.amount > 0 AND {{unpaid}} = 0 THEN {{unpaid}}
    ELSE (
        SELECT least(through.debt, {_CHARGES_SQL}) + least(through.penalty, {_PENALTY_SQL})
        FROM ({OPEN_THROUGH_SQL}) through
    ) END FROM (SELECT ({PROCESSING_SQL}) AS amount OFFSET 0) waiting"""  # noqa: S608 - constants
"""`OpenAmount.total` of a bill: the stored `unpaid`, unless money is in processing."""

INVOICE_PROCESSING_SQL = f"{{unpaid}} - ({INVOICE_DUE_SQL})"
"""The part of a bill's `unpaid` that was paid in the cabinet and isn't posted yet."""


def invoice_due_sql(row: str) -> str:
    """Return `INVOICE_DUE_SQL` over a row of `invoice` by its alias, for hand-written SQL."""
    columns = ("account_id", "period", "charged", "recalculated", "penalty", "unpaid")
    return INVOICE_DUE_SQL.format_map({name: f"{row}.{name}" for name in columns})


class InvoiceStatus(StrEnum):
    """Payment status of a bill."""

    PAID = "PAID"
    PROCESSING = "PROCESSING"
    PARTLY_PAID = "PARTLY_PAID"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


def invoice_status(
    unpaid: int, amount_due: int, settleable: int, due_on: date, today: date
) -> InvoiceStatus:
    """Return the status by the open amounts of the bill's own month.

    `unpaid` is the amount open in billing's books, `amount_due` the amount open now, of
    `BilledMonth.settleable`. OVERDUE has precedence over PARTLY_PAID, because a late bill accrues a
    penalty. A bill whose recalculation exceeds its charges is PAID.
    """
    if amount_due == 0:
        return InvoiceStatus.PROCESSING if unpaid else InvoiceStatus.PAID
    if due_on < today:
        return InvoiceStatus.OVERDUE
    return InvoiceStatus.PARTLY_PAID if amount_due < settleable else InvoiceStatus.DUE


STATUS_SQL = f"""
SELECT CASE WHEN due.amount = 0 AND {{unpaid}} = 0 THEN 'PAID'
    WHEN due.amount = 0 THEN 'PROCESSING'
    WHEN {{due_on}} < {{today}} THEN 'OVERDUE'
    WHEN due.amount < {_SETTLEABLE_SQL} THEN 'PARTLY_PAID'
    ELSE 'DUE' END FROM (SELECT ({INVOICE_DUE_SQL}) AS amount OFFSET 0) due"""  # noqa: S608 - constants
"""`invoice_status` over a row of `invoice`."""

_DEBT = f"""
SELECT coalesce(sum(debt), 0)::bigint AS debt, coalesce(sum(penalty), 0)::bigint AS penalty,
    coalesce(sum(overpayment), 0)::bigint AS overpayment,
    ({PROCESSING_SQL.format(account_id="$1")}) AS processing
FROM account_balance WHERE account_id = $1"""  # noqa: S608 - constants
_OPEN = f"""
SELECT debt.*, bill.id, bill.period, bill.charged + bill.recalculated AS charges,
    bill.penalty AS month_penalty
FROM ({_DEBT}) debt LEFT JOIN invoice bill ON bill.account_id = $1"""  # noqa: S608 - constants


async def debt_of(account_id: UUID) -> AccountDebt:
    """Return the debt of an account; 0 before the first balance from billing."""
    (row,) = await raw_sql.fetch(_DEBT, account_id)
    return AccountDebt(**row)


async def open_amounts(account_id: UUID) -> tuple[OpenAmount, ...]:
    """Return the open amount of each of an account's bills: see `allocate_open`."""
    rows = await raw_sql.fetch(_OPEN, account_id)
    row = rows[0]
    account = AccountDebt(row["debt"], row["penalty"], row["overpayment"], row["processing"])
    bills = (
        BilledMonth(row["id"], row["period"], row["charges"], row["month_penalty"])
        for row in rows
        if row["id"] is not None
    )
    return allocate_open(account, bills)


_OPEN_THROUGH = OPEN_THROUGH_SQL.format(account_id="$1", period="$2::date")


async def open_through(invoice: Invoice) -> OpenAmount:
    """Return the open amount of a bill and all older ones, the amount of its payment code."""
    (row,) = await raw_sql.fetch(_OPEN_THROUGH, invoice.account_id, invoice.period)
    return OpenAmount(invoice.id, invoice.period, row["debt"], row["penalty"])


async def recent_totals(account_id: UUID) -> list[Decimal]:
    """Return the charges and the amount to pay of each of the last two bills, in kopecks.

    A bill prints both («начислено за период» and «итого к оплате»), and customers take either for
    its total. Empty for an unknown account.
    """
    bills = Invoice.filter(account_id=account_id).order_by("-period").limit(_BILLS)
    amounts = await bills.values_list("charged", "recalculated", "penalty", "closing_balance")
    return [
        Decimal(amount)
        for *month_amounts, closing in amounts
        for amount in (sum(month_amounts), closing)
    ]


_PRINTED_READINGS = f"""
SELECT reading.value FROM (
    SELECT id FROM invoice WHERE account_id = $1 ORDER BY period DESC LIMIT $2
) bill
JOIN invoice_reading ON invoice_reading.invoice_id = bill.id
JOIN reading ON reading.id = invoice_reading.current_id AND {NOT_BY_TELEPHONE_SQL}
"""  # noqa: S608 - a constant


async def printed_readings(account_id: UUID) -> list[Decimal]:
    """Return the readings in kWh at the end of each of the last two bills, as receipts print them.

    A customer who holds a receipt can name these, even after newer readings were accepted. None
    were reported by telephone. Empty for an unknown account.
    """
    rows = await raw_sql.fetch(_PRINTED_READINGS, account_id, _BILLS)
    return [row["value"] for row in rows]


BILLED_THROUGH_SQL = "SELECT max(period) FROM invoice WHERE account_id = $1"
"""The last billed month; NULL before the first bill."""

ZONE_ESTIMATE_SQL = """
SELECT bool_and(line.basis <> 'METER') AS is_estimated, coalesce(sum(line.quantity_kwh), 0) AS kwh
FROM invoice_line line WHERE line.invoice_id = {bill}.id AND line.kind = 'ENERGY'
AND line.zone = {register}.zone AND line.basis IS NOT NULL AND NOT EXISTS (
    SELECT FROM meter another JOIN register of_zone ON of_zone.meter_id = another.id
    WHERE another.account_id = {bill}.account_id AND of_zone.zone = {register}.zone
    AND of_zone.id <> {register}.id AND another.installed_on < {bill}.period + interval '1 month'
    AND coalesce(least(another.removed_on, of_zone.removed_on) >= {bill}.period, true)
)"""
"""Whether a bill's lines of a register's zone are based on an estimate, and their energy.

NULL where the lines have no basis, and where another register counted in the zone in that month."""

ESTIMATED_BILLS_SQL = f"""
SELECT bill.period, CASE WHEN used.id IS NULL THEN zone.kwh ELSE used.consumption_kwh END AS kwh
FROM invoice bill
LEFT JOIN invoice_reading used ON used.invoice_id = bill.id AND used.register_id = register.id
CROSS JOIN LATERAL ({ZONE_ESTIMATE_SQL.format(bill="bill", register="register")}) zone
WHERE bill.account_id = $1 AND bill.period > {{since}}
AND CASE WHEN used.id IS NULL THEN zone.is_estimated ELSE used.current_id IS NULL END
ORDER BY bill.period"""  # noqa: S608 - constants
"""The month and energy of each bill that is based on an estimate of a register: the bill has no
reading at the end of its month, or doesn't name readings and has lines by an estimate only."""


async def quote(
    account: Account, by_zone: Mapping[Zone, Decimal], period: date, months: int
) -> Quote:
    """Return the lines of a bill for the last of some months; None without a valid tariff.

    Prices that change within the month count by the days on which the account is supplied.
    A credited zone has no second line for 0 kWh.
    """
    days = supplied_days(account, period)
    prices, ranges = await _prices(account.tariff_category, days), await ranges_of(account, period)
    gap = ReadingGap(months, await _billed(account, period, months)) if months > 1 else ONE_MONTH
    try:
        settled = charge_after_gap(by_zone, days, ranges=ranges, prices=prices, gap=gap)
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


def _line(charge: Charge) -> QuotedLine:
    return QuotedLine(
        charge.zone, charge.range_number, charge.kwh, charge.rubles_per_kwh, charge.amount
    )

"""Content of a receipt, loaded from a bill's rows in one snapshot."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, AccountHistory, Holder, TariffCategory
from lk_graphql.accounts.service.account_days import is_month_visible, is_visible
from lk_graphql.billing.models import (
    Invoice,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
    LineKind,
    PenaltyRate,
    PenaltyShare,
    RecalculationReason,
    ReceivedPayment,
    Tariff,
    VatRate,
    VolumeBasis,
)
from lk_graphql.billing.service import explanation
from lk_graphql.billing.service.charges import VatRateNotFound, percent_of, ranges_of, vat_rates
from lk_graphql.billing.service.invoices import OpenAmount, open_through
from lk_graphql.billing.service.payment_code import BillPayment, PayeeDetails, payment_code
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.database.day_ranges import DayRanges
from lk_graphql.kit.dated_rows import newest, newest_set
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Reading, ReadingSource, Zone
from lk_graphql.metering.service.rules import window_terms

T = TypeVar("T")
AccountState = Account | AccountHistory
_MONTHS = 12
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@dataclass(frozen=True)
class SupplierCard:
    """The supplier's name and contacts, as of the day of issue."""

    name: str
    address: str
    phone: str
    emergency_phone: str | None
    email: str | None
    site: str | None
    office_hours: str


@dataclass(frozen=True)
class ReceiptPayer:
    """The account, its holder and its home."""

    account_number: str
    unified_number: str | None
    contract_number: str
    holder: str | None
    address: str
    tariff_category: TariffCategory
    has_range_privilege: bool
    area_m2: Decimal | None
    residents: int | None


@dataclass(frozen=True)
class ReceiptReading:
    """A reading of a register; day and source are None for one of an earlier holder's time."""

    value: Decimal
    taken_on: date | None
    source: ReadingSource | None


@dataclass(frozen=True)
class ReceiptMeter:
    """A register's two readings and consumption in the month."""

    serial: str
    model: str
    verified_until: date | None
    zone: Zone
    ratio: Decimal
    fraction_digits: int
    previous: ReceiptReading | None
    current: ReceiptReading | None
    kwh: Decimal


@dataclass(frozen=True)
class ChargeLine:
    """A line of the bill; `vat_percent` is set where it isn't the rate of the bill's month."""

    kind: LineKind
    service: str
    zone: Zone | None
    range_number: int | None
    basis: VolumeBasis | None
    factor: Decimal | None
    kwh: Decimal | None
    rubles_per_kwh: Decimal | None
    amount: int
    reason: str | None
    reason_code: RecalculationReason | None = None
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str | None = None
    vat_percent: Decimal | None = None


@dataclass(frozen=True)
class PenaltyDays:
    """Days of one debt at one rate."""

    for_period: date
    debt: int
    first_day: date
    last_day: date
    rate_percent: Decimal
    divisor: int
    amount: int


@dataclass(frozen=True)
class PenaltyStep:
    """A dated row: the divisor from this day of delay on; with None, nothing accrues.

    `reference` is the law that sets it.
    """

    days_late: int
    divisor: int | None
    valid_from: date
    reference: str = ""


@dataclass(frozen=True)
class ReceiptPayment:
    """A payment received in the month, on a day of the present holder."""

    paid_on: date
    agent: str
    amount: int


@dataclass(frozen=True)
class ReceiptPrice:
    """A row of the tariff in force at the month's end."""

    zone: Zone
    range_number: int
    rubles_per_kwh: Decimal
    order_reference: str


@dataclass(frozen=True)
class Sums:
    """The bill's sums in kopecks; debt is positive, overpayment negative.

    `closing_penalty` is None where billing doesn't report it.
    """

    opening_balance: int
    charged: int
    recalculated: int
    penalty: int
    paid: int
    closing_balance: int
    closing_penalty: int | None
    vat_percent: Decimal | None


@dataclass(frozen=True)
class ReceiptContent:
    """One bill on one page.

    `due` is the amount to pay now for the bill and all older ones, and `payee` has today's bank
    account; `code` is the payment code with both, None where nothing is to be paid. Shares and cap
    of the penalty are those in force at the month's end.
    """

    number: str
    period: date
    issued_on: date
    due_on: date
    gis_document_id: str | None
    supplier: SupplierCard
    payee: PayeeDetails
    payer: ReceiptPayer
    sums: Sums
    due: OpenAmount
    meters: tuple[ReceiptMeter, ...]
    lines: tuple[ChargeLine, ...]
    penalties: tuple[PenaltyDays, ...]
    penalty_steps: tuple[PenaltyStep, ...]
    penalty_rate_cap: Decimal | None
    payments: tuple[ReceiptPayment, ...]
    prices: tuple[ReceiptPrice, ...]
    range_ends: tuple[int, ...]
    window_days: tuple[int, int] | None
    history: tuple[tuple[date, Decimal], ...]
    difference: str | None
    causes: tuple[tuple[str, int], ...]
    code: str | None

    @property
    def file_name(self) -> str:
        """File name by account and period: `receipt-0412345678-2026-10.pdf`."""
        return f"receipt-{self.payer.account_number}-{self.period:%Y-%m}.pdf"


async def load_receipt(
    invoice_id: UUID, *, period_format: str, today: date
) -> ReceiptContent | None:
    """Load a receipt; None for an unknown bill or without requisites on its day of issue."""
    async with in_transaction() as connection:
        await connection.execute_script(_SNAPSHOT)
        invoice = await Invoice.get_or_none(id=invoice_id).select_related("account")
        supplier = invoice and await supplier_on(invoice.issued_on)
        if invoice is None or supplier is None:
            return None
        account: Account = invoice.account
        payee = _copy_fields(PayeeDetails, await supplier_on(today) or supplier)
        state = await _state(account, invoice.period)
        meters = await _meters(invoice, account.visible_days)
        range_ends = (await ranges_of(state, invoice.period)).ends
        rates, due = await vat_rates(), await open_through(invoice)
        lines = await _lines(invoice, rates)
        sums = _copy_fields(Sums, invoice, vat_percent=_vat_percent(invoice.period, lines, rates))
        zones = [*{**dict.fromkeys(meter.zone for meter in meters), **_zones(lines)}]
        difference, causes = await _difference(invoice)
        return ReceiptContent(
            number=invoice.number,
            period=invoice.period,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            gis_document_id=invoice.gis_document_id,
            supplier=_copy_fields(SupplierCard, supplier),
            payee=payee,
            payer=await _payer(account, state, invoice.period),
            sums=sums,
            due=due,
            meters=meters,
            lines=lines,
            penalties=await _penalties(invoice),
            penalty_steps=await _penalty_steps(last_day(invoice.period)),
            penalty_rate_cap=await _penalty_rate_cap(last_day(invoice.period)),
            payments=await _payments(invoice, account.visible_days),
            prices=await _prices(state, invoice.period, zones, len(range_ends) + 1),
            range_ends=tuple(map(int, range_ends)),
            window_days=await _window_days(invoice.period),
            history=await _history(invoice, account),
            difference=difference,
            causes=causes,
            code=_code(invoice, due.total, payee, period_format),
        )


def _copy_fields(cls: type[T], row: object, **more: object) -> T:
    """Build a value from the row's columns of the same names and from `more`."""
    names = {*cls.__annotations__} - {*more}
    return cls(**{name: getattr(row, name) for name in names}, **more)


def _zones(lines: tuple[ChargeLine, ...]) -> dict[Zone, None]:
    return {line.zone: None for line in lines if line.zone}


async def _state(account: Account, period: date) -> AccountState:
    """Return the account as it was in the month; it may have changed since."""
    history = AccountHistory.filter(account=account, last_period__gte=period)
    return await history.order_by("last_period").first() or account


async def _payer(account: Account, state: AccountState, period: date) -> ReceiptPayer:
    """Return the account in the month, with the contract's holder on its last day."""
    holders = Holder.filter(account=account, since__lte=last_day(period))
    named = holders.filter(Q(until=None) | Q(until__gt=last_day(period)))
    holder = await named.order_by("-since", "-id").first()
    names = (holder.last_name, holder.first_name, holder.patronymic) if holder else ()
    return _copy_fields(
        ReceiptPayer,
        state,
        account_number=account.number,
        unified_number=account.unified_number,
        holder=" ".join(filter(None, names)) or None,
    )


def _vat_percent(
    period: date, lines: Sequence[ChargeLine], rates: Sequence[VatRate]
) -> Decimal | None:
    """Return the rate of the month; None if this rate or that of a corrected month is unknown."""
    try:
        for line in lines:
            percent_of(min(line.corrects_to or period, period), rates)
        return percent_of(period, rates)
    except VatRateNotFound:
        return None


async def _meters(invoice: Invoice, days: DayRanges | None) -> tuple[ReceiptMeter, ...]:
    """Return the registers by meter, in the order of installation."""
    rows = InvoiceReading.filter(invoice=invoice).select_related(
        "register__meter", "previous", "current"
    )
    ordered = rows.order_by(
        "register__meter__installed_on", "register__meter__serial", "register__position"
    )
    return tuple([_meter(row, days) async for row in ordered])


def _meter(row: InvoiceReading, days: DayRanges | None) -> ReceiptMeter:
    meter = row.register.meter
    return _copy_fields(
        ReceiptMeter,
        row.register,
        serial=meter.serial,
        model=meter.model,
        verified_until=meter.next_verification_on,
        ratio=meter.ratio,
        previous=row.previous and _reading(row.previous, days),
        current=row.current and _reading(row.current, days),
        kwh=row.consumption_kwh,
    )


def _reading(reading: Reading, days: DayRanges | None) -> ReceiptReading:
    """Return the reading; of an earlier holder's only the value, which the price depends on."""
    if is_visible(days, reading.taken_on):
        return _copy_fields(ReceiptReading, reading)
    return ReceiptReading(reading.value, None, None)


async def _lines(invoice: Invoice, rates: Sequence[VatRate]) -> tuple[ChargeLine, ...]:
    lines = await InvoiceLine.filter(invoice=invoice).order_by("position")
    return tuple(
        _copy_fields(
            ChargeLine,
            line,
            kwh=line.quantity_kwh,
            vat_percent=_other_rate(line, invoice.period, rates),
        )
        for line in lines
    )


def _other_rate(line: InvoiceLine, period: date, rates: Sequence[VatRate]) -> Decimal | None:
    """Return the rate of the months that a line corrects, if it isn't that of `period`."""
    with suppress(VatRateNotFound):
        rate = percent_of(min(line.corrects_to or period, period), rates)
        return None if rate == percent_of(period, rates) else rate
    return None


async def _penalties(invoice: Invoice) -> tuple[PenaltyDays, ...]:
    rows = await InvoicePenalty.filter(invoice=invoice).order_by("position")
    return tuple(_copy_fields(PenaltyDays, row) for row in rows)


async def _penalty_steps(day: date) -> tuple[PenaltyStep, ...]:
    """Return the shares of the key rate in force on a day, by the day of delay."""
    rows = newest_set(await PenaltyShare.all().order_by("days_late"), day)
    return tuple(_copy_fields(PenaltyStep, row) for row in rows)


async def _penalty_rate_cap(day: date) -> Decimal | None:
    """Return the cap on the key rate in percent a year; None if there is none on the day."""
    cap = newest(await PenaltyRate.filter(is_cap=True), day)
    return cap and cap.percent


async def _payments(invoice: Invoice, days: DayRanges | None) -> tuple[ReceiptPayment, ...]:
    payments = ReceivedPayment.filter(invoice=invoice).exclude(amount=0)  # reversed
    rows = await payments.order_by("paid_on", "id")
    visible = (row for row in rows if is_visible(days, row.paid_on))
    return tuple(_copy_fields(ReceiptPayment, row) for row in visible)


async def _prices(
    account: AccountState, period: date, zones: list[Zone], ranges: int
) -> tuple[ReceiptPrice, ...]:
    """Return the prices of a kWh at the month's end, in the zones' order."""
    until = last_day(period)
    rows = await Tariff.filter(
        category=account.tariff_category,
        zone__in=zones,
        range_number__lte=ranges,
        valid_from__lte=until,
    )
    series = defaultdict[tuple[Zone, int], list[Tariff]](list)
    for row in rows:
        series[row.zone, row.range_number].append(row)
    prices = (newest(series[key], until) for key in product(zones, range(1, ranges + 1)))
    return tuple(_copy_fields(ReceiptPrice, price) for price in prices if price)


async def _window_days(period: date) -> tuple[int, int] | None:
    terms = newest(await window_terms(), period)
    return terms and (terms.first_day, terms.last_day)


async def _history(invoice: Invoice, account: Account) -> tuple[tuple[date, Decimal], ...]:
    bills = Invoice.filter(account=account, period__lte=invoice.period).order_by("-period")
    newest = await bills.limit(_MONTHS).values_list("period", "consumption_kwh")
    return tuple(
        (period, kwh)
        for period, kwh in reversed(newest)
        if period == invoice.period or is_month_visible(account.visible_days, period)
    )


async def _difference(invoice: Invoice) -> tuple[str | None, tuple[tuple[str, int], ...]]:
    """Return the explanation's sentences, the largest causes first; none for the first bill."""
    now, *earlier = await explanation.load_bills(invoice.account_id, invoice.period)
    if not earlier:
        return None, ()
    effects = explanation.effects(earlier[0], now)
    effects.sort(key=lambda effect: -abs(effect.amount))
    causes = tuple(
        (explanation.headline(effect, Language.RU), int(effect.amount)) for effect in effects
    )
    return explanation.summary(earlier[0], now, Language.RU), causes


def _code(invoice: Invoice, amount: Kopecks, payee: PayeeDetails, period_format: str) -> str | None:
    payment = BillPayment(invoice.account.number, invoice.period, amount, invoice.gis_document_id)
    return payment_code(payment, payee, period_format=period_format)

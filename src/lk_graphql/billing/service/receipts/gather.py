"""A bill's rows become a receipt: read in one snapshot, so that its sums fit each other."""

from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import orjson
from tortoise.transactions import in_transaction

from lk_graphql import engine
from lk_graphql.accounts.models import Account, Holder
from lk_graphql.billing.models import (
    Invoice,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
    RangeLimit,
    ReceivedPayment,
    Supplier,
    Tariff,
    VatRate,
)
from lk_graphql.billing.service import explanation
from lk_graphql.billing.service.payment_code import Payee, payload
from lk_graphql.billing.service.payment_orders import Asked, order
from lk_graphql.billing.service.ranges import RangeEnd, ranges_on
from lk_graphql.billing.service.receipts.content import (
    ChargeLine,
    Dial,
    Mark,
    Payer,
    PaymentLine,
    PenaltyDays,
    Price,
    Receipt,
    Sums,
    SupplierCard,
)
from lk_graphql.billing.service.suppliers import supplier_on
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service.terms import window_terms
from lk_graphql.metering.service.windows import terms_for

T = TypeVar("T")
_MONTHS = 12
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


async def receipt_of(invoice_id: UUID, *, period_format: str) -> Receipt | None:
    """None while no requisites are published for the day of issue, or there is no such bill."""
    async with in_transaction() as connection:
        await connection.execute_script(_SNAPSHOT)
        invoice = await Invoice.get_or_none(id=invoice_id).select_related("account")
        supplier = invoice and await supplier_on(invoice.issued_on)
        if invoice is None or supplier is None:
            return None
        account: Account = invoice.account
        dials, ends = await _dials(invoice), await _range_ends(account, invoice.period)
        lines, sums = await _lines(invoice), await _sums(invoice)
        zones = [*{**dict.fromkeys(d.zone for d in dials), **_zones(lines)}]
        difference, causes = await _difference(invoice, account)
        return Receipt(
            number=invoice.number,
            period=invoice.period,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            gis_document_id=invoice.gis_document_id,
            supplier=_copied(SupplierCard, supplier),
            payer=await _payer(account, invoice.issued_on),
            sums=sums,
            dials=dials,
            lines=lines,
            penalties=await _penalties(invoice),
            payments=await _payments(invoice),
            prices=await _prices(account, invoice.period, zones, len(ends) + 1),
            range_ends=ends,
            window_days=await _window_days(invoice.period),
            history=await _history(invoice, account),
            difference=difference,
            causes=causes,
            code=_code(invoice, sums, supplier, period_format),
        )


def _copied(form: type[T], row: object, **more: object) -> T:
    """A value with the row's columns of the same names, and what the row doesn't know."""
    names = {*form.__annotations__} - {*more}
    return form(**{name: getattr(row, name) for name in names}, **more)


def _zones(lines: tuple[ChargeLine, ...]) -> dict[Zone, None]:
    return {line.zone: None for line in lines if line.zone}


async def _payer(account: Account, day: date) -> Payer:
    """Whoever held the contract on the day of issue."""
    holders = Holder.filter(account=account, since__lte=day).order_by("-since")
    holder = await holders.first()
    names = (holder.last_name, holder.first_name, holder.patronymic) if holder else ()
    return _copied(
        Payer,
        account,
        account_number=account.number,
        holder=" ".join(filter(None, names)) or None,
    )


async def _sums(invoice: Invoice) -> Sums:
    rates = VatRate.filter(valid_from__lte=last_day(invoice.period)).order_by("-valid_from")
    rate = await rates.first()
    return _copied(Sums, invoice, vat_percent=rate and rate.percent)


async def _dials(invoice: Invoice) -> tuple[Dial, ...]:
    """Meter by meter, the one installed first ahead."""
    rows = InvoiceReading.filter(invoice=invoice).select_related(
        "register__meter", "previous", "current"
    )
    ordered = rows.order_by(
        "register__meter__installed_on", "register__meter__serial", "register__position"
    )
    return tuple([_dial(row) async for row in ordered])


def _dial(row: InvoiceReading) -> Dial:
    meter = row.register.meter
    return _copied(
        Dial,
        row.register,
        serial=meter.serial,
        model=meter.model,
        verified_until=meter.next_verification_on,
        ratio=meter.ratio,
        previous=row.previous and _copied(Mark, row.previous),
        current=row.current and _copied(Mark, row.current),
        kwh=row.consumption_kwh,
    )


async def _lines(invoice: Invoice) -> tuple[ChargeLine, ...]:
    lines = await InvoiceLine.filter(invoice=invoice).order_by("position")
    return tuple(_copied(ChargeLine, line, kwh=line.quantity_kwh) for line in lines)


async def _penalties(invoice: Invoice) -> tuple[PenaltyDays, ...]:
    rows = await InvoicePenalty.filter(invoice=invoice).order_by("position")
    return tuple(_copied(PenaltyDays, row) for row in rows)


async def _payments(invoice: Invoice) -> tuple[PaymentLine, ...]:
    rows = await ReceivedPayment.filter(invoice=invoice).order_by("paid_on", "id")
    return tuple(_copied(PaymentLine, row) for row in rows)


async def _range_ends(account: Account, period: date) -> tuple[int, ...]:
    """Those of the period's first day; none for whoever pays the first range's price always."""
    if account.has_range_privilege:
        return ()
    rows = await RangeLimit.filter(category=account.tariff_category, valid_from__lte=period)
    ends = ranges_on(period, [_copied(RangeEnd, row) for row in rows]).ends
    return tuple(int(end) for end in ends)


async def _prices(
    account: Account, period: date, zones: list[Zone], ranges: int
) -> tuple[Price, ...]:
    """What a kWh cost at the month's end, in the zones' order."""
    until = last_day(period)
    rows = await Tariff.filter(
        category=account.tariff_category,
        zone__in=zones,
        range_number__lte=ranges,
        valid_from__lte=until,
    ).order_by("-valid_from")
    newest = dict[tuple[Zone, int], Price]()
    for row in rows:
        if row.valid_to is None or row.valid_to >= until:
            price = _copied(Price, row)
            newest.setdefault((price.zone, price.range_number), price)
    return tuple(sorted(newest.values(), key=lambda p: (zones.index(p.zone), p.range_number)))


async def _window_days(period: date) -> tuple[int, int] | None:
    terms = terms_for(period, await window_terms())
    return terms and (terms.first_day, terms.last_day)


async def _history(invoice: Invoice, account: Account) -> tuple[tuple[date, Decimal], ...]:
    bills = Invoice.filter(account=account, period__lte=invoice.period).order_by("-period")
    newest = await bills.limit(_MONTHS).values_list("period", "consumption_kwh")
    return tuple((period, kwh) for period, kwh in reversed(newest))


async def _difference(
    invoice: Invoice, account: Account
) -> tuple[str | None, tuple[tuple[str, int], ...]]:
    """The explanation in words, its largest causes first; nothing for the first bill."""
    sql = explanation.BILLS_IN_SQL.format(
        account_id="$1", period="$2::date", account__tariff_category="$3::varchar"
    )
    values = [account.id, invoice.period, account.tariff_category.value]
    (found,) = await engine.fetch(sql, *values)
    now, *earlier = explanation.bills_in(orjson.loads(found["json_agg"]))
    if not earlier:
        return None, ()
    effects = explanation.effects(earlier[0], now)
    effects.sort(key=lambda effect: -abs(effect.amount))
    told = tuple((explanation.headline(one, Language.RU), int(one.amount)) for one in effects)
    return explanation.summary(earlier[0], now, Language.RU), told


def _code(invoice: Invoice, sums: Sums, supplier: Supplier, period_format: str) -> str | None:
    amount = Kopecks(sums.closing_balance)
    asked = Asked(invoice.account.number, invoice.period, amount, invoice.gis_document_id)
    found = order(asked, _copied(Payee, supplier))
    return payload(found, period_format=period_format) if found else None

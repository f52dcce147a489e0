"""Rows that belong to an invoice: lines, penalties, readings."""

from collections.abc import Sequence

from lk_graphql.billing.models import Invoice, InvoiceLine, InvoicePenalty, InvoiceReading
from lk_graphql.demo.data.debts import Debt, Segment
from lk_graphql.demo.data.invoice_lines import SERVICE, ChargedLine
from lk_graphql.demo.data.readings import MonthRead
from lk_graphql.demo.data.rng import Keys


def lines(invoice: Invoice, charged: Sequence[ChargedLine], keys: Keys) -> list[InvoiceLine]:
    return [
        InvoiceLine.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            position=position,
            kind=line.kind,
            service=SERVICE,
            zone=line.zone,
            range_number=line.range_number,
            basis=line.basis,
            quantity_kwh=line.kwh,
            rubles_per_kwh=line.rubles_per_kwh,
            amount=line.amount,
            reason=line.reason,
            reason_code=line.reason_code,
            corrects_from=line.corrects and line.corrects[0],
            corrects_to=line.corrects and line.corrects[1],
            document=line.document,
        )
        for position, line in enumerate(charged, start=1)
    ]


def penalties(
    invoice: Invoice, segments: Sequence[tuple[Debt, Segment]], keys: Keys
) -> list[InvoicePenalty]:
    return [
        InvoicePenalty.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            position=position,
            for_period=debt.period,
            debt=part.debt,
            first_day=part.first_day,
            last_day=part.last_day,
            rate_percent=part.percent,
            divisor=part.divisor,
            amount=part.amount,
        )
        for position, (debt, part) in enumerate(segments, start=1)
    ]


def readings(invoice: Invoice, month: MonthRead, keys: Keys) -> list[InvoiceReading]:
    return [
        InvoiceReading.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            register_id=part.register.id,
            previous_id=part.previous.id,
            current_id=part.current.id,
            consumption_kwh=part.kwh,
        )
        for part in month.billed
    ]

"""What belongs to a bill, as rows: its lines, its penalties, its readings."""

from collections.abc import Sequence

from lk_graphql.billing.service.ledger import Debt
from lk_graphql.billing.service.penalty import Segment
from lk_graphql.demo.chance import Keys
from lk_graphql.demo.lines import SERVICE, Line
from lk_graphql.demo.readings import MonthRead
from lk_graphql.demo.rows import InvoiceLineRow, InvoicePenaltyRow, InvoiceReadingRow, InvoiceRow


def lines(invoice: InvoiceRow, charged: Sequence[Line], keys: Keys) -> list[InvoiceLineRow]:
    return [
        InvoiceLineRow(
            keys.new(invoice.issued_on),
            invoice.id,
            position,
            line.kind,
            SERVICE,
            line.zone,
            line.range_number,
            line.basis,
            line.kwh,
            line.rubles_per_kwh,
            line.amount,
            line.reason,
            line.reason_code,
            *(line.corrects or (None, None)),
            line.document,
        )
        for position, line in enumerate(charged, start=1)
    ]


def penalties(
    invoice: InvoiceRow, found: Sequence[tuple[Debt, Segment]], keys: Keys
) -> list[InvoicePenaltyRow]:
    return [
        InvoicePenaltyRow(
            keys.new(invoice.issued_on),
            invoice.id,
            position,
            debt.period,
            part.debt,
            part.first_day,
            part.last_day,
            part.percent,
            part.divisor,
            part.amount,
        )
        for position, (debt, part) in enumerate(found, start=1)
    ]


def readings(invoice: InvoiceRow, month: MonthRead, keys: Keys) -> list[InvoiceReadingRow]:
    return [
        InvoiceReadingRow(
            keys.new(invoice.issued_on),
            invoice.id,
            part.register.id,
            part.previous.id,
            part.current.id,
            part.kwh,
        )
        for part in month.billed
    ]

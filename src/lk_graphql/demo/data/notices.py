"""Notices of the demo's customers about bills, by the application's rules."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.billing.models import Invoice
from lk_graphql.demo.data.rng import ZONE, Keys
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import Notice, NoticeKind

_READ_WITHIN = timedelta(days=7)


class NoticeReader(NamedTuple):
    """A customer with an account since a time; notices older than a week are read."""

    user_id: UUID
    account_id: UUID
    since: datetime
    today: date


def of_bills(reader: NoticeReader, invoices: list[Invoice], keys: Keys) -> Iterator[Notice]:
    """Notices of each bill since `reader.since`, and of overdue bills."""
    for invoice in invoices:
        to_pay = Kopecks(max(0, invoice.closing_balance))
        issued = _notice_factory(reader, invoice, invoice.issued_on, keys)
        yield from issued(NoticeKind.INVOICE_ISSUED, f"invoice/{invoice.id.hex}", to_pay)
        if invoice.unpaid > 0:
            overdue = _notice_factory(reader, invoice, invoice.due_on + timedelta(days=1), keys)
            cause, open_yet = f"overdue/{invoice.id}", Kopecks(invoice.unpaid)
            yield from overdue(NoticeKind.PAYMENT_OVERDUE, cause, open_yet)


def _notice_factory(
    reader: NoticeReader, invoice: Invoice, on: date, keys: Keys
) -> Callable[[NoticeKind, str, Kopecks], Iterator[Notice]]:
    """A function that makes a notice of that day, 10:00, if the customer was linked by then."""
    sent_at = datetime.combine(on, time(10), ZONE)
    read_at = sent_at + timedelta(hours=9) if on + _READ_WITHIN < reader.today else None

    def notices(kind: NoticeKind, cause: str, amount: Kopecks) -> Iterator[Notice]:
        if reader.since <= sent_at and on < reader.today:
            yield Notice.construct(
                id=keys.new(on),
                user_id=reader.user_id,
                account_id=reader.account_id,
                kind=kind,
                cause=cause,
                subject_id=invoice.id,
                period=invoice.period,
                day=invoice.due_on,
                amount=amount,
                created_at=sent_at,
                read_at=read_at,
            )

    return notices

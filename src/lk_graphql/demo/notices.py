"""What the demo's customers were told of their accounts, by the rules of the real thing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import ZONE, Keys
from lk_graphql.demo.rows import InvoiceRow
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import NoticeKind

_READ_WITHIN = timedelta(days=7)


class NoticeRow(NamedTuple):
    id: UUID
    user_id: UUID
    account_id: UUID
    kind: NoticeKind
    cause: str
    subject_id: UUID | None
    period: date | None
    day: date | None
    amount: Kopecks | None
    created_at: datetime
    read_at: datetime | None


class Reader(NamedTuple):
    """Somebody who has an account, and since when; what is a week old they have read."""

    user_id: UUID
    account_id: UUID
    since: datetime
    today: date


def of_bills(reader: Reader, invoices: list[InvoiceRow], keys: Keys) -> Iterator[NoticeRow]:
    """Each bill that came since."""
    for invoice in invoices:
        told_at = datetime.combine(invoice.issued_on, time(10), ZONE)
        if reader.since <= told_at and invoice.issued_on < reader.today:
            is_read = told_at.date() + _READ_WITHIN < reader.today
            yield NoticeRow(
                id=keys.new(invoice.issued_on),
                user_id=reader.user_id,
                account_id=reader.account_id,
                kind=NoticeKind.INVOICE_ISSUED,
                cause=f"invoice/{invoice.id.hex}",
                subject_id=invoice.id,
                period=invoice.period,
                day=invoice.due_on,
                amount=Kopecks(max(0, invoice.closing_balance)),
                created_at=told_at,
                read_at=told_at + timedelta(hours=9) if is_read else None,
            )

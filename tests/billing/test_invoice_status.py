"""Payment status of a bill."""

from datetime import date

import pytest

from lk_graphql.billing.service.invoices import InvoiceStatus, invoice_status

DUE_ON = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("unpaid", "today", "status"),
    [
        (0, date(2026, 11, 1), InvoiceStatus.PAID),
        (0, date(2027, 1, 1), InvoiceStatus.PAID),
        (64_000, date(2026, 11, 1), InvoiceStatus.DUE),
        (64_000, DUE_ON, InvoiceStatus.DUE),
        (63_999, DUE_ON, InvoiceStatus.PARTLY_PAID),
        (1, date(2026, 11, 17), InvoiceStatus.OVERDUE),
        (64_000, date(2026, 11, 17), InvoiceStatus.OVERDUE),
    ],
)
def test_a_bill_is_late_from_the_day_after_it_was_due(
    unpaid: int, today: date, status: InvoiceStatus
):
    actual = invoice_status(
        unpaid=unpaid, charged=60_000, recalculated=3_000, penalty=1_000, due_on=DUE_ON, today=today
    )
    assert actual is status


def test_a_bill_that_asks_for_nothing_is_paid():
    actual = invoice_status(
        unpaid=0, charged=100, recalculated=-500, penalty=0, due_on=DUE_ON, today=DUE_ON
    )
    assert actual is InvoiceStatus.PAID

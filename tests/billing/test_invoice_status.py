"""Payment status of a bill."""

from datetime import date

import pytest

from lk_graphql.billing.service.invoices import InvoiceStatus, invoice_status

DUE_ON = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("amount_due", "today", "status"),
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
    amount_due: int, today: date, status: InvoiceStatus
):
    assert invoice_status(amount_due, amount_due, 64_000, DUE_ON, today) is status


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2027, 1, 1)])
def test_a_bill_that_is_paid_here_and_not_posted_is_never_late(today: date):
    assert invoice_status(64_000, 0, 64_000, DUE_ON, today) is InvoiceStatus.PROCESSING


def test_a_bill_is_partly_paid_by_a_payment_that_is_not_posted():
    assert invoice_status(64_000, 1, 64_000, DUE_ON, DUE_ON) is InvoiceStatus.PARTLY_PAID


def test_a_bill_without_an_amount_due_is_paid():
    assert invoice_status(0, 0, -400, DUE_ON, DUE_ON) is InvoiceStatus.PAID

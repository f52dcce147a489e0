"""Whether a bill is still to pay."""

from datetime import date
from enum import StrEnum


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

"""Fiscal receipts (54-ФЗ): expected when money moves, completed by the cash register."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lk_graphql.payments.models import (
    FiscalReceipt,
    Payment,
    PaymentEventKind,
    ReceiptState,
    Refund,
)
from lk_graphql.payments.service import states
from lk_graphql.ports.acquiring import FiscalRegistration, FiscalStatus
from lk_graphql.ports.jobs import enqueue

FIRST_CHECK = timedelta(seconds=10)
"""The delay of the first check for a receipt."""


async def create_expected(payment: Payment, refund: Refund | None, amount: int) -> None:
    await FiscalReceipt.create(
        payment=payment, refund=refund, amount=amount, state=ReceiptState.PENDING
    )


async def update(
    payment: Payment, registrations: Iterable[FiscalRegistration], *, now: datetime
) -> None:
    """Save the data of issued receipts, and mail them."""
    pending = FiscalReceipt.filter(payment_id=payment.id, state=ReceiptState.PENDING)
    by_refund = {
        receipt.refund.reference if receipt.refund else None: receipt
        for receipt in await pending.select_related("refund")
    }
    for registration in registrations:
        receipt = by_refund.get(registration.refund)
        if receipt is not None and registration.status is not FiscalStatus.PENDING:
            await _issue(payment, receipt, registration, now=now)


async def _issue(
    payment: Payment, receipt: FiscalReceipt, registration: FiscalRegistration, *, now: datetime
) -> None:
    receipt.state = ReceiptState(registration.status.value)
    receipt.storage, receipt.number = registration.storage, registration.number
    receipt.attribute, receipt.registered_at = registration.attribute, registration.registered_at
    receipt.url = registration.url
    await receipt.save()
    if receipt.state is ReceiptState.DONE:
        kind = PaymentEventKind.RECEIPT_ISSUED
        await states.add_event(payment, kind, now=now, amount=receipt.amount)
        await enqueue("payments.mail_receipt", receipt_id=receipt.id)

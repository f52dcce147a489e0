"""Fiscal receipts (54-ФЗ): expected when money moves, completed by the cash register."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lk_graphql.payments.models import FiscalReceipt, Payment, PaymentEventKind, ReceiptState
from lk_graphql.payments.models import Refund as RefundRow
from lk_graphql.payments.service import states
from lk_graphql.ports.acquiring import FiscalRegistration, FiscalStatus
from lk_graphql.ports.jobs import enqueue

FIRST_CHECK = timedelta(seconds=10)
"""When to ask for the receipt first."""


async def create_expected(payment: Payment, refund: RefundRow | None, amount: int) -> None:
    await FiscalReceipt.create(
        payment=payment, refund=refund, amount=amount, state=ReceiptState.PENDING
    )


async def update(
    payment: Payment, receipts: Iterable[FiscalRegistration], *, now: datetime
) -> None:
    """Write down what has become of receipts, and mail those that are new."""
    waiting = FiscalReceipt.filter(payment_id=payment.id, state=ReceiptState.PENDING)
    ours = {
        receipt.refund.reference if receipt.refund else None: receipt
        for receipt in await waiting.select_related("refund")
    }
    for one in receipts:
        receipt = ours.get(one.refund)
        if receipt is not None and one.status is not FiscalStatus.PENDING:
            await _issue(payment, receipt, one, now=now)


async def _issue(
    payment: Payment, receipt: FiscalReceipt, fiscal: FiscalRegistration, *, now: datetime
) -> None:
    receipt.state = ReceiptState(fiscal.status.value)
    receipt.storage, receipt.number = fiscal.storage, fiscal.number
    receipt.attribute, receipt.registered_at = fiscal.attribute, fiscal.registered_at
    receipt.url = fiscal.url
    await receipt.save()
    if receipt.state is ReceiptState.DONE:
        kind = PaymentEventKind.RECEIPT_ISSUED
        await states.add_event(payment, kind, now=now, amount=receipt.amount)
        await enqueue("payments.mail_receipt", receipt_id=receipt.id)

"""Fiscal receipts (54-ФЗ): expected when money moves, completed by the cash register."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lk_graphql.payments.models import FiscalReceipt, Payment, PaymentEventKind, ReceiptState
from lk_graphql.payments.models import Refund as RefundRow
from lk_graphql.payments.service import states
from lk_graphql.ports.acquiring import Fiscal, FiscalStatus
from lk_graphql.ports.jobs import enqueue

SOON = timedelta(seconds=10)
"""When to ask for the receipt first."""


async def expect(payment: Payment, refund: RefundRow | None, amount: int) -> None:
    await FiscalReceipt.create(
        payment=payment, refund=refund, amount=amount, state=ReceiptState.PENDING
    )


async def take(payment: Payment, said: Iterable[Fiscal], *, now: datetime) -> None:
    """Write down what has become of receipts, and mail those that are new."""
    waiting = FiscalReceipt.filter(payment_id=payment.id, state=ReceiptState.PENDING)
    ours = {
        receipt.refund.reference if receipt.refund else None: receipt
        for receipt in await waiting.select_related("refund")
    }
    for one in said:
        receipt = ours.get(one.refund)
        if receipt is not None and one.status is not FiscalStatus.PENDING:
            await _issue(payment, receipt, one, now=now)


async def _issue(payment: Payment, receipt: FiscalReceipt, said: Fiscal, *, now: datetime) -> None:
    receipt.state = ReceiptState(said.status.value)
    receipt.storage, receipt.number = said.storage, said.number
    receipt.attribute, receipt.registered_at = said.attribute, said.registered_at
    receipt.url = said.url
    await receipt.save()
    if receipt.state is ReceiptState.DONE:
        kind = PaymentEventKind.RECEIPT_ISSUED
        await states.note(payment, kind, now=now, amount=receipt.amount)
        await enqueue("payments.mail_receipt", receipt_id=receipt.id)

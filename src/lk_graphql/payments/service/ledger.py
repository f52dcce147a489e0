"""Ledger entries and the payments registry («реестр платежей»).

Every movement is one row with a number of its own, for ever. Sent twice, it is the same row; said
to be posted twice, it is posted once. Billing acknowledges by numbers, in a file or by the
`external_id` of a payment that it reports back: both lead here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.changes import account_changed
from lk_graphql.payments.models import (
    Book,
    LedgerEntry,
    LedgerKind,
    LedgerLine,
    Payment,
    PaymentEventKind,
    PaymentPart,
    Refund,
    RegistryRow,
)
from lk_graphql.payments.service import states


async def record_payment(payment: Payment, parts: Sequence[PaymentPart], *, at: datetime) -> None:
    """The acquirer owes us the total; we owe each account its part. In the caller's transaction.

    A second time is refused by the database (a unique index).
    """
    entry = await LedgerEntry.create(kind=LedgerKind.PAYMENT, payment_id=payment.id, happened_at=at)
    await LedgerLine.create(entry=entry, book=Book.ACQUIRER, amount=payment.total)
    for part in parts:
        line = await _account_line(entry, part, -part.amount)
        await _add_registry_row(line, payment, part, f"{payment.number}-{part.position}", at)
    if payment.commission:
        await LedgerLine.create(entry=entry, book=Book.COMMISSION, amount=-payment.commission)


async def record_refund(
    refund: Refund, payment: Payment, part: PaymentPart, *, at: datetime
) -> None:
    """The acquirer owes us less, and we the account. In the caller's transaction."""
    earlier = await LedgerEntry.filter(payment_id=payment.id, kind=LedgerKind.REFUND).count()
    entry = await LedgerEntry.create(
        kind=LedgerKind.REFUND, payment_id=payment.id, refund=refund, happened_at=at
    )
    await LedgerLine.create(entry=entry, book=Book.ACQUIRER, amount=-refund.amount)
    line = await _account_line(entry, part, refund.amount)
    number = f"{payment.number}-{part.position}В{earlier + 1}"
    await _add_registry_row(line, payment, part, number, at)


async def _account_line(entry: LedgerEntry, part: PaymentPart, amount: int) -> LedgerLine:
    return await LedgerLine.create(
        entry=entry, book=Book.CUSTOMER, account_id=part.account_id, amount=amount
    )


async def _add_registry_row(
    line: LedgerLine, payment: Payment, part: PaymentPart, number: str, at: datetime
) -> None:
    await RegistryRow.create(
        line=line,
        payment_id=payment.id,
        account_id=part.account_id,
        number=number,
        amount=-line.amount,
        period=part.period,
        happened_at=at,
    )
    await account_changed(part.account_id)  # its balance has changed


async def acknowledge(numbers: Collection[str], *, now: datetime) -> int:
    """Billing has posted these: they aren't «в обработке» any more. How many were news.

    To be called in the transaction that brings the balances in which they are contained: so a
    customer never sees a payment counted twice, or not at all.
    """
    async with in_transaction():
        waiting = RegistryRow.filter(number__in=list(numbers), posted_at=None)
        keys = sorted({row.payment_id for row in await waiting})
        payments = await Payment.filter(id__in=keys).order_by("id").select_for_update()
        posted = await RegistryRow.filter(number__in=list(numbers), posted_at=None).update(
            posted_at=now
        )
        for payment in payments:
            if not await RegistryRow.exists(payment_id=payment.id, posted_at=None):
                payment.posted_at = now
                await payment.save(update_fields=["posted_at"])
                await states.add_event(payment, PaymentEventKind.POSTED, now=now)
    return posted

"""Writing the books: one entry for each movement of money, its lines come to nothing."""

from collections.abc import Sequence
from datetime import datetime

from lk_graphql.accounts.service.changes import account_changed
from lk_graphql.payments.models import (
    Book,
    LedgerEntry,
    LedgerKind,
    LedgerLine,
    Payment,
    PaymentPart,
    Refund,
    RegistryRow,
)


async def record_payment(payment: Payment, parts: Sequence[PaymentPart], *, at: datetime) -> None:
    """The acquirer owes us the total; we owe each account its part. In the caller's transaction.

    A second time is refused by the database (a unique index).
    """
    entry = await LedgerEntry.create(kind=LedgerKind.PAYMENT, payment_id=payment.id, happened_at=at)
    await LedgerLine.create(entry=entry, book=Book.ACQUIRER, amount=payment.total)
    for part in parts:
        line = await _owed_to(entry, part, -part.amount)
        await _tell_billing(line, payment, part, f"{payment.number}-{part.position}", at)
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
    line = await _owed_to(entry, part, refund.amount)
    number = f"{payment.number}-{part.position}В{earlier + 1}"
    await _tell_billing(line, payment, part, number, at)


async def _owed_to(entry: LedgerEntry, part: PaymentPart, amount: int) -> LedgerLine:
    return await LedgerLine.create(
        entry=entry, book=Book.CUSTOMER, account_id=part.account_id, amount=amount
    )


async def _tell_billing(
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

"""Ledger entries and the payments registry («реестр платежей»).

Every movement is one row with a permanent number, so that exports and acknowledgements can be
repeated. Billing acknowledges a row by posting it: see `differences.acknowledge`.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.kit.pasted_text import LOOK_ALIKES, to_compatible
from lk_graphql.payments.models import (
    LedgerAccount,
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

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_CYRILLIC = str.maketrans(LOOK_ALIKES[1], LOOK_ALIKES[0])


def usual_number(text: str) -> str:
    """The number of a payment or a movement as it is stored, however it was typed.

    Its letters are Cyrillic capitals; some of them look like Latin letters.
    """
    number = "".join(_DASHES.sub("-", to_compatible(text)).split())
    return number.upper().translate(_CYRILLIC)


def refund_digits(refund_id: UUID) -> str:
    """The end of the number of a refund's movement: eight digits of its random key.

    A refund has the same number whenever it is recorded, and another one has another number, also
    after a restore of the database (decision 0128).
    """
    return f"{refund_id.int % 10**8:08}"


async def record_payment(payment: Payment, parts: Sequence[PaymentPart], *, at: datetime) -> None:
    """Debit the acquirer with the total, credit each account; in the caller's transaction.

    Raises `IntegrityError` for a second entry (a unique index).
    """
    entry = await LedgerEntry.create(kind=LedgerKind.PAYMENT, payment_id=payment.id, happened_at=at)
    await LedgerLine.create(entry=entry, book=LedgerAccount.ACQUIRER, amount=payment.total)
    for part in parts:
        line = await _account_line(entry, part, -part.amount)
        await _add_registry_row(line, payment, part, f"{payment.number}-{part.position}", at)
    if payment.commission:
        await LedgerLine.create(
            entry=entry, book=LedgerAccount.COMMISSION, amount=-payment.commission
        )


async def record_refund(
    refund: Refund, payment: Payment, part: PaymentPart, *, at: datetime
) -> None:
    """Credit the acquirer and debit the account; in the caller's transaction."""
    entry = await LedgerEntry.create(
        kind=LedgerKind.REFUND, payment_id=payment.id, refund=refund, happened_at=at
    )
    await LedgerLine.create(entry=entry, book=LedgerAccount.ACQUIRER, amount=-refund.amount)
    line = await _account_line(entry, part, refund.amount)
    number = f"{payment.number}-{part.position}В{refund_digits(refund.id)}"
    await _add_registry_row(line, payment, part, number, at)


async def _account_line(entry: LedgerEntry, part: PaymentPart, amount: int) -> LedgerLine:
    return await LedgerLine.create(
        entry=entry, book=LedgerAccount.CUSTOMER, account_id=part.account_id, amount=amount
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
        period=part.period if part.names_invoice else None,
        happened_at=at,
    )


async def mark_payments(payments: Iterable[Payment], *, now: datetime) -> None:
    """Set or clear `posted_at` of locked payments by their registry rows."""
    for payment in payments:
        is_posted = not await RegistryRow.exists(payment_id=payment.id, posted_at=None)
        if is_posted == (payment.posted_at is not None):
            continue
        payment.posted_at = now if is_posted else None
        await payment.save(update_fields=["posted_at"])
        if is_posted:
            await states.add_event(payment, PaymentEventKind.POSTED, now=now)

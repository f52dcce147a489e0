"""Start of a payment: reserve, commit, call the acquirer, commit.

The call is sent with the payment's own idempotence key. A repeat by the customer or by the
reconciler therefore has the result of the first call, even if the first response was lost.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import IdempotentRequest, run_once
from lk_graphql.guards.rate_limits import Attempt, AttemptLimit, AttemptWindow
from lk_graphql.kit.company import Company
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks, MoneyDetail
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments import errors
from lk_graphql.payments.models import (
    DifferenceKind,
    Payment,
    PaymentLine,
    PaymentLineKind,
    PaymentPart,
    PaymentState,
)
from lk_graphql.payments.service import orders, states
from lk_graphql.payments.service.differences import report, report_unreadable
from lk_graphql.payments.service.preview import (
    PartRequest,
    PreviewedPart,
    PreviewedPayment,
    preview_parts,
)
from lk_graphql.payments.service.receipt_lines import SettledLine
from lk_graphql.payments.service.states import first_check_at
from lk_graphql.ports.acquiring import (
    Acquirer,
    AcquirerRefused,
    AcquirerUnavailable,
    AnswerUnreadable,
)

# Each start costs a call to the acquirer; a family may pay a dozen bills in an evening.
PER_USER = AttemptLimit(
    "payment/user", (AttemptWindow(60, timedelta(hours=1)), AttemptWindow(200, timedelta(days=1))),
)  # fmt: skip
KEY_LIFETIME = timedelta(hours=23)
"""Acquirers store idempotence keys for a day: a later repeat could be a second order."""


@dataclass(frozen=True)
class PaymentRequest:
    """The parts that the customer has confirmed in the preview; `total` includes the commission."""

    parts: tuple[PartRequest, ...]
    total: Kopecks

    def body(self, return_url: str | None) -> object:
        """The input for the idempotency key; unchanged for requests without a return address."""
        return self if return_url is None else (self, return_url)


async def start(  # noqa: PLR0913 - its dependencies, by keyword
    viewer: Viewer,
    request: PaymentRequest,
    key: str,
    *,
    return_url: str | None = None,
    acquirer: Acquirer | None,
    company: Company,
    signer: Signer,
    now: datetime,
) -> UUID:
    """Start a payment and return its key; a repeat with the same `key` returns the same payment.

    When the acquirer is unavailable, the payment is CREATED without a page, and the reconciler
    registers it later. Raises the refusals of `payments.errors`.
    """
    if acquirer is None:
        raise errors.PaymentsClosed

    async def reserve() -> dict[str, str]:
        payment = Payment(id=new_key(), provider=acquirer.provider, created_at=now, changed_at=now)
        payment.return_url = orders.return_url(payment.id, company, return_url)
        supplier = await supplier_on(company.today(now))
        payment.supplier_id = supplier and supplier.id
        payment_id = await _reserve(viewer, request, payment, company=company, now=now)
        return {"payment": str(payment_id)}

    idempotent_request = IdempotentRequest("paymentStart", key, request.body(return_url))
    outcome: Any = await run_once(
        viewer,
        idempotent_request,
        reserve,
        now=now,
        attempt=Attempt(PER_USER, viewer.id, signer, now),
    )
    payment_id = UUID(outcome["payment"])
    with suppress(AcquirerUnavailable):  # a scheduled check registers it later
        await register(payment_id, acquirer=acquirer, company=company, now=now)
    return payment_id


async def register(
    payment_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime
) -> None:
    """Register a CREATED payment with the acquirer; a repeat is harmless.

    Raises `AcquirerUnavailable`, after which the order may or may not exist.
    """
    payment = await Payment.get(id=payment_id)
    if payment.state is not PaymentState.CREATED:
        return
    if now - payment.created_at > KEY_LIFETIME:  # no customer has seen its page
        await _close(payment_id, PaymentState.EXPIRED, "never registered", now=now)
        return
    try:
        order = await acquirer.register(await orders.order_of(payment, company=company))
    except AcquirerRefused as refusal:
        await _close(payment_id, PaymentState.CANCELED, str(refusal)[:100], now=now)
        return
    except AnswerUnreadable as answer:
        await report_unreadable(payment_id, answer, now=now)
        raise
    async with in_transaction():
        payment = await states.lock(payment_id)
        others = Payment.filter(provider=payment.provider, reference=order.reference)
        if await others.exclude(id=payment_id).exists():
            kind = DifferenceKind.ORDER
            await report(payment, kind, str(payment_id), order.reference, now=now)
        elif payment.state is PaymentState.CREATED:
            payment.reference, payment.page_url = order.reference, order.page_url
            payment.buyer_email = payment.return_url = None
            await states.move(payment, PaymentState.REGISTERED, now=now)


async def _close(payment_id: UUID, state: PaymentState, reason: str, *, now: datetime) -> None:
    async with in_transaction():
        payment = await states.lock(payment_id)
        if payment.state is PaymentState.CREATED:
            payment.next_check_at = payment.buyer_email = payment.return_url = None
            await states.move(payment, state, now=now, reason=reason)


async def _reserve(
    viewer: Viewer, request: PaymentRequest, payment: Payment, *, company: Company, now: datetime
) -> UUID:
    """Create the payment, or return an equal open one, which keeps its own return address."""
    await _lock_links(viewer, request.parts)
    preview = await preview_parts(viewer, request.parts, today=company.today(now))
    if preview.total != request.total:
        raise errors.AmountChanged("total", total=MoneyDetail(preview.total))
    if open_payment := await _open_payment(viewer, preview):
        return open_payment
    await _create(payment, preview, now=now)
    return payment.id


async def _lock_links(viewer: Viewer, requests: Sequence[PartRequest]) -> None:
    """Serialize the starts of one login for one account."""
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE)
    accounts = [request.account_id for request in requests if request.account_id]
    await links.filter(account_id__in=accounts).order_by("id").select_for_update()


async def _open_payment(viewer: Viewer, preview: PreviewedPayment) -> UUID | None:
    """Return the viewer's open payment of the same parts and total, or None.

    Parts are the same if account, bill and amount are equal; another amount is another payment.
    Raises `PaymentOpen` if only some parts are the same, or if the commission has changed since:
    the open payment charges its own total, which the customer hasn't confirmed now.
    """
    keys = {_part_key(part) for part in preview.parts}
    own_parts = PaymentPart.filter(payment__user_id=viewer.id, payment__state__in=states.OPEN)
    keys_by_payment: dict[UUID, set[tuple[UUID, UUID | None, int]]] = {}
    for part in await own_parts.filter(account_id__in=[account for account, _, _ in keys]):
        all_parts = await PaymentPart.filter(payment_id=part.payment_id)
        keys_by_payment[part.payment_id] = {
            (row.account_id, row.invoice_id, row.amount) for row in all_parts
        }
    for payment_id, other_keys in keys_by_payment.items():
        if not other_keys & keys:
            continue
        payment = await Payment.get(id=payment_id)
        if other_keys != keys or payment.total != preview.total:
            raise errors.PaymentOpen("parts", number=payment.number)
        return payment_id
    return None


def _part_key(part: PreviewedPart) -> tuple[UUID, UUID | None, int]:
    return part.account.id, part.invoice and part.invoice.id, part.amount


async def _create(payment: Payment, preview: PreviewedPayment, *, now: datetime) -> None:
    payment.user, payment.buyer_email = preview.payer, preview.payer.email_key
    payment.number = await _next_number()
    payment.state = PaymentState.CREATED
    payment.amount, payment.commission = preview.amount, preview.commission
    payment.next_check_at = first_check_at(now)
    await payment.save(force_create=True)
    parts = [
        await _create_part(payment, position, part)
        for position, part in enumerate(preview.parts, start=1)
    ]
    await _create_lines(payment, preview, parts)
    await states.add_event(payment, states.PaymentEventKind.CREATED, now=now)


async def _create_lines(
    payment: Payment, preview: PreviewedPayment, parts: Sequence[PaymentPart]
) -> None:
    """Store the lines of the fiscal receipt, so that later files of billing don't change them."""
    lines: list[tuple[PaymentPart | None, SettledLine]] = [
        (part, line)
        for part, previewed_part in zip(parts, preview.parts, strict=True)
        for line in previewed_part.lines
    ]
    if preview.commission:
        kind = PaymentLineKind.COMMISSION
        lines.append((None, SettledLine(kind, preview.commission, preview.vat_percent)))
    await PaymentLine.bulk_create(
        PaymentLine(payment=payment, part=part, position=position, **vars(line))
        for position, (part, line) in enumerate(lines, start=1)
    )


async def _create_part(payment: Payment, position: int, part: PreviewedPart) -> PaymentPart:
    account, invoice = part.account, part.invoice
    return await PaymentPart.create(
        payment=payment,
        account=account,
        invoice=invoice,
        position=position,
        account_number=account.number,
        unified_number=account.unified_number,
        contract_number=account.contract_number,
        address=account.address,
        invoice_number=invoice and invoice.number,
        period=invoice and invoice.period,
        amount=part.amount,
        advance=part.advance,
        names_invoice=part.names_invoice,
    )


async def _next_number() -> str:
    """Return the next number, short enough for the telephone; gaps are fine."""
    (row,) = await raw_sql.fetch("SELECT nextval('payment_number') AS number")
    return f"ЛК-{row['number']:07}"

"""Start of a payment: reserve, commit, call the acquirer, commit.

Whatever is lost on the way is found again: the call carries the payment's own key, so that the
same call again, by the customer's next try or by the reconciler, tells what became of the first.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.guards.idempotency import IdempotentRequest, run_once
from lk_graphql.guards.rate_limits import AttemptLimit, AttemptWindow
from lk_graphql.kit.company import Company
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments import errors
from lk_graphql.payments.models import Payment, PaymentPart, PaymentState
from lk_graphql.payments.service import orders, states
from lk_graphql.payments.service.review import PartRequest, Review, ReviewedPart, review
from lk_graphql.payments.service.states import first_check_at
from lk_graphql.ports.acquiring import Acquirer, AcquirerRefused, AcquirerUnavailable

# Each start is a call to the acquirer; a family pays a dozen bills in an evening.
PER_USER = AttemptLimit(
    "payment/user", (AttemptWindow(60, timedelta(hours=1)), AttemptWindow(200, timedelta(days=1))),
    errors.TooManyPayments,
)  # fmt: skip
KEY_LIFETIME = timedelta(hours=23)
"""An acquirer remembers idempotence keys for a day: after that a repeat could be a second order."""


@dataclass(frozen=True)
class PaymentRequest:
    """What the customer has agreed to on the review page; `total` with the commission."""

    parts: tuple[PartRequest, ...]
    total: Kopecks


async def start(  # noqa: PLR0913 - the outside world, by keyword
    viewer: Viewer,
    request: PaymentRequest,
    key: str,
    *,
    acquirer: Acquirer | None,
    company: Company,
    links: Signer,
    now: datetime,
) -> UUID:
    """The payment's key; the same for the same `key`, whatever became of the first try.

    When the acquirer doesn't answer, the payment is CREATED without a page, and the reconciler
    goes on. Raises the refusals of `payments.errors`.
    """
    if acquirer is None:
        raise errors.PaymentsClosed
    await rate_limits.count_attempt(PER_USER, viewer.id, signer=links, now=now)

    async def reserve() -> dict[str, str]:
        made = await _reserve(viewer, request, acquirer.provider, company=company, now=now)
        return {"payment": str(made)}

    demand = IdempotentRequest("paymentStart", key, request)
    outcome: Any = await run_once(viewer, demand, reserve, codes=errors.PaymentErrorCode, now=now)
    payment_id = UUID(outcome["payment"])
    with suppress(AcquirerUnavailable):  # it is written down: the reconciler asks again
        await register(payment_id, acquirer=acquirer, company=company, now=now)
    return payment_id


async def register(
    payment_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime
) -> None:
    """Make the acquirer know a payment that it doesn't; harmless for one that it does.

    Raises `AcquirerUnavailable`, after which nothing is known.
    """
    payment = await Payment.get(id=payment_id)
    if payment.state is not PaymentState.CREATED:
        return
    if now - payment.created_at > KEY_LIFETIME:  # its page was never shown to anybody
        await _close(payment_id, PaymentState.EXPIRED, "never registered", now=now)
        return
    try:
        told = await acquirer.register(await orders.order_of(payment, company=company))
    except AcquirerRefused as refused:
        await _close(payment_id, PaymentState.CANCELED, str(refused)[:100], now=now)
        return
    async with in_transaction():
        payment = await states.lock(payment_id)
        if payment.state is PaymentState.CREATED:
            payment.reference, payment.page_url = told.reference, told.page_url
            await states.move(payment, PaymentState.REGISTERED, now=now)


async def _close(payment_id: UUID, state: PaymentState, reason: str, *, now: datetime) -> None:
    async with in_transaction():
        payment = await states.lock(payment_id)
        if payment.state is PaymentState.CREATED:
            payment.look_at = None
            await states.move(payment, state, now=now, reason=reason)


async def _reserve(
    viewer: Viewer, request: PaymentRequest, provider: str, *, company: Company, now: datetime
) -> UUID:
    """Write the payment down, or find the same one that is open already."""
    await _lock_links(viewer, request.parts)
    reviewed = await review(viewer, request.parts, today=company.today(now))
    if reviewed.total != request.total:
        raise errors.AmountChanged("total", total=to_rubles(reviewed.total))
    await _check_payee(company, now)
    if same := await _open_payment(viewer, reviewed):
        return same
    return await _create(reviewed, provider, now=now)


async def _lock_links(viewer: Viewer, requests: Sequence[PartRequest]) -> None:
    """Starts of one login for one account come one after the other."""
    mine = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE)
    asked = [wish.account_id for wish in requests if wish.account_id]
    await mine.filter(account_id__in=asked).order_by("id").select_for_update()


async def _check_payee(company: Company, now: datetime) -> None:
    try:
        await orders.payee_on(company.today(now))
        await orders.vat_on(company.today(now))
    except orders.PayeeNotFound:
        raise errors.PaymentsClosed from None


async def _open_payment(viewer: Viewer, reviewed: Review) -> UUID | None:
    """The viewer's open payment of the same parts. Raises `PaymentOpen` if it shares but some.

    Parts are the same when account, bill and amount are; another amount is another payment.
    """
    wanted = {_part_key(part) for part in reviewed.parts}
    mine = PaymentPart.filter(payment__user_id=viewer.id, payment__state__in=states.OPEN)
    found: dict[UUID, set[tuple[UUID, UUID | None, int]]] = {}
    for part in await mine.filter(account_id__in=[account for account, _, _ in wanted]):
        whole = await PaymentPart.filter(payment_id=part.payment_id)
        found[part.payment_id] = {(p.account_id, p.invoice_id, p.amount) for p in whole}
    for payment_id, parts in found.items():
        if parts == wanted:
            return payment_id
        if parts & wanted:
            number = (await Payment.get(id=payment_id)).number
            raise errors.PaymentOpen("parts", number=number)
    return None


def _part_key(part: ReviewedPart) -> tuple[UUID, UUID | None, int]:
    return part.account.id, part.invoice and part.invoice.id, part.amount


async def _create(reviewed: Review, provider: str, *, now: datetime) -> UUID:
    payment = await Payment.create(
        user=reviewed.payer,
        number=await _next_number(),
        state=PaymentState.CREATED,
        amount=reviewed.amount,
        commission=reviewed.commission,
        provider=provider,
        created_at=now,
        changed_at=now,
        look_at=first_check_at(now),
    )
    for position, part in enumerate(reviewed.parts, start=1):
        await _create_part(payment, position, part)
    await states.add_event(payment, states.PaymentEventKind.CREATED, now=now)
    return payment.id


async def _create_part(payment: Payment, position: int, part: ReviewedPart) -> None:
    account, invoice = part.account, part.invoice
    await PaymentPart.create(
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
    )


async def _next_number() -> str:
    """Short enough to say on the telephone; gaps are fine."""
    (row,) = await raw_sql.fetch("SELECT nextval('payment_number') AS number")
    return f"ЛК-{row['number']:07}"

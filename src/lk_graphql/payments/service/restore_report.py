"""Comparison with the acquirer after the database was restored to an earlier moment.

The acquirer's orders can't be recorded as payments: they name neither the payer nor the split of
the amount over accounts, and the lines of the receipt aren't returned (decision 0128).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Payment, PaymentState, Refund, RefundState
from lk_graphql.payments.service import states
from lk_graphql.payments.service.creation import KEY_LIFETIME
from lk_graphql.payments.service.orders import parse_description
from lk_graphql.ports.acquiring import (
    RUBLES,
    Acquirer,
    OrderSnapshot,
    OrderStatus,
    RefundResult,
    RefundStatus,
)
from lk_graphql.ports.jobs import enqueue

MARGIN = timedelta(minutes=10)
"""Clocks differ, and the archive may have ended before the moment."""
SKIPPED = 100_000
"""More numbers than the cabinet gives out between a backup and its restore."""
SEQUENCES = ("payment_number", "appeal_number", "contract_application_number")
_BATCH = 1000
"""Keys in one statement."""
_UNPAID = (PaymentState.DECLINED, PaymentState.EXPIRED, PaymentState.CANCELED)
_STATES = {
    OrderStatus.WAITING: states.OPEN,
    OrderStatus.PROCESSING: states.OPEN,
    OrderStatus.SUCCEEDED: states.PAID,
    OrderStatus.CANCELED: _UNPAID,
}
_REFUND_STATES = {
    RefundStatus.PENDING: RefundState.REQUESTED,
    RefundStatus.SUCCEEDED: RefundState.SUCCEEDED,
    RefundStatus.CANCELED: RefundState.FAILED,
}


Key = TypeVar("Key")


class Remedy(StrEnum):
    """The next step for a row of the report; docs/operations.md describes each."""

    POST_OR_REFUND = "POST_OR_REFUND"
    """The cabinet lacks a paid payment: billing posts it, or the acquirer returns it."""
    POST_REFUND = "POST_REFUND"
    """The cabinet lacks a refund: billing posts it."""
    WAIT = "WAIT"
    """The cabinet lacks an order that may still be paid: repeat the report."""
    CHECK = "CHECK"
    """A check applies the acquirer's state, or reports a difference to staff."""


@dataclass(frozen=True)
class ReportRow:
    """A payment or refund that the cabinet lacks, or has with another state or amount.

    `cabinet` is the cabinet's state, None if it lacks the payment or refund. `accounts` are those
    that the order's description names.
    """

    is_refund: bool
    reference: str
    created_at: datetime | None
    amount: Kopecks
    currency: str
    status: str
    number: str | None
    accounts: str
    cabinet: str | None
    remedy: Remedy
    payment_id: UUID | None = None


@dataclass(frozen=True)
class RestoreReport:
    """The rows, and the counts of the orders and refunds of the acquirer that need no row.

    `agreeing` are known with this state, `unpaid` are unknown and moved no money, `foreign` belong
    to other systems of the shop. `highest_number` is the highest payment number in the orders.
    """

    rows: tuple[ReportRow, ...]
    agreeing: int
    unpaid: int
    foreign: int
    highest_number: int


async def compare(acquirer: Acquirer, *, since: datetime, now: datetime) -> RestoreReport:
    """Compare the acquirer's orders and refunds since a moment with the database; change nothing.

    Raises `AcquirerUnavailable`.
    """
    orders = await acquirer.orders_since(since - MARGIN)
    refunds = await acquirer.refunds_since(since - MARGIN)
    comparison = _Comparison(
        provider=acquirer.provider,
        payments=await _payments(acquirer.provider, orders, refunds),
        refunds=await _refunds(acquirer.provider, refunds),
        unknown_orders={},
        now=now,
    )
    rows = [comparison.order_row(order) for order in orders]
    rows += [await comparison.refund_row(refund) for refund in refunds]
    differing = [row for row in rows if isinstance(row, ReportRow)]
    described = (parse_description(order.description) for order in orders if order.order_id)
    numbers = (int(order.number.partition("-")[2]) for order in described if order)
    return RestoreReport(
        tuple(sorted(differing, key=lambda row: (row.remedy, row.reference))),
        agreeing=rows.count(_Omitted.AGREEING),
        unpaid=rows.count(_Omitted.UNPAID),
        foreign=rows.count(_Omitted.FOREIGN),
        highest_number=max(numbers, default=0),
    )


class _Omitted(StrEnum):
    AGREEING = "AGREEING"
    UNPAID = "UNPAID"
    FOREIGN = "FOREIGN"


@dataclass(frozen=True)
class _Comparison:
    """The database's side; payments by the acquirer's reference and by their own key."""

    provider: str
    payments: dict[str | UUID, Payment]
    refunds: dict[str, Refund]
    unknown_orders: dict[str, OrderSnapshot]
    now: datetime

    def order_row(self, order: OrderSnapshot) -> ReportRow | _Omitted:
        payment = self.payments.get(order.reference)
        if payment is None and order.order_id is not None:
            payment = self.payments.get(order.order_id)
        if payment is None and order.order_id is None:
            return _Omitted.FOREIGN
        if payment is not None and _agrees(payment, order):
            return _Omitted.AGREEING
        if payment is not None and self._is_checkable(payment):
            return _order_row(order, Remedy.CHECK, payment)
        self.unknown_orders[order.reference] = order
        if order.status is OrderStatus.CANCELED:
            return _Omitted.UNPAID
        is_paid = order.status is OrderStatus.SUCCEEDED
        return _order_row(order, Remedy.POST_OR_REFUND if is_paid else Remedy.WAIT, payment)

    def _is_checkable(self, payment: Payment) -> bool:
        """Whether a check finds the order: by the reference, or by registering it again."""
        is_new = self.now - payment.created_at <= KEY_LIFETIME
        return payment.reference is not None or (payment.state == PaymentState.CREATED and is_new)

    async def refund_row(self, result: RefundResult) -> ReportRow | _Omitted:
        """The row of a refund, after those of all orders."""
        refund = self.refunds.get(result.reference)
        payment = self.payments.get(result.payment or "")
        if refund is not None:
            facts = (_REFUND_STATES[result.status], result.amount, result.currency)
            if (refund.state, refund.amount, RUBLES) == facts:
                return _Omitted.AGREEING
            return _refund_row(result, Remedy.CHECK, payment, refund.state)
        if result.status is RefundStatus.CANCELED:
            return _Omitted.UNPAID
        if payment is not None:
            return _refund_row(result, Remedy.CHECK, payment, await _pending_state(payment, result))
        order = self.unknown_orders.get(result.payment or "")
        if order is None:
            return _Omitted.FOREIGN
        return _refund_row(result, Remedy.POST_REFUND, None, None, order)


def _agrees(payment: Payment, order: OrderSnapshot) -> bool:
    is_in_state = payment.state in _STATES[order.status]
    sums = (payment.total, payment.refunded, RUBLES)
    return is_in_state and sums == (order.amount, order.refunded, order.currency)


async def _pending_state(payment: Payment, result: RefundResult) -> str | None:
    """The state of a refund whose answer was lost: a repeat with its key is the same refund."""
    requested = Refund.filter(
        payment_id=payment.id, reference=None, amount=result.amount, state=RefundState.REQUESTED
    )
    return RefundState.REQUESTED if await requested.exists() else None


def _order_row(order: OrderSnapshot, remedy: Remedy, payment: Payment | None = None) -> ReportRow:
    described = parse_description(order.description)
    return ReportRow(
        is_refund=False,
        reference=order.reference,
        created_at=order.created_at,
        amount=order.amount,
        currency=order.currency,
        status=order.status,
        number=payment.number if payment else described and described.number,
        accounts=described.accounts if described else "",
        cabinet=payment and payment.state,
        remedy=remedy,
        payment_id=payment and payment.id,
    )


def _refund_row(
    result: RefundResult,
    remedy: Remedy,
    payment: Payment | None,
    cabinet: str | None,
    order: OrderSnapshot | None = None,
) -> ReportRow:
    described = parse_description(order.description) if order else None
    return ReportRow(
        is_refund=True,
        reference=result.reference,
        created_at=result.created_at,
        amount=result.amount,
        currency=result.currency,
        status=result.status,
        number=payment.number if payment else described and described.number,
        accounts=described.accounts if described else "",
        cabinet=cabinet,
        remedy=remedy,
        payment_id=payment and payment.id,
    )


async def _payments(
    provider: str, orders: Sequence[OrderSnapshot], refunds: Sequence[RefundResult]
) -> dict[str | UUID, Payment]:
    references = {order.reference for order in orders} | {row.payment or "" for row in refunds}
    keys = {order.order_id for order in orders if order.order_id}
    rows: list[Payment] = []
    for some in _batches(references):
        rows += await Payment.filter(provider=provider, reference__in=some)
    for some in _batches(keys):
        rows += await Payment.filter(provider=provider, id__in=some)
    by_key: dict[str | UUID, Payment] = {row.id: row for row in rows}
    return by_key | {row.reference: row for row in rows if row.reference}


async def _refunds(provider: str, refunds: Sequence[RefundResult]) -> dict[str, Refund]:
    rows: list[Refund] = []
    for some in _batches({refund.reference for refund in refunds}):
        rows += await Refund.filter(payment__provider=provider, reference__in=some)
    return {row.reference: row for row in rows if row.reference}


def _batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    rest = list(keys)
    for start in range(0, len(rest), _BATCH):
        yield rest[start : start + _BATCH]


async def enqueue_checks(report: RestoreReport, *, now: datetime) -> int:
    """Begin the checks of the payments that differ, from now on; return their number."""
    keys = {row.payment_id for row in report.rows if row.remedy is Remedy.CHECK and row.payment_id}
    for key in sorted(keys):
        async with in_transaction():
            await states.begin_checks(await states.lock(key), now=now)
            await enqueue("payments.check", dedupe_key=str(key), payment_id=key)
    return len(keys)


async def skip_numbers(report: RestoreReport) -> dict[str, int]:
    """Move the sequences of numbers beyond those that the cabinet may have given out.

    Returns the last number that is skipped. Requires the owner of the database.
    """
    lowest = {"payment_number": report.highest_number}
    last: dict[str, int] = {}
    for name in SEQUENCES:
        statement = f"SELECT setval('{name}', greatest(last_value, $1) + $2) AS last FROM {name}"  # noqa: S608 - own names
        (row,) = await raw_sql.fetch(statement, lowest.get(name, 0), SKIPPED)
        last[name] = row["last"]
    return last

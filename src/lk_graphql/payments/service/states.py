"""Payment states, their transitions, and the time of the next check."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.payments.models import Payment, PaymentEvent, PaymentEventKind
from lk_graphql.payments.models import PaymentState as State
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.pubsub import publish

PAYMENT = "payment"
"""The signals' topic; the key is the payment's."""
_FINAL = {State.SUCCEEDED, State.DECLINED, State.EXPIRED, State.CANCELED}
_REFUNDS = {State.PARTIALLY_REFUNDED, State.REFUNDED}
TRANSITIONS: dict[State, set[State]] = {
    State.CREATED: {State.REGISTERED, State.EXPIRED, State.CANCELED},
    State.REGISTERED: {State.PENDING, *_FINAL},
    State.PENDING: _FINAL,
    State.SUCCEEDED: _REFUNDS,
    State.PARTIALLY_REFUNDED: _REFUNDS,
    State.DECLINED: set(),
    State.EXPIRED: set(),
    State.CANCELED: set(),
    State.REFUNDED: set(),
}
OPEN = (State.CREATED, State.REGISTERED, State.PENDING)
"""Not over yet: it may still be paid."""
PAID = (State.SUCCEEDED, State.PARTIALLY_REFUNDED, State.REFUNDED)

_EVENTS = {
    State.PARTIALLY_REFUNDED: PaymentEventKind.REFUND_SUCCEEDED,
    State.REFUNDED: PaymentEventKind.REFUND_SUCCEEDED,
}


class InvalidTransition(Exception):
    """A state that can't follow: a fault of ours, never of anybody else's."""


async def move(
    payment: Payment,
    state: State,
    *,
    now: datetime,
    reason: str | None = None,
    amount: int | None = None,
) -> None:
    """Bring a locked payment to a state and note it. Raises `InvalidTransition`."""
    if state not in TRANSITIONS[payment.state]:
        raise InvalidTransition(f"{payment.state} isn't followed by {state}")
    payment.state, payment.changed_at = state, now
    payment.reason = reason or payment.reason
    await payment.save()
    kind = _EVENTS.get(state) or PaymentEventKind(state.value)
    await add_event(payment, kind, now=now, amount=amount)


async def add_event(
    payment: Payment, kind: PaymentEventKind, *, now: datetime, amount: int | None = None
) -> None:
    """Add to its history, and tell who watches it."""
    await PaymentEvent.create(payment=payment, kind=kind, amount=amount, happened_at=now)
    await publish(PAYMENT, payment.id)


async def lock(payment_id: UUID) -> Payment:
    """The payment, nobody else's until the transaction ends. Raises `DoesNotExist`."""
    return await Payment.select_for_update().get(id=payment_id)


_DELAYS = (1, 2, 5, 15, 60, 180, 360, 720, 1440)
BATCH = 200


def first_check_at(now: datetime) -> datetime:
    return now + next_delay(0)


def next_delay(checks: int) -> timedelta:
    """How long to wait after so many looks."""
    return timedelta(minutes=_DELAYS[min(checks, len(_DELAYS) - 1)])


async def enqueue_checks(*, now: datetime) -> list[UUID]:
    """Enqueue a look at each payment whose time has come; their keys.

    The next look is written down with it: whoever dies over this one doesn't end the series.
    """
    async with in_transaction():
        due = Payment.filter(look_at__lte=now).order_by("look_at", "id").limit(BATCH)
        payments = await due.select_for_update(skip_locked=True)
        for payment in payments:
            payment.looks += 1
            payment.look_at = now + next_delay(payment.looks)
            await payment.save(update_fields=["looks", "look_at"])
            await enqueue("payments.look", dedupe_key=str(payment.id), payment_id=payment.id)
    return [payment.id for payment in payments]

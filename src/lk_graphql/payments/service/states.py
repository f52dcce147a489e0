"""Payment states, their transitions, and the schedule of checks."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.payments.models import Payment, PaymentEvent, PaymentEventKind
from lk_graphql.payments.models import PaymentState as State
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.pubsub import publish

PAYMENT = "payment"
"""The pub/sub topic; the key is the payment's."""
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
"""States of payments that may still be paid."""
PAID = (State.SUCCEEDED, State.PARTIALLY_REFUNDED, State.REFUNDED)

_EVENTS = {
    State.PARTIALLY_REFUNDED: PaymentEventKind.REFUND_SUCCEEDED,
    State.REFUNDED: PaymentEventKind.REFUND_SUCCEEDED,
}
_DELAYS = (1, 2, 5, 15, 60, 180, 360, 720, 1440)
"""Minutes between checks; the last of them then repeats."""
MAX_CHECKS = len(_DELAYS) + 30
"""The number of checks in a month. The acquirer cancels unpaid orders within hours."""
BATCH = 200


class InvalidTransition(Exception):
    """A transition outside `TRANSITIONS`: a bug in this application."""


async def move(
    payment: Payment,
    state: State,
    *,
    now: datetime,
    reason: str | None = None,
    amount: int | None = None,
) -> None:
    """Change a locked payment's state and add an event. Raises `InvalidTransition`."""
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
    """Add an event to the history, and publish the change to subscribers."""
    await PaymentEvent.create(payment=payment, kind=kind, amount=amount, happened_at=now)
    await publish(PAYMENT, payment.id)


async def lock(payment_id: UUID) -> Payment:
    """Lock the payment until the transaction ends. Raises `DoesNotExist`."""
    return await Payment.select_for_update().get(id=payment_id)


def first_check_at(now: datetime) -> datetime:
    return now + next_delay(0)


def next_delay(checks: int) -> timedelta:
    """Return the delay after a number of checks."""
    return timedelta(minutes=_DELAYS[min(checks, len(_DELAYS) - 1)])


async def begin_checks(payment: Payment, *, now: datetime) -> None:
    """Begin the series of checks of a locked payment."""
    payment.next_check_at, payment.checks = first_check_at(now), 0
    await payment.save(update_fields=["next_check_at", "checks"])


async def enqueue_checks(*, now: datetime) -> list[UUID]:
    """Enqueue a check of each payment that is due for one; return their keys.

    The time of the next check is saved in the same transaction, so that a crash doesn't end the
    series.
    """
    async with in_transaction():
        due = Payment.filter(next_check_at__lte=now).order_by("next_check_at", "id").limit(BATCH)
        payments = await due.select_for_update(skip_locked=True)
        for payment in payments:
            payment.checks += 1
            payment.next_check_at = now + next_delay(payment.checks)
            await payment.save(update_fields=["checks", "next_check_at"])
            await enqueue("payments.check", dedupe_key=str(payment.id), payment_id=payment.id)
    return [payment.id for payment in payments]

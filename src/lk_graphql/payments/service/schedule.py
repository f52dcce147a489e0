"""When the reconciler asks about a payment again: soon at first, later once a day."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.payments.models import Payment
from lk_graphql.ports.jobs import enqueue

_MINUTES = (1, 2, 5, 15, 60, 180, 360, 720, 1440)
AT_ONCE = 200


def first_look(now: datetime) -> datetime:
    return now + rest(0)


def rest(looks: int) -> timedelta:
    """How long to wait after so many looks."""
    return timedelta(minutes=_MINUTES[min(looks, len(_MINUTES) - 1)])


async def send_out(*, now: datetime) -> list[UUID]:
    """Enqueue a look at each payment whose time has come; their keys.

    The next look is written down with it: whoever dies over this one doesn't end the series.
    """
    async with in_transaction():
        due = Payment.filter(look_at__lte=now).order_by("look_at", "id").limit(AT_ONCE)
        payments = await due.select_for_update(skip_locked=True)
        for payment in payments:
            payment.looks += 1
            payment.look_at = now + rest(payment.looks)
            await payment.save(update_fields=["looks", "look_at"])
            await enqueue("payments.look", dedupe_key=str(payment.id), payment_id=payment.id)
    return [payment.id for payment in payments]

"""Callbacks of the acquirer: a callback proves nothing, but triggers a check of its payment."""

from datetime import datetime, timedelta

from lk_graphql.guards.rate_limits import (
    Attempt,
    AttemptLimit,
    AttemptWindow,
    RateLimitExceeded,
)
from lk_graphql.kit.signing import Signer
from lk_graphql.payments.models import Payment
from lk_graphql.ports.acquiring import AcquirerNotification
from lk_graphql.ports.jobs import enqueue

# A payment has few callbacks, each of which is repeated until it is answered.
AT_ONCE = AttemptLimit("callback/payment", (AttemptWindow(5, timedelta(minutes=10)),))
PERIOD = timedelta(seconds=30)
"""Beyond `AT_ONCE`, a payment's callbacks of one period cause one check, at its end."""


async def receive(
    notice: AcquirerNotification, *, provider: str, signer: Signer, now: datetime
) -> bool:
    """Enqueue a check of the payment; False if there is none with this reference.

    A callback is never treated as a repetition: anyone may have sent an earlier one, before the
    payment changed. Callbacks for unknown orders are dropped, because anyone could fill the queue
    with them. A callback that precedes our own commit is therefore lost; a scheduled check follows
    later.
    """
    payment = await Payment.filter(provider=provider, reference=notice.reference).first()
    if payment is None:
        return False
    try:
        await Attempt(AT_ONCE, payment.id, signer, now).count()
    except RateLimitExceeded:
        delay = _end_of_period(now) - now
        key = f"{payment.id}/{now + delay:%H:%M:%S}"
        await enqueue("payments.check", dedupe_key=key, delay=delay, payment_id=payment.id)
    else:
        await enqueue("payments.check", payment_id=payment.id)
    return True


def _end_of_period(now: datetime) -> datetime:
    start = now.replace(second=0, microsecond=0)
    return start + PERIOD * ((now - start) // PERIOD + 1)

"""Delivery to a gateway at a set rate, in bounded memory."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

import structlog

from lk_graphql.kit.company import Company
from lk_graphql.notifications.models import DeliveryState, NoticeChannel
from lk_graphql.notifications.service import outbox
from lk_graphql.notifications.service.outbox import DeliveryResult, LeasedDelivery
from lk_graphql.notifications.service.topics import EXPIRES_WITH_DAY
from lk_graphql.ports.errors import PermanentError, RecipientUnknown
from lk_graphql.ports.jobs import Retries

_log = structlog.get_logger(__name__)

BATCH = 10
MAX_ATTEMPTS = 20
"""Outages in a row after which a shift ends: else one hour without a mail server would use up the
attempts of all that is due."""
_RETRIES = Retries()
"""As jobs are retried: twelve times in three and a half hours."""


@dataclass(frozen=True)
class Clock:
    """Tells the time and waits; a test has one of its own."""

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True)
class Gateway:
    """One of the two ways out.

    `send` raises what its port raises: something `PermanentError`, or one of `outages`, after which
    it is worth trying again.
    """

    channel: NoticeChannel
    per_second: float
    send: Callable[[LeasedDelivery], Awaitable[None]]
    outages: tuple[type[Exception], ...]

    @property
    def batch(self) -> int:
        """What goes within a second: more at once would be a burst, not a rate."""
        return max(1, min(100, int(self.per_second)))


async def deliver(gateway: Gateway, *, company: Company, clock: Clock, until: datetime) -> int:
    """Send what is due, and what comes due meanwhile, until `until` or nothing is left.

    Any number of these may run at the same time: they share the rate. How many were sent. It ends
    earlier when the gateway is away; what one recipient's server says stops nobody else.
    """
    sent = in_vain = 0
    while clock.now() < until and in_vain < MAX_ATTEMPTS:
        taken = await outbox.lease(gateway.channel, gateway.batch, now=clock.now())
        if not taken:
            break
        outcomes = [_skip(one, company, clock.now()) for one in taken]
        ready = [one for one, outcome in zip(taken, outcomes, strict=True) if outcome is None]
        if ready:
            await _wait_for_rate(gateway, len(ready), clock)
        tried = await _send_all(gateway, ready, clock)
        await outbox.save_results([*filter(None, outcomes), *tried])
        sent += sum(one.state is DeliveryState.SENT for one in tried)
        is_away = all(one.state is DeliveryState.WAITING for one in tried)
        in_vain = in_vain + len(tried) if is_away else 0
    return sent


def _skip(delivery: LeasedDelivery, company: Company, now: datetime) -> DeliveryResult | None:
    """None for one that is to be sent now."""
    day = delivery.facts.day
    is_late = delivery.kind in EXPIRES_WITH_DAY and day and day < company.today(now)
    if is_late or not delivery.is_wanted:
        return DeliveryResult(delivery.id, DeliveryState.DROPPED, now)
    if delivery.quiet_hours and (loud := delivery.quiet_hours.ends_at(now, company.zone)):
        return DeliveryResult(
            delivery.id, DeliveryState.WAITING, now, due_at=loud, was_attempted=False
        )
    return None


async def _wait_for_rate(gateway: Gateway, count: int, clock: Clock) -> None:
    span = timedelta(seconds=count / gateway.per_second)
    starts_at = await outbox.reserve(gateway.channel, span, now=clock.now())
    await clock.sleep(max(0.0, (starts_at - clock.now()).total_seconds()))


async def _send_all(
    gateway: Gateway, ready: list[LeasedDelivery], clock: Clock
) -> list[DeliveryResult]:
    at_once = asyncio.Semaphore(BATCH)

    async def send(one: LeasedDelivery) -> DeliveryResult:
        async with at_once:
            return await _send(gateway, one, clock)

    return await asyncio.gather(*map(send, ready))


async def _send(gateway: Gateway, delivery: LeasedDelivery, clock: Clock) -> DeliveryResult:
    try:
        await gateway.send(delivery)
    except RecipientUnknown:
        address = delivery.address(gateway.channel)
        return DeliveryResult(delivery.id, DeliveryState.FAILED, clock.now(), refused=address)
    except PermanentError:
        return DeliveryResult(delivery.id, DeliveryState.FAILED, clock.now())
    except gateway.outages:
        return _postpone(delivery, clock.now())
    except Exception as bug:  # noqa: BLE001 - one that we can't write must not keep back others
        _log.warning("notices.broken", delivery=str(delivery.id), error=type(bug).__name__)
        return _postpone(delivery, clock.now())
    return DeliveryResult(delivery.id, DeliveryState.SENT, clock.now())


def _postpone(delivery: LeasedDelivery, now: datetime) -> DeliveryResult:
    """Longer and longer, until it has failed for good."""
    if delivery.attempts >= _RETRIES.attempts:
        return DeliveryResult(delivery.id, DeliveryState.FAILED, now)
    rest = _RETRIES.delay_after(delivery.attempts, random())  # noqa: S311 - no secret
    return DeliveryResult(delivery.id, DeliveryState.WAITING, now, due_at=now + rest)

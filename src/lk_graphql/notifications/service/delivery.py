"""Delivery to a gateway at a set rate, in bounded memory."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from random import random

import structlog

from lk_graphql.kit.clock import Clock
from lk_graphql.kit.company import Company
from lk_graphql.kit.metrics import NOTICE_DELIVERIES
from lk_graphql.notifications.models import DeliveryState, NoticeChannel
from lk_graphql.notifications.service import outbox
from lk_graphql.notifications.service.outbox import DeliveryResult, LeasedDelivery
from lk_graphql.notifications.service.topics import EXPIRES_WITH_DAY
from lk_graphql.ports.errors import DoubtfulError, PermanentError, RecipientUnknown
from lk_graphql.ports.jobs import DOUBTFUL_RETRIES, Retries

_log = structlog.get_logger(__name__)

CONCURRENCY = 10
MAX_FAILURES = 20
"""Consecutive failures after which a run ends. Otherwise an outage of the mail server would use up
attempts of all due deliveries."""
Sleep = Callable[[float], Awaitable[None]]
Send = Callable[[LeasedDelivery], Awaitable[None]]
_RETRIES = Retries(attempts=80)
"""Attempts over three days, the last 70 hourly. A dead job can be retried by command, but not
thousands of failed deliveries, so they have to outlast a weekend without a mail server."""


@dataclass(frozen=True)
class Gateway:
    """A channel with its rate.

    `prepare` reads the values of a batch and returns the function that sends one of its deliveries.
    That function raises the errors of its port: a `PermanentError`, or a `DoubtfulError` or one of
    `outages`, which are retried.
    """

    channel: NoticeChannel
    per_second: float
    prepare: Callable[[Sequence[LeasedDelivery]], Awaitable[Send]]
    outages: tuple[type[Exception], ...]

    @property
    def batch(self) -> int:
        """The deliveries of one second, so that a batch keeps the rate."""
        return max(1, min(100, int(self.per_second)))


async def deliver(
    gateway: Gateway,
    *,
    company: Company,
    clock: Clock,
    until: datetime,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Send the due deliveries, and those that become due meanwhile, until `until`.

    Returns the number sent. Concurrent runs share the rate. A run ends early when the gateway is
    unavailable; a refusal of one recipient's server doesn't end it.
    """
    sent_count = failures = 0
    while clock() < until and failures < MAX_FAILURES:
        deliveries = await outbox.lease(gateway.channel, gateway.batch, now=clock())
        if not deliveries:
            break
        skips = [_skip(delivery, company, clock()) for delivery in deliveries]
        ready = [delivery for delivery, skip in zip(deliveries, skips, strict=True) if skip is None]
        results: list[DeliveryResult] = []
        try:
            if ready:
                await _send_all(gateway, ready, results.append, clock, sleep)
        except asyncio.CancelledError:  # the worker stops; messages that were sent stay sent
            await _save(gateway.channel, [*filter(None, skips), *results])
            raise
        await _save(gateway.channel, [*filter(None, skips), *results])
        sent_count += sum(result.state is DeliveryState.SENT for result in results)
        is_unavailable = all(result.state is DeliveryState.WAITING for result in results)
        failures = failures + len(results) if is_unavailable else 0
    return sent_count


def _skip(delivery: LeasedDelivery, company: Company, now: datetime) -> DeliveryResult | None:
    """The result of a delivery that is dropped or postponed; None for one to be sent now."""
    day = delivery.facts.day
    is_late = delivery.kind in EXPIRES_WITH_DAY and day and day < company.today(now)
    if is_late or not delivery.is_subscribed:
        return DeliveryResult(delivery.id, DeliveryState.DROPPED, now)
    if delivery.quiet_hours and (quiet_end := delivery.quiet_hours.ends_at(now, company.zone)):
        return DeliveryResult(
            delivery.id, DeliveryState.WAITING, now, due_at=quiet_end, was_attempted=False
        )
    return None


async def _save(channel: NoticeChannel, results: Sequence[DeliveryResult]) -> None:
    """Save results, even if the sender is stopped meanwhile: lost ones would be sent again."""
    await asyncio.shield(outbox.save_results(results))
    for result in results:
        if result.state is not DeliveryState.WAITING:
            NOTICE_DELIVERIES.labels(channel.value, result.state.value).inc()


async def _send_all(
    gateway: Gateway,
    ready: list[LeasedDelivery],
    record: Callable[[DeliveryResult], None],
    clock: Clock,
    sleep: Sleep,
) -> None:
    """Send deliveries evenly over the time reserved for them so that no second exceeds the rate."""
    send = await gateway.prepare(ready)
    interval = timedelta(microseconds=ceil(1_000_000 / gateway.per_second))
    starts_at = await outbox.reserve(gateway.channel, interval * len(ready), now=clock())
    concurrency = asyncio.Semaphore(CONCURRENCY)

    async def send_in_turn(number: int, delivery: LeasedDelivery) -> None:
        async with concurrency:
            wait = (starts_at + interval * number - clock()).total_seconds()
            if wait > 0:
                await sleep(wait)
            record(await _attempt(delivery, send, gateway, clock))

    await asyncio.gather(*map(send_in_turn, range(len(ready)), ready))


async def _attempt(
    delivery: LeasedDelivery, send: Send, gateway: Gateway, clock: Clock
) -> DeliveryResult:
    try:
        await send(delivery)
    except PermanentError as refusal:
        error = f"{type(refusal).__name__}: {refusal}"
        _log.warning("notices.refused", delivery=str(delivery.id), error=error)
        is_unknown = isinstance(refusal, RecipientUnknown)
        address = delivery.address(gateway.channel) if is_unknown else None
        return DeliveryResult(delivery.id, DeliveryState.FAILED, clock(), refused=address)
    except DoubtfulError:
        result = _postpone(delivery, clock(), DOUBTFUL_RETRIES, delivery.refusals + 1)
        return replace(result, is_doubtful=True)
    except gateway.outages:
        return _postpone(delivery, clock(), _RETRIES, delivery.attempts)
    except Exception as bug:  # noqa: BLE001 - a bug in one message must not hold up others
        _log.warning("notices.broken", delivery=str(delivery.id), error=type(bug).__name__)
        return _postpone(delivery, clock(), _RETRIES, delivery.attempts)
    return DeliveryResult(delivery.id, DeliveryState.SENT, clock())


def _postpone(
    delivery: LeasedDelivery, now: datetime, retries: Retries, failures: int
) -> DeliveryResult:
    """Postpone with a growing delay; FAILED after the last attempt."""
    if failures >= retries.attempts:
        return DeliveryResult(delivery.id, DeliveryState.FAILED, now)
    delay = retries.delay_after(failures, random())  # noqa: S311 - no secret
    return DeliveryResult(delivery.id, DeliveryState.WAITING, now, due_at=now + delay)

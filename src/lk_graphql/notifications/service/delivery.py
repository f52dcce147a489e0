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
from lk_graphql.notifications.service.outbox import Settled, Taken
from lk_graphql.notifications.service.topics import IS_POINTLESS_AFTER_ITS_DAY
from lk_graphql.ports.errors import Hopeless, NobodyThere
from lk_graphql.ports.jobs import Retries

_log = structlog.get_logger(__name__)

MOST_AT_ONCE = 10
MOST_IN_VAIN = 20
"""Outages in a row after which a shift ends: else one hour without a mail server would use up the
attempts of all that is due."""
_RETRIES = Retries()
"""As jobs are retried: twelve times in three and a half hours."""


@dataclass(frozen=True)
class Watch:
    """Tells the time and waits; a test has one of its own."""

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True)
class Gateway:
    """One of the two ways out.

    `send` raises what its port raises: something `Hopeless`, or one of `outages`, after which
    it is worth trying again.
    """

    channel: NoticeChannel
    per_second: float
    send: Callable[[Taken], Awaitable[None]]
    outages: tuple[type[Exception], ...]

    @property
    def batch(self) -> int:
        """What goes within a second: more at once would be a burst, not a rate."""
        return max(1, min(100, int(self.per_second)))


async def hand_over(gateway: Gateway, *, company: Company, watch: Watch, until: datetime) -> int:
    """Send what is due, and what comes due meanwhile, until `until` or nothing is left.

    Any number of these may run at the same time: they share the rate. How many were sent. It ends
    earlier when the gateway is away; what one recipient's server says stops nobody else.
    """
    sent = in_vain = 0
    while watch.now() < until and in_vain < MOST_IN_VAIN:
        taken = await outbox.take(gateway.channel, gateway.batch, now=watch.now())
        if not taken:
            break
        outcomes = [_without_sending(one, company, watch.now()) for one in taken]
        ready = [one for one, outcome in zip(taken, outcomes, strict=True) if outcome is None]
        if ready:
            await _wait_for_our_turn(gateway, len(ready), watch)
        tried = await _send_all(gateway, ready, watch)
        await outbox.settle([*filter(None, outcomes), *tried])
        sent += sum(one.state is DeliveryState.SENT for one in tried)
        is_away = all(one.state is DeliveryState.WAITING for one in tried)
        in_vain = in_vain + len(tried) if is_away else 0
    return sent


def _without_sending(one: Taken, company: Company, now: datetime) -> Settled | None:
    """None for one that is to be sent now."""
    day = one.facts.day
    is_late = one.kind in IS_POINTLESS_AFTER_ITS_DAY and day and day < company.today(now)
    if is_late or not one.is_wanted:
        return Settled(one.id, DeliveryState.DROPPED, now)
    if one.quiet_hours and (loud := one.quiet_hours.ends_at(now, company.zone)):
        return Settled(one.id, DeliveryState.WAITING, now, due_at=loud, was_tried=False)
    return None


async def _wait_for_our_turn(gateway: Gateway, count: int, watch: Watch) -> None:
    span = timedelta(seconds=count / gateway.per_second)
    starts_at = await outbox.reserve(gateway.channel, span, now=watch.now())
    await watch.sleep(max(0.0, (starts_at - watch.now()).total_seconds()))


async def _send_all(gateway: Gateway, ready: list[Taken], watch: Watch) -> list[Settled]:
    at_once = asyncio.Semaphore(MOST_AT_ONCE)

    async def send(one: Taken) -> Settled:
        async with at_once:
            return await _send(gateway, one, watch)

    return await asyncio.gather(*map(send, ready))


async def _send(gateway: Gateway, one: Taken, watch: Watch) -> Settled:
    try:
        await gateway.send(one)
    except NobodyThere:
        address = one.address(gateway.channel)
        return Settled(one.id, DeliveryState.FAILED, watch.now(), refused=address)
    except Hopeless:
        return Settled(one.id, DeliveryState.FAILED, watch.now())
    except gateway.outages:
        return _put_off(one, watch.now())
    except Exception as bug:  # noqa: BLE001 - one that we can't write must not keep back others
        _log.warning("notices.broken", delivery=str(one.id), error=type(bug).__name__)
        return _put_off(one, watch.now())
    return Settled(one.id, DeliveryState.SENT, watch.now())


def _put_off(one: Taken, now: datetime) -> Settled:
    """Longer and longer, until it has failed for good."""
    if one.attempts >= _RETRIES.attempts:
        return Settled(one.id, DeliveryState.FAILED, now)
    rest = _RETRIES.rest_after(one.attempts, random())  # noqa: S311 - no secret
    return Settled(one.id, DeliveryState.WAITING, now, due_at=now + rest)

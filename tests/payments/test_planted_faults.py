"""The simulation finds faults: each of these is put in, and a few seeds notice."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from unittest.mock import patch
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from lk_graphql.payments.models import AcquirerNotice, Payment, PaymentPart, PaymentState
from lk_graphql.payments.service import (
    acquirer_notices,
    creation,
    ledger,
    orders,
    reconciliation,
    states,
)
from lk_graphql.ports.acquiring import AcquirerNotification
from tests.payments.test_simulation import Theatre, check

MOST_SEEDS = 30


class Fault(NamedTuple):
    """What stands where what else belongs; `seed` is the first that notices."""

    place: Any
    name: str
    wrong: Any
    seed: int


@pytest_asyncio.fixture
async def theatre(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[Theatre]:
    yield Theatre(opened, dsn)


async def trusting(notice: AcquirerNotification, *, provider: str, now: datetime) -> bool:
    """Believe what a callback says."""
    payment = await Payment.get_or_none(provider=provider, reference=notice.reference)
    if payment is None or notice.kind != "payment.succeeded" or payment.state not in states.OPEN:
        return False
    async with in_transaction():
        payment.paid_at = now
        await states.move(payment, PaymentState.SUCCEEDED, now=now)
        parts = await PaymentPart.filter(payment_id=payment.id)
        await ledger.record_payment(payment, parts, at=now)
    return True


async def any_amount(payment: Payment, reported: Any, **_: Any) -> bool:
    return payment.id == reported.order_id


async def unlocked(payment_id: Any) -> Payment:
    return await Payment.get(id=payment_id)


async def every_time(_viewer: Any, _demand: Any, act: Any, **_: Any) -> Any:
    """An idempotency key that nobody looks at."""
    return await act()


original_payment = ledger.record_payment
original_order = orders.order_of
original_notice: Any = AcquirerNotice.create


async def booked_twice(payment: Payment, parts: Any, *, at: datetime) -> None:
    await original_payment(payment, parts, at=at)
    await original_payment(payment, parts, at=at)


async def ordered_anew(payment: Payment, **known: Any) -> Any:
    """A new key for each try to register."""
    return replace(await original_order(payment, **known), id=uuid4())


async def kept_again(**columns: Any) -> Any:
    """An inbox in which nothing is ever the same."""
    return await original_notice(**{**columns, "subject": uuid4().hex})


async def forgotten(*_: Any, **__: Any) -> int:
    return 0


FAULTS = {
    "a callback's body is trusted": Fault(acquirer_notices, "receive", trusting, 1),
    "no amount is compared": Fault(reconciliation, "_matches", any_amount, 3),
    "nothing is locked": Fault(states, "lock", unlocked, 87),
    "an idempotency key is ignored": Fault(creation, "run_once", every_time, 12),
    "a payment is booked twice": Fault(ledger, "record_payment", booked_twice, 2),
    "each registration has a new key": Fault(orders, "order_of", ordered_anew, 1),
    "a notice isn't recognised": Fault(AcquirerNotice, "create", kept_again, 1),
    "what billing has posted is forgotten": Fault(ledger, "acknowledge", forgotten, 4),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_the_simulation_notices_when(theatre: Theatre, name: str):
    fault = FAULTS[name]
    with patch.object(fault.place, fault.name, fault.wrong):
        for seed in range(fault.seed, fault.seed + MOST_SEEDS):
            try:
                await check(await theatre.play(seed))
            except (AssertionError, BaseORMException, states.InvalidTransition) as noticed:
                print(f"{name}: seed {seed}: {str(noticed)[:150]}")  # noqa: T201 - with -rP
                return
    pytest.fail(f"{MOST_SEEDS} seeds didn't notice")

"""Mutation tests of the simulation: a few seeds detect each planted fault."""

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

from lk_graphql.payments.models import Payment, PaymentPart, PaymentState
from lk_graphql.payments.service import (
    creation,
    differences,
    ledger,
    orders,
    reconciliation,
    states,
)
from lk_graphql.ports.acquiring import AcquirerNotification
from tests.payments.test_simulation import SimulationRunner, check

MAX_SEEDS = 30


class Fault(NamedTuple):
    """A replacement of an attribute; `seed` is the first that detects it."""

    target: Any
    name: str
    wrong: Any
    seed: int


@pytest_asyncio.fixture
async def runner(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[SimulationRunner]:
    yield SimulationRunner(opened, dsn)


async def trust_callback(
    notice: AcquirerNotification, *, provider: str, now: datetime, **_: Any
) -> bool:
    """Trust the content of a callback."""
    payment = await Payment.get_or_none(provider=provider, reference=notice.reference)
    if payment is None or notice.kind != "payment.succeeded" or payment.state not in states.OPEN:
        return False
    async with in_transaction():
        payment.paid_at = now
        await states.move(payment, PaymentState.SUCCEEDED, now=now)
        parts = await PaymentPart.filter(payment_id=payment.id)
        await ledger.record_payment(payment, parts, at=now)
    return True


async def match_any_amount(payment: Payment, reported: Any, **_: Any) -> bool:
    return payment.id == reported.order_id


async def read_unlocked(payment_id: Any) -> Payment:
    return await Payment.get(id=payment_id)


async def run_every_time(_viewer: Any, _request: Any, act: Any, **_: Any) -> Any:
    """Ignore the idempotency key."""
    return await act()


original_payment = ledger.record_payment
original_order = orders.order_of


async def book_twice(payment: Payment, parts: Any, *, at: datetime) -> None:
    await original_payment(payment, parts, at=at)
    await original_payment(payment, parts, at=at)


async def order_anew(payment: Payment, **options: Any) -> Any:
    """Use a new key for each registration."""
    return replace(await original_order(payment, **options), id=uuid4())


async def ignore(*_: Any, **__: Any) -> differences.Acknowledged:
    return differences.Acknowledged(0, 0)


FAULTS = {
    "a callback's body is trusted": Fault(reconciliation, "receive_callback", trust_callback, 32),
    "no amount is compared": Fault(reconciliation, "_matches", match_any_amount, 2),
    "nothing is locked": Fault(states, "lock", read_unlocked, 2),
    "an idempotency key is ignored": Fault(creation, "run_once", run_every_time, 70),
    "a payment is booked twice": Fault(ledger, "record_payment", book_twice, 1),
    "each registration has a new key": Fault(orders, "order_of", order_anew, 1),
    "what billing has posted is forgotten": Fault(differences, "acknowledge", ignore, 1),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_the_simulation_detects_a_planted_fault(runner: SimulationRunner, name: str):
    fault = FAULTS[name]
    with patch.object(fault.target, fault.name, fault.wrong):
        for seed in range(fault.seed, fault.seed + MAX_SEEDS):
            try:
                await check(await runner.play(seed))
            except (AssertionError, BaseORMException, states.InvalidTransition) as failure:
                print(f"{name}: seed {seed}: {str(failure)[:150]}")  # noqa: T201 - with -rP
                return
    pytest.fail(f"{MAX_SEEDS} seeds didn't notice")

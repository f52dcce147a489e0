"""Constraints and privileges of the ledger tables in PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.database.owners import grants
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import LedgerEntry, LedgerLine, Payment
from lk_graphql.payments.service import creation
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.preview import PartRequest
from tests.factories.accounts import LINKS
from tests.factories.payments import PaymentScenario
from tests.support.client import COMPANY

TABLES = ("ledger_entry", "ledger_line", "payment_event")


@pytest.mark.parametrize("table", TABLES)
async def test_recorded_events_can_t_be_changed(
    scenario: PaymentScenario, opened: asyncpg.Connection, table: str
):
    await scenario.paid()
    for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await opened.execute(change)


async def test_an_entry_that_doesn_t_balance_is_refused_at_the_commit(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    await scenario.paid()
    entry = await LedgerEntry.get()
    with pytest.raises(asyncpg.CheckViolationError, match="does not balance"):
        await opened.execute(
            "INSERT INTO ledger_line (id, book, amount, entry_id) VALUES ($1, 'ACQUIRER', 1, $2)",
            new_key(),
            entry.id,
        )
    assert await LedgerLine.all().count() == 2


async def test_a_payment_has_one_entry(scenario: PaymentScenario, opened: asyncpg.Connection):
    payment = await scenario.paid()
    with pytest.raises(asyncpg.UniqueViolationError, match="ledger_entry_of_payment"):
        await opened.execute(
            "INSERT INTO ledger_entry (id, kind, payment_id, happened_at)"
            " VALUES ($1, 'PAYMENT', $2, now())",
            new_key(),
            payment.id,
        )


async def test_fifty_starts_with_one_key_are_one_payment(scenario: PaymentScenario):
    """On all connections of the pool; the acquirer receives one order."""
    request = PaymentRequest(
        (PartRequest(scenario.account.id, amount=Kopecks(5_000)),), Kopecks(5_000)
    )

    async def start() -> object:
        return await creation.start(
            scenario.anna, request, "one key", acquirer=scenario.acquirer, company=COMPANY,
            signer=LINKS, now=datetime.now(UTC),
        )  # fmt: skip

    keys = await asyncio.gather(*(start() for _ in range(50)))

    assert len(set(keys)) == 1
    payment = await Payment.get()
    assert (payment.id, payment.state) == (keys[0], "REGISTERED")


@pytest_asyncio.fixture
async def application(
    scenario: PaymentScenario, opened: asyncpg.Connection
) -> AsyncGenerator[None]:
    """A connection with the application's role, as made by `lk migrate grant`."""
    await opened.execute("CREATE ROLE lk_app")
    await opened.execute(await grants(opened, "lk_app"))
    await opened.execute("SET ROLE lk_app")
    yield
    await opened.execute("RESET ROLE")
    await opened.execute("DROP OWNED BY lk_app")
    await opened.execute("DROP ROLE lk_app")


@pytest.mark.parametrize("table", TABLES)
async def test_the_application_s_role_can_only_add_to_the_books(
    application: None, opened: asyncpg.Connection, table: str
):
    assert await opened.fetchval(f"SELECT count(*) FROM {table}") >= 0
    for change in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER append_only",
        f"DROP TABLE {table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await opened.execute(change)


async def test_the_application_s_role_can_do_its_work(
    application: None, opened: asyncpg.Connection
):
    assert await opened.fetchval("SELECT nextval('payment_number')") > 0
    await opened.execute("UPDATE account SET address = address")
    await opened.execute("DELETE FROM captcha")

"""Payment terms, requisites, a payable account and the sandbox acquirer."""

from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio
import stamina
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Supplier, VatRate
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import key_of, new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from lk_graphql.payments.models import (
    LedgerAccount,
    LedgerEntry,
    LedgerKind,
    LedgerLine,
    Payment,
    PaymentState,
    PaymentTerms,
    RegistryRow,
)
from lk_graphql.payments.service import creation, differences, reconciliation, refunds
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.differences import Posting
from lk_graphql.payments.service.preview import PartRequest
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.jobs.registry import JOBS
from tests.factories.accounts import LINKS, NOW, given_account, given_link, given_user
from tests.support.client import COMPANY, ApiClient, open_client
from tests.support.sandbox_acquirer import GOOD, PAYEE, Sandbox, running

START = """mutation ($input: PaymentStartInput!) { paymentStart(input: $input) {
  payment { id number state total pageUrl } errors { code path message } } }"""
PAYMENT = """query ($id: ID!) { payment(id: $id) {
  state total refunded pageUrl isPosted paidAt receipts { state url isRefund amount }
  refunds { amount state } events { kind amount } } }"""
BALANCE = "{ viewer { accounts { balance { amountDue processing debt overpayment } } } }"
SUPERVISOR = StaffViewer(new_key(), new_key(), Role.SUPERVISOR)


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sandbox]:
    with running(tmp_path_factory.mktemp("books") / "sandbox.sqlite") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Generator[Sandbox]:
    """The sandbox on a socket, with its own database; the port retries without delays."""
    with stamina.set_testing(True, attempts=2):
        yield sandbox_server


@dataclass
class PaymentScenario:
    """Anna's account, client and acquirer."""

    api: ApiClient
    sandbox: Sandbox
    ports: Ports
    anna: Viewer
    account: Account
    token: str

    @property
    def acquirer(self) -> Acquirer:
        assert self.ports.acquirer
        return self.ports.acquirer

    async def post(self, query: str, **variables: Any) -> Any:
        return (await self.api.post(query, self.token, **variables))["data"]

    async def start(self, amount: str = "1140.00", key: str = "", **more: Any) -> Any:
        """The payload of `paymentStart` for Anna's account, over HTTP."""
        part = {"accountId": f"acc_{self.account.id.hex}", "amount": amount}
        values = {"idempotencyKey": key or str(new_key()), "parts": [part], "total": amount}
        return (await self.post(START, input=values | more))["paymentStart"]

    async def begun(self, amount: int = 114_000) -> Payment:
        """A registered payment, started by the service."""
        request = PaymentRequest(
            (PartRequest(self.account.id, amount=Kopecks(amount)),), Kopecks(amount)
        )
        key = await creation.start(
            self.anna, request, str(new_key()), acquirer=self.acquirer, company=COMPANY,
            signer=LINKS, now=NOW,
        )  # fmt: skip
        return await Payment.get(id=key)

    async def paid(self, amount: int = 114_000, card: str = GOOD) -> Payment:
        payment = await self.begun(amount)
        self.sandbox.pay(payment.page_url or "", card)
        return await self.reconcile(payment.id)

    async def reconcile(self, payment_id: UUID, *, now: datetime | None = None) -> Payment:
        """Reconcile a payment like the reconciler."""
        moment = now or datetime.now(UTC)
        await reconciliation.reconcile_one(
            payment_id, acquirer=self.acquirer, company=COMPANY, now=moment
        )
        return await Payment.get(id=payment_id)

    async def do_jobs(self) -> None:
        await do_due_jobs(self.ports)

    async def callback(self, kind: str, reference: str) -> httpx.Response:
        """Post a callback, like the acquirer or an impostor."""
        body = {"type": "notification", "event": kind, "object": {"id": reference}}
        return await self.api.http.post("/webhooks/acquirer", json=body)


async def do_due_jobs(ports: Ports) -> None:
    """Run all due jobs and the jobs they enqueue; delayed ones stay in the queue."""
    context = JobContext(ports, COMPANY, datetime.now(UTC))
    while due := await _take_due_jobs():
        for row in due:
            keys: dict[str, str] = orjson.loads(row["payload"])
            ids = {name: UUID(key) for name, key in keys.items()}
            await JOBS[row["entrypoint"]].handler(context, **ids)


async def _take_due_jobs() -> list[dict[str, Any]]:
    connection: Any = get_connection("default")
    statement = "DELETE FROM job WHERE execute_after <= now() RETURNING entrypoint, payload"
    return await connection.execute_query_dict(statement)


@pytest_asyncio.fixture
async def scenario(
    engine: QueryEngine, database: str, sandbox: Sandbox, anna: Viewer
) -> AsyncGenerator[PaymentScenario]:
    await given_terms()
    account = await given_account()
    await given_link(anna, account)
    async with open_client(engine, sandbox.port) as api:
        token = await api.signed_in(anna)
        yield PaymentScenario(api, sandbox, api.state.ports, anna, account, token)


async def request_refund(
    acquirer: Acquirer,
    claim: RefundClaim,
    staff: StaffViewer = SUPERVISOR,
    *,
    now: datetime | None = None,
) -> UUID:
    """Request a refund like the back office; return its key."""
    reported = await refunds.snapshot_of(staff, claim, acquirer=acquirer)
    moment = now or datetime.now(UTC)
    return (await refunds.request(staff, claim, reported=reported, now=moment)).id


async def given_terms(commission: str = "0") -> None:
    await PaymentTerms.create(
        valid_from=date(2020, 1, 1), minimum=100, maximum=35_000_000,
        commission_percent=Decimal(commission), reference="a test",
    )  # fmt: skip
    for since, percent in ((date(2019, 1, 1), 20), (date(2026, 1, 1), 22)):
        await VatRate.create(percent=percent, valid_from=since, reference="НК РФ, ст. 164")
    await Supplier.create(
        valid_from=date(2020, 1, 1), name=PAYEE.name, inn=PAYEE.inn, kpp=PAYEE.kpp,
        ogrn="1024200000000", bank_name=PAYEE.bank_name, bic=PAYEE.bic, account=PAYEE.account,
        correspondent_account=PAYEE.correspondent_account, address="Новокузнецк",
        phone="+7 3843 00-00-00", office_hours="пн-пт 8-17",
    )  # fmt: skip


async def acknowledge(numbers: Sequence[str], *, now: datetime) -> int:
    """Post registry rows unchanged; return the number of rows that weren't posted."""
    rows = await RegistryRow.filter(number__in=numbers).select_related("account")
    postings = [Posting(row.number, row.account.number, Kopecks(row.amount)) for row in rows]
    return (await differences.acknowledge(postings, now=now)).agreed


def key_in(public: str) -> UUID:
    key = key_of(public, "pay")
    assert key
    return key


async def given_movement(
    account: Account, amount: int, *, posted_at: datetime | None = None
) -> None:
    """A row of the registry; negative for a refund."""
    user = await User.get_or_none(email="payer@example.com")
    user = user or await User.get(id=(await given_user("payer@example.com")).id)
    key = new_key()
    async with in_transaction():
        payment = await Payment.create(
            user=user, number=key.hex[-20:], state=PaymentState.SUCCEEDED, amount=abs(amount) or 1,
            commission=0, provider="test", reference=key.hex, created_at=NOW, changed_at=NOW,
            page_url="", paid_at=NOW, posted_at=posted_at,
        )  # fmt: skip
        entry = await LedgerEntry.create(
            kind=LedgerKind.PAYMENT, payment_id=payment.id, happened_at=NOW
        )
        await LedgerLine.create(entry=entry, book=LedgerAccount.ACQUIRER, amount=amount)
        line = await LedgerLine.create(
            entry=entry, book=LedgerAccount.CUSTOMER, account=account, amount=-amount
        )
        await RegistryRow.create(
            line=line, payment_id=payment.id, account_id=account.id, number=key.hex[:30],
            amount=amount, happened_at=NOW, posted_at=posted_at,
        )  # fmt: skip

"""The sandbox acquirer on a real socket, and its port."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from lk_graphql import server
from lk_graphql.demo import acquirer
from lk_graphql.demo.acquirer import Delays
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.ports.acquiring import (
    Acquirer,
    AcquirerNotification,
    AcquirerOrder,
    FiscalRegistration,
    OrderSnapshot,
    ReceiptLine,
    RefundOrder,
    RefundResult,
    RegisteredOrder,
    Settlement,
    Shop,
    UtilityPayee,
    UtilityPaymentOrder,
    YooKassa,
)

QUICK = Delays(
    slow_bank=timedelta(seconds=0.3),
    late_callback=timedelta(seconds=0.5),
    between_callbacks=timedelta(seconds=0.1),
    receipt=timedelta(0),
)
PAYEE = UtilityPayee(
    "ООО «Металлэнергофинанс»", "4217039402", "421701001", "Сбербанк",
    "043207612", "40702810526000000001", "30101810200000000612",
)  # fmt: skip
GOOD, SECURE, POOR = "2200000000000004", "2200000000000012", "2200000000000020"
SLOW, SILENT, TWICE = "2200000000000046", "2200000000000053", "2200000000000079"
OUT_OF_ORDER, NEVER = "2200000000000087", "2200000000000095"


@dataclass(frozen=True)
class Sandbox:
    """The sandbox's address, its port, and a customer's actions on its pages."""

    url: str
    port: YooKassa

    def pay(self, page: str, number: str) -> httpx.Response:
        """Submit a card; return the response."""
        fields = {"number": number, "expiry": "12/39", "code": "123"}
        return self.post(f"{page}/card", **fields)

    def post(self, url: str, **fields: str) -> httpx.Response:
        # plain HTTP; loading the certificates of all authorities would be slow
        return httpx.post(url, data=fields, follow_redirects=True, trust_env=False, verify=False)


@dataclass
class AcquirerProxy:
    """Forwards calls to another acquirer; tests override its methods."""

    inner: Acquirer

    @property
    def provider(self) -> str:
        return self.inner.provider

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        return await self.inner.register(order)

    async def state(self, reference: str) -> OrderSnapshot:
        return await self.inner.state(reference)

    async def refund(self, refund: RefundOrder) -> RefundResult:
        return await self.inner.refund(refund)

    async def refund_state(self, reference: str) -> RefundResult:
        return await self.inner.refund_state(reference)

    async def refund_receipts(self, reference: str) -> tuple[FiscalRegistration, ...]:
        return await self.inner.refund_receipts(reference)

    async def orders_since(self, moment: datetime) -> list[OrderSnapshot]:
        return await self.inner.orders_since(moment)

    async def refunds_since(self, moment: datetime) -> list[RefundResult]:
        return await self.inner.refunds_since(moment)

    def notice(self, body: bytes) -> AcquirerNotification | None:
        return self.inner.notice(body)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    file: Path, *, callback_url: str = "", pace: Delays = QUICK, port: int = 0, around: Any = None
) -> Generator[Sandbox]:
    """Run the sandbox with its database in `file`; `around` wraps the application."""
    number = port or free_port()
    url = f"http://127.0.0.1:{number}"
    shop = acquirer.SandboxShop("shop", "secret", callback_url or f"{url}/none")
    app: Any = acquirer.create(file, shop, url, pace)
    with server.serve_in_thread(
        around(app) if around else app, server.ServerOptions("127.0.0.1", number)
    ):
        yield Sandbox(url, YooKassa(Shop("shop", "secret", f"{url}/v3", provider="sandbox")))


def given_order(amount: int = 123_456, **changed: Any) -> AcquirerOrder:
    lines = (ReceiptLine("Электроэнергия", Kopecks(amount), 22, Settlement.FULL_PAYMENT),)
    defaults: dict[str, Any] = {
        "id": new_key(),
        "amount": Kopecks(amount),
        "description": "Оплата электроэнергии",
        "return_url": "https://lk.example/payment",
        "buyer_email": "anna@example.com",
        "receipt": lines,
        "utility": UtilityPaymentOrder(
            PAYEE, "Оплата за электроэнергию; ЛС 0012345678",
            "0012345678", "75ДА533315", "0012345678-2610", date(2026, 10, 1),
        ),
    }  # fmt: skip
    return AcquirerOrder(**{**defaults, **changed})


def given_refund(reference: str, amount: int) -> RefundOrder:
    lines = (ReceiptLine("Электроэнергия", Kopecks(amount), 22, Settlement.FULL_PAYMENT),)
    return RefundOrder(new_key(), reference, Kopecks(amount), "Возврат", "anna@example.com", lines)

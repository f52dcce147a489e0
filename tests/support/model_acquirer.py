"""An in-memory acquirer that loses, delays and forges messages."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from lk_graphql.kit.money import Kopecks
from lk_graphql.ports.acquiring import (
    AcquirerNotification,
    AcquirerOrder,
    AcquirerRefused,
    AcquirerUnavailable,
    CancelReason,
    FiscalRegistration,
    FiscalStatus,
    OrderNotFound,
    OrderSnapshot,
    OrderStatus,
    RefundOrder,
    RefundResult,
    RefundStatus,
    RegisteredOrder,
)
from tests.support.simulation import step


@dataclass
class ModelOrder:
    """An order of the acquirer."""

    order: AcquirerOrder
    amount: Kopecks
    status: OrderStatus = OrderStatus.WAITING
    cancel: CancelReason | None = None
    refunds: dict[UUID, int] = field(default_factory=dict[UUID, int])

    @property
    def refunded(self) -> int:
        return sum(self.refunds.values())


@dataclass
class ModelAcquirer:
    """Simulated acquirer; only its idempotence keys are reliable.

    A refund of a part is pending at first, and for every repeat of its request.

    `forgery_rate` is the probability that an order is stored with an amount that differs from the
    registered one. `overdrawn` counts refunds that exceed the remaining amount of the order.
    """

    rng: Random
    loss_rate: float
    forgery_rate: float = 0
    provider: str = "model"
    orders: dict[str, ModelOrder] = field(default_factory=dict[str, ModelOrder])
    notices: list[AcquirerNotification] = field(default_factory=list[AcquirerNotification])
    overdrawn: int = 0

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        await self._transmit("register")
        reference = f"model-{order.id.hex}"
        if reference not in self.orders:
            missing = 100 if self.rng.random() < self.forgery_rate else 0
            self.orders[reference] = ModelOrder(order, Kopecks(order.amount - missing))
        if self.orders[reference].order != order:
            raise AcquirerRefused("another order under this key")
        await self._transmit("registered")
        return RegisteredOrder(reference, f"https://model.example/{reference}")

    async def state(self, reference: str) -> OrderSnapshot:
        await self._transmit("state")
        if reference not in self.orders:
            raise OrderNotFound
        snapshot = self._snapshot(reference)
        await self._transmit("stated")  # it may be outdated by now
        return snapshot

    async def refund(self, refund: RefundOrder) -> RefundResult:
        await self._transmit("refund")
        order = self.orders[refund.reference]
        if refund.id not in order.refunds:
            if order.refunded + refund.amount > order.amount:
                self.overdrawn += 1
                raise AcquirerRefused("not enough left")
            order.refunds[refund.id] = refund.amount
            self._call_back(f"refund-{refund.id.hex}", "refund.succeeded", refund.reference)
        await self._transmit("refunded")
        is_whole = refund.amount == order.amount
        status = RefundStatus.SUCCEEDED if is_whole else RefundStatus.PENDING
        return RefundResult(f"refund-{refund.id.hex}", status, refund.amount)

    async def refund_state(self, reference: str) -> RefundResult:
        await self._transmit("refund state")
        key = UUID(hex=reference.removeprefix("refund-"))
        (amount,) = [order.refunds[key] for order in self.orders.values() if key in order.refunds]
        return RefundResult(reference, RefundStatus.SUCCEEDED, Kopecks(amount))

    async def refund_receipts(self, reference: str) -> tuple[FiscalRegistration, ...]:
        try:
            await self._transmit("refund receipts")
        except AcquirerUnavailable:
            return ()
        return (FiscalRegistration(f"rt-{reference}", reference, FiscalStatus.DONE),)

    async def orders_since(self, moment: datetime) -> list[OrderSnapshot]:
        raise NotImplementedError("The simulation has no restores")

    async def refunds_since(self, moment: datetime) -> list[RefundResult]:
        raise NotImplementedError("The simulation has no restores")

    def notice(self, body: bytes) -> AcquirerNotification | None:
        raise NotImplementedError("The simulation passes callbacks as objects")

    def customer_acts(self) -> None:
        """Change a random open order, as its customer or bank does."""
        unfinished = {OrderStatus.WAITING, OrderStatus.PROCESSING}
        references = [
            reference for reference, order in self.orders.items() if order.status in unfinished
        ]
        if not references:
            return
        reference = self.rng.choice(references)
        order = self.orders[reference]
        order.status = self.rng.choice(
            (OrderStatus.PROCESSING, OrderStatus.SUCCEEDED, OrderStatus.SUCCEEDED,
             OrderStatus.CANCELED)
        )  # fmt: skip
        if order.status is OrderStatus.CANCELED:
            order.cancel = self.rng.choice((CancelReason.DECLINED, CancelReason.EXPIRED))
        if order.status is not OrderStatus.PROCESSING:
            self._call_back(reference, f"payment.{order.status.value.lower()}", reference)

    def take_notice(self) -> AcquirerNotification | None:
        """Return a random callback; some are repeated, some forged."""
        if self.orders and self.rng.random() < 0.2:
            reference = self.rng.choice([*self.orders])
            return AcquirerNotification("payment.succeeded", reference, reference)
        if not self.notices:
            return None
        index = self.rng.randrange(len(self.notices))
        again = self.rng.random() < 0.3
        return self.notices[index] if again else self.notices.pop(index)

    def _call_back(self, subject: str, kind: str, reference: str) -> None:
        if self.rng.random() > self.loss_rate:
            self.notices.append(AcquirerNotification(kind, subject, reference))

    def _snapshot(self, reference: str) -> OrderSnapshot:
        order = self.orders[reference]
        is_paid = order.status is OrderStatus.SUCCEEDED
        receipt = FiscalRegistration(f"rt-{reference}", None, FiscalStatus.DONE)
        return OrderSnapshot(
            reference=reference,
            order_id=order.order.id,
            status=order.status,
            amount=order.amount,
            currency="RUB",
            refunded=Kopecks(order.refunded),
            cancel=order.cancel,
            fiscal=(receipt,) if is_paid else (),
        )

    async def _transmit(self, message: str) -> None:
        """Delay a message by some steps, or lose it."""
        for _ in range(self.rng.randint(1, 3)):
            await step(message)
        if self.rng.random() < self.loss_rate:
            raise AcquirerUnavailable(f"lost at {message}")

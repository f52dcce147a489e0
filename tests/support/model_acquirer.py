"""An acquirer in memory, in bad weather."""

from dataclasses import dataclass, field
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
    """An order in the acquirer's books."""

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
    """Keeps its promises about idempotence keys, and no other.

    `crooked` is how often an order has another amount in its books than it was registered with.
    `overdrawn` counts refunds of more than is left: the other side has to know better.
    """

    dice: Random
    loss_rate: float
    forgery_rate: float = 0
    provider: str = "model"
    books: dict[str, ModelOrder] = field(default_factory=dict[str, ModelOrder])
    notices: list[AcquirerNotification] = field(default_factory=list[AcquirerNotification])
    overdrawn: int = 0

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        await self._way("register")
        reference = f"model-{order.id.hex}"
        if reference not in self.books:
            missing = 100 if self.dice.random() < self.forgery_rate else 0
            self.books[reference] = ModelOrder(order, Kopecks(order.amount - missing))
        if self.books[reference].order != order:
            raise AcquirerRefused("another order under this key")
        await self._way("registered")
        return RegisteredOrder(reference, f"https://model.example/{reference}")

    async def state(self, reference: str) -> OrderSnapshot:
        await self._way("state")
        if reference not in self.books:
            raise OrderNotFound
        told = self._truth(reference)
        await self._way("stated")  # and by now it may be old
        return told

    async def refund(self, refund: RefundOrder) -> RefundResult:
        await self._way("refund")
        kept = self.books[refund.reference]
        if refund.id not in kept.refunds:
            if kept.refunded + refund.amount > kept.amount:
                self.overdrawn += 1
                raise AcquirerRefused("not enough left")
            kept.refunds[refund.id] = refund.amount
            self._call_back(f"refund-{refund.id.hex}", "refund.succeeded", refund.reference)
        await self._way("refunded")
        return RefundResult(f"refund-{refund.id.hex}", RefundStatus.SUCCEEDED, refund.amount)

    def notice(self, body: bytes) -> AcquirerNotification | None:
        raise NotImplementedError("Notices are handed over as they are")

    def customer_acts(self) -> None:
        """Somebody types a card on a page, or gives up."""
        unfinished = {OrderStatus.WAITING, OrderStatus.PROCESSING}
        open_ = [r for r, kept in self.books.items() if kept.status in unfinished]
        if not open_:
            return
        reference = self.dice.choice(open_)
        kept = self.books[reference]
        kept.status = self.dice.choice(
            (OrderStatus.PROCESSING, OrderStatus.SUCCEEDED, OrderStatus.SUCCEEDED,
             OrderStatus.CANCELED)
        )  # fmt: skip
        if kept.status is OrderStatus.CANCELED:
            kept.cancel = self.dice.choice((CancelReason.DECLINED, CancelReason.EXPIRED))
        if kept.status is not OrderStatus.PROCESSING:
            self._call_back(reference, f"payment.{kept.status.value.lower()}", reference)

    def take_notice(self) -> AcquirerNotification | None:
        """Any of the callbacks, in no order; often it comes again, and some are forged."""
        if self.books and self.dice.random() < 0.2:
            reference = self.dice.choice([*self.books])
            return AcquirerNotification("payment.succeeded", reference, reference)
        if not self.notices:
            return None
        place = self.dice.randrange(len(self.notices))
        again = self.dice.random() < 0.3
        return self.notices[place] if again else self.notices.pop(place)

    def _call_back(self, subject: str, kind: str, reference: str) -> None:
        if self.dice.random() > self.loss_rate:
            self.notices.append(AcquirerNotification(kind, subject, reference))

    def _truth(self, reference: str) -> OrderSnapshot:
        kept = self.books[reference]
        paid = kept.status is OrderStatus.SUCCEEDED
        receipts = (None, *(f"refund-{key.hex}" for key in kept.refunds))
        return OrderSnapshot(
            reference=reference,
            order_id=kept.order.id,
            status=kept.status,
            amount=kept.amount,
            currency="RUB",
            refunded=Kopecks(kept.refunded),
            cancel=kept.cancel,
            fiscal=tuple(
                FiscalRegistration(f"rt-{refund}", refund, FiscalStatus.DONE)
                for refund in receipts
                if paid
            ),
        )

    async def _way(self, place: str) -> None:
        """What is sent takes its time, or is lost."""
        for _ in range(self.dice.randint(1, 3)):
            await step(place)
        if self.dice.random() < self.loss_rate:
            raise AcquirerUnavailable(f"lost at {place}")

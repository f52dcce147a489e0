"""The protocol of acquirers: orders, refunds and notifications. Amounts are kopecks of rubles."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from lk_graphql.kit.money import Kopecks
from lk_graphql.ports.errors import PermanentError

RUBLES = "RUB"
MAX_RECEIPT_LINES = 80
"""The limit of ЮKassa's own cash registers; those of others have 100 (`receipt.items`)."""
MAX_DESCRIPTION_LENGTH = 128
"""Of a line (54-ФЗ, tag 1030), a payment and a refund."""
MAX_PURPOSE_LENGTH = 210
"""Of the purpose («назначение платежа») of a payment order."""
VAT_RATES = frozenset({0, 5, 7, 10, 18, 20, 22})
"""The rates, in percent, that a fiscal receipt can state (54-ФЗ, tag 1199)."""
NOTHING = Kopecks(0)


class AcquirerUnavailable(Exception):
    """No response, or an unclear one: the operation may have happened or not.

    Repeating the request with the same id is safe and returns the outcome.
    """


class AnswerUnreadable(AcquirerUnavailable):
    """A response with an implausible value, which the message names, for staff."""


class NotificationInvalid(ValueError):
    """A body that is no notification of the acquirer."""


class AcquirerRefused(PermanentError):
    """A definite refusal: nothing has happened, and a repeat would be refused, too."""


class OrderNotFound(AcquirerRefused):
    """The acquirer has no payment or refund with this reference."""


class Settlement(StrEnum):
    """The settlement type of a receipt's line (54-ФЗ, tag 1214): a debt or an advance."""

    FULL_PAYMENT = "FULL_PAYMENT"
    ADVANCE = "ADVANCE"


class ReceiptSubject(StrEnum):
    """The subject of a receipt's line (54-ФЗ, tag 1212).

    PAYMENT («платёж») is money that isn't for a particular service: an advance, a penalty.
    """

    SERVICE = "SERVICE"
    PAYMENT = "PAYMENT"


@dataclass(frozen=True)
class ReceiptLine:
    """A line of the fiscal receipt; its amount includes VAT («НДС») of `vat_percent`, if any.

    With a volume and a price, `amount` is exactly their product; otherwise it is one piece.
    """

    description: str
    amount: Kopecks
    vat_percent: Decimal | int | None
    settlement: Settlement
    subject: ReceiptSubject = ReceiptSubject.SERVICE
    quantity_kwh: Decimal | None = None
    kopecks_per_kwh: Kopecks | None = None


@dataclass(frozen=True)
class UtilityPayee:
    """The payee of utility payments, with the requisites that ГИС ЖКХ requires."""

    name: str
    inn: str
    kpp: str
    bank_name: str
    bic: str
    account: str
    correspondent_account: str


@dataclass(frozen=True)
class UtilityPaymentOrder:
    """The payment order for housing and utilities («платёжное поручение ЖКУ»)."""

    payee: UtilityPayee
    purpose: str
    account_number: str
    unified_account_number: str | None
    document_number: str | None
    period: date | None


@dataclass(frozen=True)
class AcquirerOrder:
    """A payment to register; `id` is its idempotency key."""

    id: UUID
    amount: Kopecks
    description: str
    return_url: str
    buyer_email: str
    receipt: tuple[ReceiptLine, ...]
    utility: UtilityPaymentOrder


@dataclass(frozen=True)
class RegisteredOrder:
    """The acquirer's reference for an order, and the URL of its payment page."""

    reference: str
    page_url: str


class OrderStatus(StrEnum):
    """WAITING for a card, PROCESSING it, or final."""

    WAITING = "WAITING"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


class CancelReason(StrEnum):
    """The reason of a cancellation, as far as customers see a difference."""

    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"


class FiscalStatus(StrEnum):
    """The state of a receipt, which is registered some time after the money moved."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True)
class FiscalRegistration:
    """A receipt's registration at the tax service; `refund` is the refund's reference, if any.

    Storage (ФН), number (ФД) and attribute (ФПД) are set when it is DONE; `url` is its page.
    """

    reference: str
    refund: str | None
    status: FiscalStatus
    storage: str | None = None
    number: str | None = None
    attribute: str | None = None
    registered_at: datetime | None = None
    url: str | None = None


@dataclass(frozen=True)
class OrderSnapshot:
    """The state of an order at the acquirer, the only source of truth.

    `order_id` is our id, None for an order of another system. `reason` is the acquirer's text,
    for staff.
    """

    reference: str
    order_id: UUID | None
    status: OrderStatus
    amount: Kopecks
    currency: str
    refunded: Kopecks = NOTHING
    paid_at: datetime | None = None
    cancel: CancelReason | None = None
    reason: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    fiscal: tuple[FiscalRegistration, ...] = field(default=())


@dataclass(frozen=True)
class RefundOrder:
    """A refund to make; `id` is its idempotency key."""

    id: UUID
    reference: str
    """The payment's reference."""
    amount: Kopecks
    description: str
    buyer_email: str
    receipt: tuple[ReceiptLine, ...]


class RefundStatus(StrEnum):
    """The state of a refund; banks may need days."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class RefundResult:
    """The outcome of a refund."""

    reference: str
    status: RefundStatus
    amount: Kopecks
    reason: str | None = None
    currency: str = RUBLES
    payment: str | None = None
    """The payment's reference."""
    created_at: datetime | None = None


@dataclass(frozen=True)
class AcquirerNotification:
    """The content of a callback. It is not authenticated, so it proves nothing."""

    kind: str
    subject: str
    """The id of the payment or refund that changed."""
    reference: str
    """The payment's reference, also for a refund."""


class Acquirer(Protocol):
    """Takes payments. Methods raise `AcquirerUnavailable` or `AcquirerRefused`."""

    @property
    def provider(self) -> str:
        """A short name, within which references are unique."""
        ...

    async def register(self, order: AcquirerOrder) -> RegisteredOrder: ...

    async def state(self, reference: str) -> OrderSnapshot: ...

    async def refund(self, refund: RefundOrder) -> RefundResult: ...

    async def refund_state(self, reference: str) -> RefundResult: ...

    async def refund_receipts(self, reference: str) -> tuple[FiscalRegistration, ...]:
        """The receipts of a refund; none without a response, because the next check repeats it.

        `state` has the receipts of the payment, and of refunds only if the acquirer mixes them.
        """
        ...

    async def orders_since(self, moment: datetime) -> list[OrderSnapshot]:
        """All orders of the shop that were registered since a moment, without their receipts."""
        ...

    async def refunds_since(self, moment: datetime) -> list[RefundResult]: ...

    def notice(self, body: bytes) -> AcquirerNotification | None:
        """The parsed callback; None for an event that isn't about a payment or a refund.

        Raises `NotificationInvalid`.
        """
        ...

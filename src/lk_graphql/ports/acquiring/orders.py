"""What is asked of an acquirer and what it answers, in our words. Money is kopecks of rubles."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from lk_graphql.kit.money import Kopecks
from lk_graphql.ports.errors import PermanentError

RUBLES = "RUB"
NOTHING = Kopecks(0)


class AcquirerUnavailable(Exception):
    """No answer, or none that says anything: what was asked may have happened or not.

    The same request, under the same id, finds out.
    """


class AcquirerRefused(PermanentError):
    """It understood and said no; it would say so again. Nothing has happened."""


class OrderNotFound(AcquirerRefused):
    """It doesn't know this reference."""


class Settlement(StrEnum):
    """How a receipt's line is paid (54-ФЗ, tag 1214): what is owed, or money ahead."""

    FULL_PAYMENT = "FULL_PAYMENT"
    ADVANCE = "ADVANCE"


@dataclass(frozen=True)
class ReceiptLine:
    """A line of the fiscal receipt; its amount holds VAT («НДС») of so many percent."""

    description: str
    amount: Kopecks
    vat_percent: int
    settlement: Settlement


@dataclass(frozen=True)
class UtilityPayee:
    """Whose bank account utility payments go to, as ГИС ЖКХ wants to know it."""

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
    """A payment to register. The same `id` is the same order, however often it is sent."""

    id: UUID
    amount: Kopecks
    description: str
    return_url: str
    buyer_email: str
    receipt: tuple[ReceiptLine, ...]
    utility: UtilityPaymentOrder


@dataclass(frozen=True)
class RegisteredOrder:
    """The acquirer's own name for an order, and the page that asks for the card."""

    reference: str
    page_url: str


class OrderStatus(StrEnum):
    """WAITING for a card, PROCESSING one, or over in one of two ways."""

    WAITING = "WAITING"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


class CancelReason(StrEnum):
    """Why an order came to nothing, as far as it makes a difference to what we say."""

    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"


class FiscalStatus(StrEnum):
    """A receipt is made out some time after the money has moved."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True)
class FiscalRegistration:
    """A receipt as the tax service knows it; `refund` is the reference of the refund it is for.

    Storage (ФН), number (ФД) and attribute (ФПД) are there once it is DONE; `url` is where a
    person can look at it, if we know.
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
    """What an acquirer says of an order when it is asked: nothing else counts.

    `order_id` is ours, None if the order isn't of our making. `reason` is in the acquirer's own
    words, for staff.
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
    fiscal: tuple[FiscalRegistration, ...] = field(default=())


@dataclass(frozen=True)
class RefundOrder:
    """Money to send back. The same `id` is the same refund, however often it is sent."""

    id: UUID
    reference: str
    """The payment's."""
    amount: Kopecks
    description: str
    buyer_email: str
    receipt: tuple[ReceiptLine, ...]


class RefundStatus(StrEnum):
    """A bank may take days."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class RefundResult:
    """What became of a refund."""

    reference: str
    status: RefundStatus
    amount: Kopecks
    reason: str | None = None


@dataclass(frozen=True)
class AcquirerNotification:
    """What a callback claims. Whoever finds the address can send one: it proves nothing."""

    kind: str
    subject: str
    """The object that it is about."""
    reference: str
    """The payment's, also where it is about a refund of it."""


class Acquirer(Protocol):
    """Takes money for us. Every method raises `AcquirerUnavailable` or `AcquirerRefused`."""

    @property
    def provider(self) -> str:
        """A short name for tables: references are unique within it."""
        ...

    async def register(self, order: AcquirerOrder) -> RegisteredOrder: ...

    async def state(self, reference: str) -> OrderSnapshot: ...

    async def refund(self, refund: RefundOrder) -> RefundResult: ...

    def notice(self, body: bytes) -> AcquirerNotification | None:
        """What a callback says; None if it isn't one, or is about something else."""
        ...

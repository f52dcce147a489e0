"""Validation of requests by YooKassa's public reference."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError, model_validator

Json = dict[str, Any]


class InvalidRequest(Exception):
    """An invalid request; `parameter` is the name in the response."""

    def __init__(self, parameter: str) -> None:
        super().__init__(parameter)
        self.parameter = parameter


def _text(max_length: int) -> Any:
    return StringConstraints(min_length=1, max_length=max_length)


def _digits(pattern: str) -> Any:
    return StringConstraints(pattern=f"^{pattern}$")


class Amount(BaseModel):
    value: Annotated[str, _digits(r"[0-9]{1,9}\.[0-9]{2}")]
    currency: Literal["RUB"]

    @property
    def kopecks(self) -> int:
        return int(self.value.replace(".", ""))


class Customer(BaseModel):
    email: Annotated[str, _digits("[^@ ]+@[^@ ]+")]


class ReceiptItem(BaseModel):
    """A line of the receipt (54-ФЗ, ФФД 1.2); `amount` is the price of one `measure`."""

    description: Annotated[str, _text(128)]
    quantity: Annotated[Decimal, Field(gt=0, le=Decimal("99999.999"), decimal_places=3)]
    measure: Literal["piece", "kilowatt_hour"]
    amount: Amount
    vat_code: Annotated[int, Field(ge=1, le=12)]
    payment_mode: Literal["full_prepayment", "advance", "full_payment"]
    payment_subject: Literal["service", "payment"]

    @property
    def kopecks(self) -> Decimal:
        return self.quantity * self.amount.kopecks

    @model_validator(mode="after")
    def _is_in_kopecks(self) -> Self:
        if self.kopecks != int(self.kopecks) or not self.kopecks:
            raise ValueError("The line's sum isn't in kopecks")
        return self


class ReceiptRequest(BaseModel):
    customer: Customer
    items: Annotated[list[ReceiptItem], Field(min_length=1, max_length=80)]


class WithReceipt(BaseModel):
    """A request with an amount and a receipt, whose lines add up to the amount."""

    amount: Amount
    description: Annotated[str, _text(128)]
    receipt: ReceiptRequest

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(item.kopecks for item in self.receipt.items)
        if total != self.amount.kopecks or not total:
            raise ValueError("The receipt's lines don't add up to the amount")
        return self


class Confirmation(BaseModel):
    type: Literal["redirect"]
    return_url: Annotated[str, _digits(r"https?://\S+")]


class RecipientBank(BaseModel):
    name: Annotated[str, _text(45)]
    bic: Annotated[str, _digits("[0-9]{9}")]
    account: Annotated[str, _digits("[0-9]{20}")]
    correspondent_account: Annotated[str, _digits("[0-9]{20}")]


class Recipient(BaseModel):
    name: Annotated[str, _text(160)]
    inn: Annotated[str, _digits("[0-9]{10}")]
    kpp: Annotated[str, _digits("[0-9]{9}")]
    bank: RecipientBank


class Period(BaseModel):
    month: Annotated[int, Field(ge=1, le=12)]
    year: Annotated[int, Field(ge=1920, le=2050)]


class PaymentOrder(BaseModel):
    """The payment order of utility payments: payee and account."""

    type: Literal["utilities"]
    amount: Amount
    payment_purpose: Annotated[str, _text(210)]
    recipient: Recipient
    payment_period: Period | None = None
    account_number: Annotated[str, _text(30)] | None = None
    unified_account_number: Annotated[str, _text(10)] | None = None
    payment_document_number: Annotated[str, _text(30)] | None = None

    @model_validator(mode="after")
    def _names_the_account(self) -> Self:
        if not (self.account_number or self.unified_account_number or self.payment_document_number):
            raise ValueError("The payment order names no account")
        return self


class CreatePaymentRequest(WithReceipt):
    """`POST /payments`."""

    capture: Literal[True]
    confirmation: Confirmation
    payment_order: PaymentOrder
    metadata: dict[str, str] = {}

    @model_validator(mode="after")
    def _orders_all_of_it(self) -> Self:
        if self.payment_order.amount != self.amount:
            raise ValueError("The payment order has another amount")
        return self


class CreateRefundRequest(WithReceipt):
    """`POST /refunds`."""

    payment_id: str


RequestT = TypeVar("RequestT", bound=WithReceipt)


def read_payment(body: Json) -> int:
    """The amount in kopecks. Raises `InvalidRequest`."""
    return _read(CreatePaymentRequest, body).amount.kopecks


def read_refund(body: Json) -> int:
    """The amount in kopecks. Raises `InvalidRequest`."""
    return _read(CreateRefundRequest, body).amount.kopecks


def _read(shape: type[RequestT], body: Json) -> RequestT:
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest(".".join(map(str, error.errors()[0]["loc"])) or "amount") from None

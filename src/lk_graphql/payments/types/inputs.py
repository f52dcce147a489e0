"""Inputs of the payment mutations, and their conversion to commands."""

import strawberry

from lk_graphql.api.graphql_types import idempotency_key, input_type
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.preview import PartRequest
from lk_graphql.planner.declare.scalars import Money


@input_type
class PaymentPartInput:
    """A payment to one account."""

    account_id: strawberry.ID = strawberry.field(description="The account («лицевой счёт»).")
    invoice_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="The bill to pay («квитанция»); the newest if omitted."
    )
    amount: strawberry.Maybe[Money | None] = strawberry.field(
        description="The amount to pay, which may exceed the debt to pay in advance; the amount "
        "due if omitted."
    )

    def to_command(self) -> PartRequest:
        """Convert to a command; null means the same as an omitted field: many clients send it."""
        invoice_id = self.invoice_id.value if self.invoice_id else None
        amount = self.amount.value if self.amount else None
        return PartRequest(
            account_id=key_of(self.account_id, "acc"),
            invoice_id=None if invoice_id is None else key_of(invoice_id, "inv"),
            names_invoice=invoice_id is not None,
            amount=None if amount is None else Kopecks(amount),
        )


@input_type
class PaymentPreviewInput:
    """The payment to preview."""

    parts: list[PaymentPartInput] = strawberry.field(
        description="The accounts to pay to, each once; 1 to 10."
    )


@input_type
class PaymentStartInput:
    """The payment to start, exactly as previewed."""

    idempotency_key: str = idempotency_key(
        "Within 90 days, a repeat with the same key and input is the same payment"
    )
    parts: list[PaymentPartInput] = strawberry.field(
        description="The accounts to pay to, each once; 1 to 10."
    )
    total: Money = strawberry.field(
        description="`paymentPreview.preview.total`: the amount that the customer has confirmed."
    )
    return_url: strawberry.Maybe[str | None] = strawberry.field(
        description="The return address of the acquirer's page, with `payment=pay_…` added to the "
        "query: a page of an origin in `LK_CABINET_URL`, `LK_PUBLIC_URL` or `LK_CORS_ORIGINS`; if "
        "omitted, `/payment#pay_…` of the cabinet. A payment that is open already keeps its own."
    )

    def to_command(self) -> PaymentRequest:
        return PaymentRequest(tuple(part.to_command() for part in self.parts), Kopecks(self.total))

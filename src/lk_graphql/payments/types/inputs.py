"""Inputs of the payment mutations, and their conversion to commands."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.review import PartRequest
from lk_graphql.planner.declare.scalars import Money


@input_type
class PaymentPartInput:
    """What to pay to one account."""

    account_id: strawberry.ID = strawberry.field(description="The account («лицевой счёт»).")
    invoice_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="Which bill it is for («квитанция»); left out, the newest."
    )
    amount: strawberry.Maybe[Money | None] = strawberry.field(
        description="How much, also more than is owed, to pay ahead; left out, what is due."
    )

    def to_command(self) -> PartRequest:
        """Null is as good as left out: that is what many clients send for an empty field."""
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
    """What to review."""

    parts: list[PaymentPartInput] = strawberry.field(
        description="The accounts to pay to, each once; 1 to 10."
    )


@input_type
class PaymentStartInput:
    """What to pay: just as it was reviewed."""

    idempotency_key: str = strawberry.field(
        description="1 to 100 printable ASCII characters of your choice: a repeat with the same "
        "key is the same payment. Kept for 90 days."
    )
    parts: list[PaymentPartInput] = strawberry.field(
        description="The accounts to pay to, each once; 1 to 10."
    )
    total: Money = strawberry.field(
        description="`paymentPreview.preview.total`: what the customer has agreed to pay."
    )
    return_url: strawberry.Maybe[str | None] = strawberry.field(
        description="Where the acquirer's page leads back to, with `payment=pay_…` added to the "
        "query: a page of an origin in `LK_CABINET_URL`, `LK_PUBLIC_URL` or `LK_CORS_ORIGINS`; "
        "left out, `/payment#pay_…` of the cabinet. A payment that is open already keeps its own."
    )

    def to_command(self) -> PaymentRequest:
        return PaymentRequest(tuple(part.to_command() for part in self.parts), Kopecks(self.total))

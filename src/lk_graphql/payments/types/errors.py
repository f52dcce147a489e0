"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.payments.errors import PaymentErrorCode
from lk_graphql.reads.declare import choices

choices(
    PaymentErrorCode,
    "Why something about a payment was refused. Codes never change.",
    ACCOUNT_NOT_FOUND="There is no such account among yours.",
    ACCOUNT_REPEATED="The account is in the payment twice.",
    AMOUNT_CHANGED="`total` isn't what it comes to now: show the review again.",
    AMOUNT_TOO_LARGE="More than one payment may be; the review says how much that is.",
    AMOUNT_TOO_SMALL="Less than a payment may be; the review says how much that is.",
    IDEMPOTENCY_CONFLICT="The key was used for another request: take a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is a good one.",
    INVOICE_NOT_FOUND="The account has no such bill.",
    NOTHING_TO_PAY="Nothing is due: say an amount to pay ahead.",
    PARTS_INVALID="A payment is for 1 to 10 accounts.",
    PAYMENT_OPEN="A payment with a part of this one is under way; the message has its number.",
    PAYMENTS_CLOSED="The supplier doesn't take payments by card now.",
    TOO_MANY_TRIES="Wait until `retryAt`.",
)


@object_type
class PaymentError(UserError):
    """Why something about a payment was refused."""

    code: PaymentErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="When to try again; only with `TOO_MANY_TRIES`."
    )

"""Root fields about payments."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, open_to, preview
from lk_graphql.payments.errors import PaymentErrorCode as Code
from lk_graphql.payments.service.preview import preview_parts
from lk_graphql.payments.types import inputs, payloads
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import Query, by_id, extends

PREVIEW_CODES = [
    Code.NUMBER_MALFORMED,
    Code.ACCOUNT_NOT_FOUND,
    Code.ACCOUNT_REPEATED,
    Code.INVOICE_NOT_FOUND,
    Code.NOTHING_TO_PAY,
    Code.PARTS_INVALID,
    Code.AMOUNT_TOO_SMALL,
    Code.AMOUNT_TOO_LARGE,
    Code.PAYMENTS_CLOSED,
]


async def preview_payment(
    info: Info, input: inputs.PaymentPreviewInput
) -> payloads.PaymentPreviewPayload:
    """Preview the parts of a payment. Raises the refusals of `payments.errors`."""
    ctx = info.context
    parts = [part.to_command() for part in input.parts]
    payment = await preview_parts(ctx.viewer, parts, today=ctx.today)
    return payloads.PaymentPreviewPayload(preview=payloads.PaymentPreview.of(payment, ctx.rows))


@open_to(Access.CUSTOMER)
@extends(Query)
class PaymentsQuery:
    """A payment by its id, and the preview of one."""

    payment: Payment | None = by_id(
        "One of the customer's payments by its id; null if there is none."
    )

    @preview(access=Access.CUSTOMER, codes=PREVIEW_CODES)
    async def payment_preview(
        self, info: Info, input: Input[inputs.PaymentPreviewInput]
    ) -> payloads.PaymentPreviewPayload | None:
        """Preview a payment before confirming it; nothing is saved.

        Any amount may be paid, also in advance, to several accounts at once.
        """
        return await preview_payment(info, input)

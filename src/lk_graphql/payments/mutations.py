"""Root mutations about payments."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.payments.errors import PaymentErrorCode as Code
from lk_graphql.payments.service.creation import start
from lk_graphql.payments.service.review import review
from lk_graphql.payments.types import inputs, payloads
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import extends

_REVIEW_CODES = [
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


@extends(Mutation)
class PaymentsMutation:
    """Preview and start of a payment."""

    @mutation(access=Access.CUSTOMER, codes=_REVIEW_CODES)
    async def payment_preview(
        self, info: Info, input: Input[inputs.PaymentPreviewInput]
    ) -> payloads.PaymentPreviewPayload:
        """See all that a payment would be, before agreeing to it; nothing is saved.

        Any amount may be paid, also ahead, to several accounts at once.
        """
        ctx = info.context
        parts = [part.to_command() for part in input.parts]
        reviewed = await review(ctx.viewer, parts, today=ctx.today)
        preview = payloads.PaymentPreview.of(reviewed, ctx.rows)
        return payloads.PaymentPreviewPayload(preview=preview)

    @mutation(access=Access.CUSTOMER)
    async def payment_start(
        self, info: Info, input: Input[inputs.PaymentStartInput]
    ) -> payloads.PaymentStartPayload:
        """Start a payment («Оплатить»), and get the acquirer's page that asks for the card.

        A repeat with the same key is the same payment. So is another start of an open payment of
        the same accounts, bills and amounts. While the acquirer doesn't answer, the payment
        has no page yet: watch it, the cabinet goes on asking.
        """
        ctx = info.context
        key = await start(
            ctx.viewer,
            input.to_command(),
            input.idempotency_key,
            acquirer=ctx.ports.acquirer,
            company=ctx.company,
            links=ctx.ports.signer,
            now=ctx.now,
        )
        return payloads.PaymentStartPayload(payment=ctx.rows.by_key(Payment, key))

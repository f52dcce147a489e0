"""Root mutations about payments."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.payments.queries import PREVIEW_CODES, preview_payment
from lk_graphql.payments.service.creation import start
from lk_graphql.payments.types import inputs, payloads
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.types import extends


@extends(Mutation)
class PaymentsMutation:
    """Preview and start of a payment."""

    @mutation(
        access=Access.CUSTOMER,
        codes=PREVIEW_CODES,
        deprecated="Use `Query.paymentPreview`. Deprecated 2026-11-30, removed after 2027-05-31.",
    )
    async def payment_preview(
        self, info: Info, input: Input[inputs.PaymentPreviewInput]
    ) -> payloads.PaymentPreviewPayload:
        """Preview a payment before confirming it; nothing is saved.

        Any amount may be paid, also in advance, to several accounts at once.
        """
        return await preview_payment(info, input)

    @mutation(access=Access.CUSTOMER)
    async def payment_start(
        self, info: Info, input: Input[inputs.PaymentStartInput]
    ) -> payloads.PaymentStartPayload:
        """Start a payment («Оплатить»), and get the acquirer's page for entering the card.

        A repeat with the same key is the same payment, and so is another start of an open payment
        of the same accounts, bills and amounts, unless the commission has changed. While the
        acquirer doesn't answer, the payment has no page yet: watch it, as the cabinet keeps trying
        to register it.
        """
        ctx = info.context
        key = await start(
            ctx.viewer,
            input.to_command(),
            input.idempotency_key,
            return_url=input.return_url.value if input.return_url else None,
            acquirer=ctx.ports.acquirer,
            company=ctx.company,
            signer=ctx.ports.signer,
            now=ctx.now,
        )
        return payloads.PaymentStartPayload(payment=ctx.rows.by_key(Payment, key))

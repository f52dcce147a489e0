"""Staff send money back, and settle what differs from the acquirer's books."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.errors import StaffErrorCode as Code
from lk_graphql.backoffice.service import payments
from lk_graphql.backoffice.types import payments as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.payments import StaffPayment, StaffPaymentDifference
from lk_graphql.kit.ids import key_of
from lk_graphql.reads.declare import extends

OF_REFUND = (
    Code.PAYMENT_NOT_FOUND,
    Code.PAYMENT_NOT_PAID,
    Code.REFUND_TOO_LARGE,
    Code.REASON_REQUIRED,
    Code.IDEMPOTENCY_CONFLICT,
    Code.IDEMPOTENCY_KEY_INVALID,
)
OF_DECISION = (
    Code.REFUND_NOT_IN_DOUBT,
    Code.REFERENCE_INVALID,
    Code.REFERENCE_USED,
    Code.REASON_REQUIRED,
)


@extends(Mutation)
class StaffPaymentMutation:
    """Money back, and differences."""

    @mutation(access=Access.SUPERVISOR, codes=OF_REFUND)
    async def staff_refund_request(
        self, info: Info, input: Input[types.StaffRefundRequestInput]
    ) -> types.StaffRefundRequestPayload:
        """Send money back to the card («вернуть деньги»), all of a part of a payment or some.

        The acquirer does it a moment later; the customer reads why, and gets a receipt by mail.
        """
        ctx = info.context
        key = await payments.refund(doing(ctx), input.wanted())
        return types.StaffRefundRequestPayload(payment=ctx.rows.by_key(StaffPayment, key))

    @mutation(access=Access.SUPERVISOR, codes=OF_DECISION)
    async def staff_refund_decide(
        self, info: Info, input: Input[types.StaffRefundDecideInput]
    ) -> types.StaffRefundDecidePayload:
        """Say what became of a refund that the acquirer hasn't answered about for a day.

        Look it up on the acquirer's own pages first: with its `reference` the money counts as sent
        back, without one as never sent. It settles the difference, too.
        """
        ctx, refund = info.context, key_of(input.refund_id, "srf")
        key = await payments.decide(doing(ctx), refund, input.reference, input.reason)
        return types.StaffRefundDecidePayload(payment=ctx.rows.by_key(StaffPayment, key))

    @mutation(access=Access.SUPERVISOR, codes=(Code.DIFFERENCE_NOT_OPEN, Code.REASON_REQUIRED))
    async def staff_payment_difference_settle(
        self, info: Info, input: Input[types.StaffPaymentDifferenceSettleInput]
    ) -> types.StaffPaymentDifferenceSettlePayload:
        """Close a difference with what was found out («разобрать расхождение»).

        It moves no money. The same one isn't reported again.
        """
        ctx, difference = info.context, key_of(input.difference_id, "spd")
        key = await payments.settle(doing(ctx), difference, input.reason)
        row = ctx.rows.by_key(StaffPaymentDifference, key)
        return types.StaffPaymentDifferenceSettlePayload(difference=row)

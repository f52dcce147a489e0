"""Payments, refunds, differences and failed fiscal receipts for staff."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import idempotency_key, input_type, object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.backoffice.service.payments import RefundForm
from lk_graphql.backoffice.types.appeals import clerk
from lk_graphql.backoffice.types.customers import StaffCustomer
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.pasted_text import identifier, strip_text
from lk_graphql.kit.viewer import Role
from lk_graphql.payments import models
from lk_graphql.payments.service.ledger import usual_number
from lk_graphql.payments.types.objects import FiscalReceiptFields, PaymentEvent, is_posted, total
from lk_graphql.planner.declare.filters import (
    at_least,
    at_most,
    exactly,
    filter_input,
    is_set,
    one_of,
)
from lk_graphql.planner.declare.scalars import Money, Period
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    choices,
    column,
    derived,
    expression,
    reads,
    related,
)
from lk_graphql.staff.types.objects import StaffError

CLERK = StaffOnly(Role.CLERK)

choices(
    models.DifferenceKind,
    "The kind of a contradiction between the cabinet's data and the acquirer's or billing's "
    "(«расхождение»).",
    ORDER="The acquirer has another order under the cabinet's reference.",
    AMOUNT="The amount differs.",
    CURRENCY="The currency differs.",
    STATE="The payment ended in another state at the acquirer.",
    REFUNDED="The acquirer has refunded more or less than the cabinet.",
    UNKNOWN_REFUND="The outcome of a refund has been unknown for a day, or for a month after the "
    "acquirer has accepted it: see `staffRefundDecide`.",
    LOST="The acquirer no longer has the payment. Once settled, the next check ends an open one.",
    UNREADABLE="An answer of the acquirer was unreadable; the check is repeated.",
    NO_ANSWER="The acquirer has reported no end of the payment for a month; the checks have "
    "stopped.",
    POSTED_AMOUNT="Billing has posted another amount, or all of it twice.",
    POSTED_ACCOUNT="Billing has posted it to another account.",
    POSTING_REVERSED="Nothing of it is posted in billing: the posting was reversed («сторно»).",
    NOT_POSTED="Billing hasn't acknowledged it; reported by staff.",
)
choices(
    models.DifferenceState,
    "The state of a difference.",
    OPEN="No decision has been made.",
    AWAITING_BILLING="Billing will correct it; its next file settles the difference automatically.",
    SETTLED="The difference is settled.",
)
choices(
    models.DifferenceResolution,
    "The result of an inquiry into a difference, and its effect on what the customer owes.",
    EXPLAINED="With the acquirer only: the cause is known. It moves no money.",
    POSTING_ACCEPTED="With billing: the posting in billing is right. The rest of the movement is "
    "no longer `processing`, the customer owes billing's amount, and the movement isn't "
    "exported again.",
    POSTED_ELSEWHERE="With billing: the payment is correctly posted under another number or "
    "account. Same effect as `POSTING_ACCEPTED`.",
    BILLING_CORRECTS="With billing: the movement will be posted as it was. Until billing's file "
    "arrives, the rest stays `processing`, the customer owes the same, and the movement is "
    "exported again.",
    CORRECTED="Automatic: a later file of billing agrees.",
    SUPERSEDED="Automatic: a later file of billing differs in another way, which is another "
    "difference.",
)


@reads(models.PaymentPart, owned_through=CLERK)
class StaffPaymentPart:
    """The part of a payment for one account."""

    position: int = column("The position in the payment, from 1.")
    account_number: str = column("The account's number («лицевой счёт»).")
    period: Period | None = column("The month of the bill for which it was paid.")
    amount: Money = column("The amount paid to the account.")
    refunded: Money = column("The refunded part of the amount.")


@reads(models.Refund, prefix="srf", owned_through=CLERK)
class StaffRefund(Node):
    """A refund of a part of a payment («возврат»)."""

    position: int = column("The position of the part.", of="part__position")
    amount: Money = column("The refunded amount.")
    state: models.RefundState = column("The state of the refund.")
    reason: str = column("The reason, visible to the customer too.")
    reference: str | None = column("The acquirer's reference, once it has succeeded.")
    failure: str | None = column(
        "The reason for the failure, in the acquirer's words or a colleague's."
    )
    requested_at: datetime = column("The date and time of the request.")
    ended_at: datetime | None = column("The date and time at which the refund succeeded or failed.")
    receipt: "StaffFiscalReceipt | None" = related("The receipt, once refunded («чек возврата»).")


@reads(models.RegistryRow, owned_through=CLERK)
class StaffPaymentMovement:
    """A line of the payments registry («реестр платежей») for billing to post."""

    number: str = column("The number of the posting in billing.")
    account_number: str = column("The account's number («лицевой счёт»).", of="account__number")
    amount: Money = column("The amount; negative for a refund.")
    posted_amount: Money = column(
        "The part of the amount that billing has posted to this account, by its newest file."
    )
    period: Period | None = column("The month of the bill named by the customer; null if none.")
    happened_at: datetime = column("The date and time of the payment or refund.")
    posted_at: datetime | None = column(
        "The date and time at which billing's posting agreed, or staff accepted it; null while "
        "the rest is `processing`."
    )


@reads(models.Difference, prefix="spd", owned_through=CLERK)
class StaffPaymentDifference(Node):
    """A contradiction with the acquirer or with billing, for staff to settle («расхождение»)."""

    kind: models.DifferenceKind = column("The kind of the difference.")
    state: models.DifferenceState = column("The state of the difference.")
    ours: str = column(
        "The cabinet's value: an amount in kopecks, a state, …; with billing, account and rubles."
    )
    theirs: str = column("The value of the acquirer or billing; empty if there is none.")
    found_at: datetime = column("The date and time of detection.")
    clerk_id: str | None = derived("The id of the member who has claimed or settled it.", clerk)
    resolution: models.DifferenceResolution | None = column("The result; null while it is OPEN.")
    settled_at: datetime | None = column("The date and time of the settlement; null until then.")
    settlement: str | None = column("The findings of the inquiry.")
    payment: "StaffPayment" = related("The payment concerned.")
    movement: StaffPaymentMovement | None = related(
        "The movement that billing has posted differently; null for a difference with the "
        "acquirer.",
        of="registry_row",
    )


@reads(models.FiscalReceipt, prefix="sfr", owned_through=CLERK)
class StaffFiscalReceipt(FiscalReceiptFields, Node):
    """A fiscal receipt («чек»), issued or in the queue of failed ones."""

    failed_at: datetime | None = column(
        "The date and time of the cash register's failure; null if there was none."
    )
    clerk_id: str | None = derived("The id of the member who has claimed or settled it.", clerk)
    settled_at: datetime | None = column("The date and time of staff's settlement; null before.")
    settlement: str | None = column("The measure taken instead.")
    payment: "StaffPayment" = related("The payment concerned.")


@reads(models.Payment, prefix="spm", owned_through=CLERK, audits="user")
class StaffPayment(Node):
    """A payment by card as staff see it («платёж»)."""

    number: str = column("The number that customers quote.")
    state: models.PaymentState = column("The state of the payment.")
    total: Money = expression(
        "The amount charged to the card.", sql="{amount} + {commission}", python=total
    )
    commission: Money = column("The part of `total` that goes to no account («комиссия»).")
    refunded: Money = column("The refunded amount.")
    provider: str = column("The acquirer that processes the payment.")
    reference: str | None = column("The acquirer's reference.")
    reason: str | None = column("The reason for the failure, in the acquirer's words.")
    created_at: datetime = column("The date and time of the start.")
    paid_at: datetime | None = column("The date and time of the payment, by the acquirer's clock.")
    look_at: datetime | None = column(
        "The date and time of the next check with the acquirer; null if none is needed.",
        of="next_check_at",
    )
    is_posted: bool = expression(
        "Whether the billing system has posted all of it.",
        sql="{posted_at} IS NOT NULL",
        python=is_posted,
    )
    customer: StaffCustomer = related("The payer.", of="user")
    parts: list[StaffPaymentPart] = related("The parts, one for each account.", order_by="position")
    refunds: list[StaffRefund] = related("The refunds of the payment.", order_by="requested_at")
    receipts: list[StaffFiscalReceipt] = related("The fiscal receipts («чеки»).", order_by="id")
    events: list[PaymentEvent] = related("The history of the payment.", order_by="happened_at")
    movements: list[StaffPaymentMovement] = related(
        "The movements of the payment for billing to post.", of="registry_rows", order_by="number"
    )
    differences: list[StaffPaymentDifference] = related(
        "The differences of the payment, open and settled.", order_by="found_at"
    )


@filter_input
class StaffPaymentFilterInput:
    """Filters of payments."""

    number: str | None = exactly("The number that customers quote.", of="number", read=usual_number)
    reference: str | None = exactly("The acquirer's reference.", of="reference", read=strip_text)
    customer_id: strawberry.ID | None = exactly("Only payments of this customer.", of="user_id")
    account_number: str | None = exactly(
        "Only payments to this account.", of="parts__account_number", read=identifier
    )
    states: list[models.PaymentState] | None = one_of("Only payments in these states.", of="state")
    from_: datetime | None = at_least("The earliest date and time of the start.", of="created_at")
    to: datetime | None = at_most("The latest date and time of the start.", of="created_at")


@filter_input
class StaffPaymentDifferenceFilterInput:
    """Filters of differences; omitted fields filter nothing."""

    kinds: list[models.DifferenceKind] | None = one_of("Only of these kinds.", of="kind")
    states: list[models.DifferenceState] | None = one_of("Only in these states.", of="state")
    resolutions: list[models.DifferenceResolution] | None = one_of(
        "Only with these results.", of="resolution"
    )
    with_billing: bool | None = is_set(
        "Whether they are with billing; false: with the acquirer.", of="registry_row_id"
    )
    number: str | None = exactly(
        "Only differences of the payment with this number.", of="payment__number", read=usual_number
    )
    account_number: str | None = exactly(
        "Only differences of payments to this account.",
        of="payment__parts__account_number",
        read=identifier,
    )
    clerk_id: strawberry.ID | None = exactly("Only those claimed by this member.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether a member of staff has claimed it.", of="clerk_id")
    from_: datetime | None = at_least("The earliest date and time of detection.", of="found_at")
    to: datetime | None = at_most("The latest date and time of detection.", of="found_at")


@filter_input
class StaffFiscalReceiptFilterInput:
    """Filters of failed receipts; omitted fields filter nothing."""

    number: str | None = exactly(
        "Only receipts of the payment with this number.", of="payment__number", read=usual_number
    )
    account_number: str | None = exactly(
        "Only receipts of payments to this account.",
        of="payment__parts__account_number",
        read=identifier,
    )
    is_refund: bool | None = is_set("Whether they are for refunds.", of="refund_id")
    clerk_id: strawberry.ID | None = exactly("Only those claimed by this member.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether a member of staff has claimed it.", of="clerk_id")
    from_: datetime | None = at_least("The earliest date and time of the failure.", of="failed_at")
    to: datetime | None = at_most("The latest date and time of the failure.", of="failed_at")


@input_type
class StaffRefundRequestInput:
    """A refund to request, and the reason."""

    payment_id: strawberry.ID = strawberry.field(
        description="The id of the payment, from `staff.payments`."
    )
    position: int = strawberry.field(default=1, description="The position of the part, from 1.")
    amount: Money = strawberry.field(description="The amount; at most the remainder of the part.")
    reason: str = strawberry.field(description="The reason for the customer, 5 to 300 characters.")
    idempotency_key: str = idempotency_key(
        "A repeat with the same key is the same refund", conflict="another payment, part or amount"
    )

    def to_command(self) -> RefundForm:
        key = key_of(self.payment_id, "spm")
        amount = Kopecks(self.amount)
        return RefundForm(key, self.position, amount, self.reason, self.idempotency_key)


@input_type
class StaffRefundDecideInput:
    """The outcome of a refund without an answer from the acquirer."""

    refund_id: strawberry.ID = strawberry.field(
        description="The id of the refund, from `staff.payments`."
    )
    reference: str | None = strawberry.field(
        default=None,
        description="The acquirer's reference, as its pages show it; null: nothing was refunded.",
    )
    reason: str = strawberry.field(description="The evidence of the outcome, 5 to 300 characters.")


@input_type
class StaffPaymentDifferenceSettleInput:
    """A difference, and the findings of the inquiry."""

    difference_id: strawberry.ID = strawberry.field(
        description="The id of the difference, from `staff.paymentDifferences`."
    )
    resolution: models.DifferenceResolution = strawberry.field(
        default=models.DifferenceResolution.EXPLAINED,
        description="The result: `EXPLAINED` with the acquirer; with billing `POSTING_ACCEPTED`, "
        "`POSTED_ELSEWHERE` or `BILLING_CORRECTS`.",
    )
    reason: str = strawberry.field(description="The reason for colleagues, 5 to 300 characters.")


@input_type
class StaffPaymentDifferenceOpenInput:
    """A movement without billing's acknowledgement, although billing has the money."""

    number: str = strawberry.field(description="The number of the movement, from the registry.")
    reason: str = strawberry.field(description="The reason for colleagues, 5 to 300 characters.")


@input_type
class StaffPaymentDifferenceClaimInput:
    """A difference to claim."""

    difference_id: strawberry.ID = strawberry.field(
        description="The id of the difference, from `staff.paymentDifferences`."
    )

    def key(self) -> UUID | None:
        return key_of(self.difference_id, "spd")


@input_type
class StaffPaymentDifferenceReleaseInput(StaffPaymentDifferenceClaimInput):
    """A difference to return to the queue."""


@input_type
class StaffFiscalReceiptClaimInput:
    """A failed receipt to claim."""

    receipt_id: strawberry.ID = strawberry.field(
        description="The id of the receipt, from `staff.failedFiscalReceipts`."
    )

    def key(self) -> UUID | None:
        return key_of(self.receipt_id, "sfr")


@input_type
class StaffFiscalReceiptReleaseInput(StaffFiscalReceiptClaimInput):
    """A failed receipt to return to the queue."""


@input_type
class StaffFiscalReceiptRetryInput(StaffFiscalReceiptClaimInput):
    """A failed receipt that was sent again on the acquirer's pages."""


@input_type
class StaffFiscalReceiptSettleInput(StaffFiscalReceiptClaimInput):
    """A failed receipt, and the measure taken instead."""

    reason: str = strawberry.field(
        description="The measure, such as the number of a correction receipt, 5 to 300 characters."
    )


@object_type
class StaffRefundRequestPayload:
    """The result of `staffRefundRequest`."""

    payment: StaffPayment | None = outcome("The payment with the requested refund.")
    errors: list[StaffError] = errors()


@object_type
class StaffRefundDecidePayload:
    """The result of `staffRefundDecide`."""

    payment: StaffPayment | None = outcome("The payment with the ended refund.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceSettlePayload:
    """The result of `staffPaymentDifferenceSettle`."""

    difference: StaffPaymentDifference | None = outcome("The settled difference.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceOpenPayload:
    """The result of `staffPaymentDifferenceOpen`."""

    difference: StaffPaymentDifference | None = outcome("The open difference.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceClaimPayload:
    """The result of `staffPaymentDifferenceClaim`."""

    difference: StaffPaymentDifference | None = outcome("The claimed difference.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceReleasePayload:
    """The result of `staffPaymentDifferenceRelease`."""

    difference: StaffPaymentDifference | None = outcome("The difference, without a clerk.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptClaimPayload:
    """The result of `staffFiscalReceiptClaim`."""

    receipt: StaffFiscalReceipt | None = outcome("The claimed receipt.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptReleasePayload:
    """The result of `staffFiscalReceiptRelease`."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, without a clerk.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptRetryPayload:
    """The result of `staffFiscalReceiptRetry`."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, pending again.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptSettlePayload:
    """The result of `staffFiscalReceiptSettle`."""

    receipt: StaffFiscalReceipt | None = outcome("The settled receipt.")
    errors: list[StaffError] = errors()

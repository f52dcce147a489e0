"""Payments, refunds, differences and failed fiscal receipts for staff."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.service.payments import RefundForm
from lk_graphql.backoffice.types.appeals import clerk
from lk_graphql.backoffice.types.customers import StaffCustomer
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.pasted_text import identifier, trimmed
from lk_graphql.kit.viewer import Role
from lk_graphql.payments import models
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
    "Where the acquirer's or billing's word and ours can't both be true («расхождение»).",
    ORDER="It has another order under the reference of ours.",
    AMOUNT="Another amount.",
    CURRENCY="Another currency.",
    STATE="It ended differently there.",
    REFUNDED="More or less went back there than here.",
    UNKNOWN_REFUND="It hasn't said for a day what became of a refund: see `staffRefundDecide`.",
    LOST="It doesn't know the payment any more.",
    UNREADABLE="It has answered something that can't be read; it is asked again.",
    NO_ANSWER="It has told no end of the payment for a month, and isn't asked any more.",
    POSTED_AMOUNT="Billing has posted another amount, or all of it twice.",
    POSTED_ACCOUNT="Billing has posted it to another account.",
    POSTING_REVERSED="Nothing of it is posted in billing: it was taken back («сторно»).",
    NOT_POSTED="Billing hasn't acknowledged it; reported by staff.",
)
choices(
    models.DifferenceState,
    "Whether a difference still needs somebody.",
    OPEN="Nobody has decided about it.",
    AWAITING_BILLING="Billing will correct it: its next file settles it by itself.",
    SETTLED="Done.",
)
choices(
    models.DifferenceResolution,
    "The result of an inquiry into a difference, and its effect on what the customer owes.",
    EXPLAINED="With the acquirer only: the cause is known. It moves no money.",
    POSTING_ACCEPTED="With billing: what billing has posted is right. The rest of the movement is "
    "`processing` no longer, so the customer owes what billing says; it isn't exported again.",
    POSTED_ELSEWHERE="With billing: the money is in its books under another number or account, "
    "rightly. The same effect.",
    BILLING_CORRECTS="With billing: it will post the movement as it was. Until its file comes the "
    "rest stays `processing`, the customer owes the same, and the movement is exported again.",
    CORRECTED="By itself: a later file of billing agrees.",
    SUPERSEDED="By itself: a later file of billing differs otherwise, which is another difference.",
)


@reads(models.PaymentPart, owned_through=CLERK)
class StaffPaymentPart:
    """What one account gets of a payment."""

    position: int = column("Its place in the payment, from 1.")
    account_number: str = column("The account's number («лицевой счёт»).")
    period: Period | None = column("The month of the bill that it was for.")
    amount: Money = column("How much.")
    refunded: Money = column("How much of it went back.")


@reads(models.Refund, prefix="srf", owned_through=CLERK)
class StaffRefund(Node):
    """Money that goes back («возврат»)."""

    position: int = column("Of which part.", of="part__position")
    amount: Money = column("How much.")
    state: models.RefundState = column("What has become of it.")
    reason: str = column("Why; the customer reads it, too.")
    reference: str | None = column("The acquirer's name for it, once it was done.")
    failure: str | None = column(
        "Why it came to nothing, in the acquirer's words or a colleague's."
    )
    requested_at: datetime = column("When it was asked for.")
    ended_at: datetime | None = column("When it was done, or came to nothing.")
    receipt: "StaffFiscalReceipt | None" = related(
        "Its receipt («чек возврата»), once it was done."
    )


@reads(models.RegistryRow, owned_through=CLERK)
class StaffPaymentMovement:
    """A line of the payments registry («реестр платежей») for billing to post."""

    number: str = column("The number under which billing posts it.")
    account_number: str = column("The account's number («лицевой счёт»).", of="account__number")
    amount: Money = column("How much; negative for what went back.")
    posted_amount: Money = column(
        "How much of it billing has posted on this account, by its newest file."
    )
    period: Period | None = column("The month of the bill that the customer has named, if any.")
    happened_at: datetime = column("When it was paid, or given back.")
    posted_at: datetime | None = column(
        "Since when billing has it as it is, or staff have accepted what billing has; null while "
        "the rest is `processing`."
    )


@reads(models.Difference, prefix="spd", owned_through=CLERK)
class StaffPaymentDifference(Node):
    """Something that a person has to settle («расхождение»), with the acquirer or with billing."""

    kind: models.DifferenceKind = column("What differs.")
    state: models.DifferenceState = column("Whether it still needs somebody.")
    ours: str = column(
        "What we have: an amount in kopecks, a state, …; with billing, account and rubles."
    )
    theirs: str = column("What the acquirer or billing says; empty where it says nothing.")
    found_at: datetime = column("When it was noticed.")
    clerk_id: str | None = derived("Which member of staff has claimed or settled it.", clerk)
    resolution: models.DifferenceResolution | None = column("The result; null while it is OPEN.")
    settled_at: datetime | None = column("When it was settled; null until then.")
    settlement: str | None = column("What was found out.")
    payment: "StaffPayment" = related("Which payment it is about.")
    movement: StaffPaymentMovement | None = related(
        "Which movement billing has posted otherwise; null for one with the acquirer.",
        of="registry_row",
    )


@reads(models.FiscalReceipt, prefix="sfr", owned_through=CLERK)
class StaffFiscalReceipt(FiscalReceiptFields, Node):
    """A fiscal receipt («чек»), made out or in the queue of those that couldn't be."""

    failed_at: datetime | None = column("When the cash register gave up; null if it hasn't.")
    clerk_id: str | None = derived("Which member of staff has claimed or settled it.", clerk)
    settled_at: datetime | None = column("When staff have settled it; null until then.")
    settlement: str | None = column("What was done instead.")
    payment: "StaffPayment" = related("Which payment it is about.")


@reads(models.Payment, prefix="spm", owned_through=CLERK, audits="user")
class StaffPayment(Node):
    """A payment by card as staff see it («платёж»)."""

    number: str = column("The number that customers quote.")
    state: models.PaymentState = column("How far it has come.")
    total: Money = expression(
        "What the card is charged.", sql="{amount} + {commission}", python=total
    )
    commission: Money = column("The part of it that goes to no account («комиссия»).")
    refunded: Money = column("How much went back.")
    provider: str = column("Through which acquirer it goes.")
    reference: str | None = column("The acquirer's name for it.")
    reason: str | None = column("Why it came to nothing, in the acquirer's words.")
    created_at: datetime = column("When it was started.")
    paid_at: datetime | None = column("When it was paid, by the acquirer's clock.")
    look_at: datetime | None = column(
        "When the acquirer is asked again; null when all is said.", of="next_check_at"
    )
    is_posted: bool = expression(
        "Whether the billing system has counted all of it.",
        sql="{posted_at} IS NOT NULL",
        python=is_posted,
    )
    customer: StaffCustomer = related("Who pays.", of="user")
    parts: list[StaffPaymentPart] = related("What each account gets.", order_by="position")
    refunds: list[StaffRefund] = related("What goes back.", order_by="requested_at")
    receipts: list[StaffFiscalReceipt] = related("Its fiscal receipts («чеки»).", order_by="id")
    events: list[PaymentEvent] = related("What happened to it.", order_by="happened_at")
    movements: list[StaffPaymentMovement] = related(
        "What billing has to post of it.", of="registry_rows", order_by="number"
    )
    differences: list[StaffPaymentDifference] = related(
        "What has to be settled, and what was.", order_by="found_at"
    )


@filter_input
class StaffPaymentFilterInput:
    """Which payments to find."""

    number: str | None = exactly("The number that the customer quotes.", of="number", read=trimmed)
    reference: str | None = exactly("The acquirer's name for it.", of="reference", read=trimmed)
    customer_id: strawberry.ID | None = exactly("Only this customer's.", of="user_id")
    account_number: str | None = exactly(
        "Only to this account.", of="parts__account_number", read=identifier
    )
    states: list[models.PaymentState] | None = one_of("Only in these states.", of="state")
    from_: datetime | None = at_least("Started from this moment on.", of="created_at")
    to: datetime | None = at_most("Started up to this moment.", of="created_at")


@filter_input
class StaffPaymentDifferenceFilterInput:
    """Which differences to show; all that isn't said goes."""

    kinds: list[models.DifferenceKind] | None = one_of("Only of these kinds.", of="kind")
    states: list[models.DifferenceState] | None = one_of("Only in these states.", of="state")
    resolutions: list[models.DifferenceResolution] | None = one_of(
        "Only with these results.", of="resolution"
    )
    with_billing: bool | None = is_set(
        "Whether they are with billing; false: with the acquirer.", of="registry_row_id"
    )
    number: str | None = exactly(
        "Only of the payment with this number.", of="payment__number", read=trimmed
    )
    account_number: str | None = exactly(
        "Only of payments to this account.", of="payment__parts__account_number", read=identifier
    )
    clerk_id: strawberry.ID | None = exactly("Only those that this member has.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether somebody has it.", of="clerk_id")
    from_: datetime | None = at_least("Noticed at this moment or later.", of="found_at")
    to: datetime | None = at_most("Noticed at this moment or before.", of="found_at")


@filter_input
class StaffFiscalReceiptFilterInput:
    """Which failed receipts to show; all that isn't said goes."""

    number: str | None = exactly(
        "Only of the payment with this number.", of="payment__number", read=trimmed
    )
    account_number: str | None = exactly(
        "Only of payments to this account.", of="payment__parts__account_number", read=identifier
    )
    is_refund: bool | None = is_set("Whether they are of refunds.", of="refund_id")
    clerk_id: strawberry.ID | None = exactly("Only those that this member has.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether somebody has it.", of="clerk_id")
    from_: datetime | None = at_least("Failed at this moment or later.", of="failed_at")
    to: datetime | None = at_most("Failed at this moment or before.", of="failed_at")


@input_type
class StaffRefundRequestInput:
    """Money to send back, and why."""

    payment_id: strawberry.ID = strawberry.field(description="From `staff.payments`.")
    position: int = strawberry.field(default=1, description="Of which of its parts, from 1.")
    amount: Money = strawberry.field(description="How much; at most what is left of the part.")
    reason: str = strawberry.field(description="5 to 300 characters; the customer reads it.")
    idempotency_key: str = strawberry.field(
        description="1 to 100 printable ASCII characters of your choice: a repeat with the same "
        "key is the same refund."
    )

    def to_command(self) -> RefundForm:
        key = key_of(self.payment_id, "spm")
        amount = Kopecks(self.amount)
        return RefundForm(key, self.position, amount, self.reason, self.idempotency_key)


@input_type
class StaffRefundDecideInput:
    """What became of a refund that the acquirer doesn't answer about."""

    refund_id: strawberry.ID = strawberry.field(description="From `staff.payments`.")
    reference: str | None = strawberry.field(
        default=None,
        description="The acquirer's name for it, as its pages show it; null: nothing went back.",
    )
    reason: str = strawberry.field(description="5 to 300 characters: how that is known.")


@input_type
class StaffPaymentDifferenceSettleInput:
    """A difference, and what was found out."""

    difference_id: strawberry.ID = strawberry.field(description="From `staff.paymentDifferences`.")
    resolution: models.DifferenceResolution = strawberry.field(
        default=models.DifferenceResolution.EXPLAINED,
        description="The result: `EXPLAINED` with the acquirer; with billing `POSTING_ACCEPTED`, "
        "`POSTED_ELSEWHERE` or `BILLING_CORRECTS`.",
    )
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


@input_type
class StaffPaymentDifferenceOpenInput:
    """A movement that billing hasn't acknowledged, though it has the money."""

    number: str = strawberry.field(description="The movement's number, from the registry.")
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


@input_type
class StaffPaymentDifferenceClaimInput:
    """A difference to take."""

    difference_id: strawberry.ID = strawberry.field(description="From `staff.paymentDifferences`.")

    def key(self) -> UUID | None:
        return key_of(self.difference_id, "spd")


@input_type
class StaffPaymentDifferenceReleaseInput(StaffPaymentDifferenceClaimInput):
    """A difference to put back."""


@input_type
class StaffFiscalReceiptClaimInput:
    """A failed receipt to take."""

    receipt_id: strawberry.ID = strawberry.field(description="From `staff.failedFiscalReceipts`.")

    def key(self) -> UUID | None:
        return key_of(self.receipt_id, "sfr")


@input_type
class StaffFiscalReceiptReleaseInput(StaffFiscalReceiptClaimInput):
    """A failed receipt to put back."""


@input_type
class StaffFiscalReceiptRetryInput(StaffFiscalReceiptClaimInput):
    """A receipt that was sent once more on the acquirer's pages."""


@input_type
class StaffFiscalReceiptSettleInput(StaffFiscalReceiptClaimInput):
    """A failed receipt, and what was done instead."""

    reason: str = strawberry.field(
        description="5 to 300 characters: such as the number of a correction receipt."
    )


@object_type
class StaffRefundRequestPayload:
    """What became of a request for a refund."""

    payment: StaffPayment | None = outcome("The payment with the refund, which is on its way.")
    errors: list[StaffError] = errors()


@object_type
class StaffRefundDecidePayload:
    """What became of a decision about a refund."""

    payment: StaffPayment | None = outcome("The payment with the refund, which is over.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceSettlePayload:
    """What became of a difference."""

    difference: StaffPaymentDifference | None = outcome("The difference, settled.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceOpenPayload:
    """What became of a report."""

    difference: StaffPaymentDifference | None = outcome("The difference, open.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceClaimPayload:
    """What became of a claim."""

    difference: StaffPaymentDifference | None = outcome("The difference, which is yours now.")
    errors: list[StaffError] = errors()


@object_type
class StaffPaymentDifferenceReleasePayload:
    """What became of a release."""

    difference: StaffPaymentDifference | None = outcome("The difference, without a clerk.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptClaimPayload:
    """What became of a claim."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, which is yours now.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptReleasePayload:
    """What became of a release."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, without a clerk.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptRetryPayload:
    """What became of another try."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, which is expected again.")
    errors: list[StaffError] = errors()


@object_type
class StaffFiscalReceiptSettlePayload:
    """What became of a failed receipt."""

    receipt: StaffFiscalReceipt | None = outcome("The receipt, settled.")
    errors: list[StaffError] = errors()

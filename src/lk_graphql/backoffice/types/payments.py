"""Payments, refunds and acquirer differences for staff."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.service.payments import RefundForm
from lk_graphql.backoffice.types.customers import StaffCustomer
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role
from lk_graphql.payments import models
from lk_graphql.payments.types.objects import FiscalReceipt, PaymentEvent, is_posted, total
from lk_graphql.planner.declare.filters import at_least, at_most, exactly, filter_input, one_of
from lk_graphql.planner.declare.scalars import Money, Period
from lk_graphql.planner.types import Node, StaffOnly, choices, column, expression, reads, related
from lk_graphql.staff.types.objects import StaffError

CLERK = StaffOnly(Role.CLERK)

choices(
    models.DifferenceKind,
    "Where the acquirer's word and ours can't both be true («расхождение»).",
    ORDER="It has another order under the reference of ours.",
    AMOUNT="Another amount.",
    CURRENCY="Another currency.",
    STATE="It ended differently there.",
    REFUNDED="More or less went back there than here.",
    UNKNOWN_REFUND="It hasn't said for a day what became of a refund: see `staffRefundDecide`.",
    LOST="It doesn't know the payment any more.",
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
    receipt: FiscalReceipt | None = related("Its receipt («чек возврата»), once it was done.")


@reads(models.Difference, prefix="spd", owned_through=CLERK)
class StaffPaymentDifference(Node):
    """Something that only a person can settle («расхождение с эквайером»)."""

    kind: models.DifferenceKind = column("What differs.")
    ours: str = column("What we have: an amount in kopecks, a state, ….")
    theirs: str = column("What the acquirer says.")
    found_at: datetime = column("When it was noticed.")
    settled_at: datetime | None = column("When it was settled; null while it is open.")
    settlement: str | None = column("What was found out.")
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
    look_at: datetime | None = column("When the acquirer is asked again; null when all is said.")
    is_posted: bool = expression(
        "Whether the billing system has counted all of it.",
        sql="{posted_at} IS NOT NULL",
        python=is_posted,
    )
    customer: StaffCustomer = related("Who pays.", of="user")
    parts: list[StaffPaymentPart] = related("What each account gets.", order_by="position")
    refunds: list[StaffRefund] = related("What goes back.", order_by="requested_at")
    receipts: list[FiscalReceipt] = related("Its fiscal receipts («чеки»).", order_by="id")
    events: list[PaymentEvent] = related("What happened to it.", order_by="happened_at")
    differences: list[StaffPaymentDifference] = related(
        "What has to be settled, and what was.", order_by="found_at"
    )


@filter_input
class StaffPaymentFilterInput:
    """Which payments to find."""

    number: str | None = exactly("The number that the customer quotes.", of="number")
    reference: str | None = exactly("The acquirer's name for it.", of="reference")
    customer_id: strawberry.ID | None = exactly("Only this customer's.", of="user_id")
    account_number: str | None = exactly("Only to this account.", of="parts__account_number")
    states: list[models.PaymentState] | None = one_of("Only in these states.", of="state")
    from_: datetime | None = at_least("Started from this moment on.", of="created_at")
    to: datetime | None = at_most("Started up to this moment.", of="created_at")


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
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


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

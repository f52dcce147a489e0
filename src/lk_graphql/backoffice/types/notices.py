"""Notices and their deliveries for staff."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Role
from lk_graphql.notifications import models
from lk_graphql.notifications.types.objects import notice_body, notice_title
from lk_graphql.planner.types import Node, StaffOnly, choices, column, derived, reads, related
from lk_graphql.staff.types.objects import StaffError

CLERK = StaffOnly(Role.CLERK)

choices(
    models.DeliveryState,
    "The state of a delivery.",
    WAITING="Waiting to be sent, possibly until the end of the customer's quiet hours.",
    SENT="Accepted by the mail server or the SMS gateway.",
    DROPPED="Not sent: no longer wanted, or too late, when it was due.",
    FAILED="The delivery failed.",
)


@reads(models.Delivery, owned_through=CLERK)
class StaffDelivery:
    """A delivery of a notice by e-mail or SMS."""

    channel: models.NoticeChannel = column("The channel of the delivery.")
    state: models.DeliveryState = column("The state of the delivery.")
    attempts: int = column("The number of attempts.")
    sent_at: datetime | None = column("The date and time of the handover; null if there was none.")


@reads(models.Notice, prefix="snt", owned_through=CLERK, audits="user")
class StaffNotice(Node):
    """A notice to a customer («уведомление»), also shown in the customer's inbox."""

    kind: models.NoticeKind = column("The kind of the notice.")
    title: str = derived("The title on one line, in the language of the request.", notice_title)
    text: str = derived("The text, in the language of the request.", notice_body)
    created_at: datetime = column("The date and time of the notice.")
    deliveries: list[StaffDelivery] = related(
        "The deliveries, the oldest first; empty if the notice is only in the inbox.", order_by="id"
    )


@input_type
class StaffNoticeResendInput:
    """A notice to send again."""

    notice_id: strawberry.ID = strawberry.field(
        description="The id of the notice, from `StaffCustomer.notices`."
    )

    def key(self) -> UUID | None:
        return key_of(self.notice_id, "snt")


@object_type
class StaffNoticeResendPayload:
    """The result of `staffNoticeResend`."""

    notice: StaffNotice | None = outcome("The notice, queued for delivery again.")
    errors: list[StaffError] = errors()

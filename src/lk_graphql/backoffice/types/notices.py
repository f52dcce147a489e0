"""Notices and their deliveries for staff."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Role
from lk_graphql.notifications import models
from lk_graphql.notifications.types.objects import text, title
from lk_graphql.planner.types import Node, StaffOnly, choices, column, derived, reads, related
from lk_graphql.staff.types.objects import StaffError

CLERK = StaffOnly(Role.CLERK)

choices(
    models.DeliveryState,
    "What became of a message.",
    WAITING="It is to be sent, perhaps after the customer's quiet hours.",
    SENT="The mail server, or the SMS gateway, has taken it.",
    DROPPED="It wasn't wanted any more, or too late, when its turn came.",
    FAILED="It couldn't be delivered.",
)


@reads(models.Delivery, owned_through=CLERK)
class StaffDelivery:
    """A notice's way to a mailbox or a telephone."""

    channel: models.NoticeChannel = column("By what.")
    state: models.DeliveryState = column("What became of it.")
    attempts: int = column("How often it was tried.")
    sent_at: datetime | None = column("When it was handed over; null where it wasn't.")


@reads(models.Notice, prefix="snt", owned_through=CLERK, audits="user")
class StaffNotice(Node):
    """Something that a customer was told («уведомление»); their inbox shows it too."""

    kind: models.NoticeKind = column("What it is about.")
    title: str = derived("A line, in the language of the request.", title)
    text: str = derived("What it says, in the language of the request.", text)
    created_at: datetime = column("When they were told.")
    deliveries: list[StaffDelivery] = related(
        "How it went out, the first try first; none where only the inbox has it.", order_by="id"
    )


@input_type
class StaffNoticeResendInput:
    """A notice that is to be sent once more."""

    notice_id: strawberry.ID = strawberry.field(description="From `StaffCustomer.notices`.")

    def key(self) -> UUID | None:
        return key_of(self.notice_id, "snt")


@object_type
class StaffNoticeResendPayload:
    """What became of a notice."""

    notice: StaffNotice | None = outcome("The notice, on its way again.")
    errors: list[StaffError] = errors()

"""Inputs of the appeal mutations."""

import strawberry

from lk_graphql.api.graphql_types import choice_type, idempotency_key, input_type
from lk_graphql.appeals.models import SubjectKind
from lk_graphql.appeals.service.subjects import SubjectRef
from lk_graphql.kit.ids import key_of, prefix_of


def upload_ids() -> list[strawberry.ID]:
    return strawberry.field(
        default_factory=list[strawberry.ID],
        description="The ids of the files to attach, from `uploadCreate`; at most 10, each once.",
    )


def appeal_id() -> strawberry.ID:
    return strawberry.field(description="The id of the appeal.")


@choice_type
class AppealSubjectInput:
    """The subject of an appeal: exactly one object of the customer."""

    account_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="The id of an account."
    )
    invoice_id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The id of a bill.")
    invoice_line_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="The id of a line of a bill."
    )
    meter_id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The id of a meter.")
    payment_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description=(
            "The id of a payment in this cabinet, or of one that the supplier has received."
        )
    )

    def to_command(self) -> SubjectRef:
        options = (
            (self.account_id, SubjectKind.ACCOUNT, "acc"),
            (self.invoice_id, SubjectKind.INVOICE, "inv"),
            (self.invoice_line_id, SubjectKind.INVOICE_LINE, "iln"),
            (self.meter_id, SubjectKind.METER, "mtr"),
            (self.payment_id, SubjectKind.PAYMENT, "pay"),
        )
        ((public, kind, prefix),) = (option for option in options if option[0] is not None)
        if public is not None and prefix_of(public.value) == "rcv" and prefix == "pay":
            return SubjectRef(SubjectKind.RECEIVED_PAYMENT, key_of(public.value, "rcv"))
        return SubjectRef(kind, key_of(public and public.value, prefix))


@input_type
class AppealCreateInput:
    """An appeal to the supplier."""

    topic_id: strawberry.ID = strawberry.field(
        description="The id of the topic, from `appealTopics`."
    )
    text: str = strawberry.field(
        description="The text of the appeal, 1 to 10,000 characters of plain text."
    )
    about: AppealSubjectInput | None = strawberry.field(
        default=None,
        description="The subject of the appeal; a snapshot of its present state is kept.",
    )
    hides_name: bool = strawberry.field(
        default=False,
        description=(
            "Whether to hide the sender from ordinary staff; allowed by the topic's `mayHideName`."
        ),
    )
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealReplyInput:
    """A message to add to an appeal."""

    appeal_id: strawberry.ID = appeal_id()
    text: str = strawberry.field(
        description="The text of the message, 1 to 10,000 characters of plain text."
    )
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealMarkReadInput:
    """The read messages of an appeal."""

    appeal_id: strawberry.ID = appeal_id()
    until: int = strawberry.field(description="The `number` of the newest message shown.")


@input_type
class AppealCloseInput:
    """An appeal to close."""

    appeal_id: strawberry.ID = appeal_id()
    rating: int | None = strawberry.field(
        default=None, description="The rating of the answer, 1 to 5; only for an answered appeal."
    )


@input_type
class AppealReopenInput:
    """A closed appeal to reopen."""

    appeal_id: strawberry.ID = appeal_id()
    text: str = strawberry.field(
        description="The text about what is still missing, 1 to 10,000 characters."
    )
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealRateInput:
    """A rating of an answer."""

    appeal_id: strawberry.ID = appeal_id()
    rating: int = strawberry.field(description="The rating, 1 to 5; it replaces an earlier one.")

"""Inputs of the appeal mutations."""

import strawberry

from lk_graphql.api.graphql_types import choice_type, input_type
from lk_graphql.appeals.models import SubjectKind
from lk_graphql.appeals.service.subjects import SubjectRef
from lk_graphql.kit.ids import key_of, prefix_of

KEY = (
    "Makes a repeat harmless: with the same key and the same input it gives the first outcome. "
    "1 to 100 printable ASCII characters, a UUID for instance."
)


def idempotency_key() -> str:
    return strawberry.field(description=KEY)


def upload_ids() -> list[strawberry.ID]:
    return strawberry.field(
        default_factory=list[strawberry.ID],
        description="Files to attach, of `uploadCreate`; 10 at most, each once.",
    )


def appeal_id() -> strawberry.ID:
    return strawberry.field(description="Which of your appeals.")


@choice_type
class AppealSubjectInput:
    """What of yours it is about: exactly one of these."""

    account_id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="An account.")
    invoice_id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A bill.")
    invoice_line_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="A line of a bill."
    )
    meter_id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A meter.")
    payment_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="A payment in this cabinet, or one that the supplier has received."
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
    """What to write to the supplier."""

    topic_id: strawberry.ID = strawberry.field(description="One of `appealTopics`.")
    text: str = strawberry.field(description="1 to 10,000 characters of plain text.")
    about: AppealSubjectInput | None = strawberry.field(
        default=None, description="What of yours it is about; how that looks now is kept."
    )
    hides_name: bool = strawberry.field(
        default=False,
        description="Don't show ordinary staff who has sent it; where `mayHideName`.",
    )
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealReplyInput:
    """What to add to an appeal."""

    appeal_id: strawberry.ID = appeal_id()
    text: str = strawberry.field(description="1 to 10,000 characters of plain text.")
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealMarkReadInput:
    """What of an appeal was read."""

    appeal_id: strawberry.ID = appeal_id()
    until: int = strawberry.field(description="The `number` of the newest message shown.")


@input_type
class AppealCloseInput:
    """Which appeal needs nothing more."""

    appeal_id: strawberry.ID = appeal_id()
    rating: int | None = strawberry.field(
        default=None, description="How good the answer was, 1 to 5; only if there was one."
    )


@input_type
class AppealReopenInput:
    """Why a closed appeal goes on."""

    appeal_id: strawberry.ID = appeal_id()
    text: str = strawberry.field(description="What is still missing; 1 to 10,000 characters.")
    upload_ids: list[strawberry.ID] = upload_ids()
    idempotency_key: str = idempotency_key()


@input_type
class AppealRateInput:
    """How good an answer was."""

    appeal_id: strawberry.ID = appeal_id()
    rating: int = strawberry.field(description="1 to 5; replaces an earlier one.")

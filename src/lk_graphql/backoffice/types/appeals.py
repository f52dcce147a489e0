"""Appeals, their topics and attachments for staff."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.appeals import models
from lk_graphql.appeals.service.topics import AnswerTermChange, NewTopic, TopicChange
from lk_graphql.appeals.types.objects import AppealTopic, subject_text
from lk_graphql.appeals.types.payloads import AppealError
from lk_graphql.backoffice.types.customers import StaffCustomer, StaffFile
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import trimmed
from lk_graphql.kit.viewer import Role
from lk_graphql.planner.declare.filters import (
    at_most,
    contains_words,
    exactly,
    filter_input,
    is_set,
    one_of,
)
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    column,
    derived,
    expression,
    part,
    reads,
    related,
)
from lk_graphql.uploads.types.inputs import UploadCreateInput
from lk_graphql.uploads.types.payloads import UploadError

CLERK, SUPERVISOR = StaffOnly(Role.CLERK), StaffOnly(Role.SUPERVISOR)


@input_type
class StaffAttachmentCreateInput(UploadCreateInput):
    """A file that is about to be sent, for an answer."""


@object_type
class StaffAttachmentCreatePayload:
    """A file that is awaited, for an answer."""

    upload_id: strawberry.ID | None = outcome("For `staffAppealAnswer`, once, and for you only.")
    url: Url | None = outcome(
        "Where to PUT the bytes, once, as the body; 204 says that they are kept."
    )
    errors: list[UploadError] = errors()


def clerk(clerk_id: UUID | None) -> str | None:
    return clerk_id and to_public("stf", clerk_id)


def author(
    hides_name: bool,  # noqa: FBT001 - a column's value
    user__last_name: str,
    user__first_name: str,
    user__patronymic: str | None,
) -> str | None:
    if hides_name:
        return None
    return " ".join(filter(None, (user__last_name, user__first_name, user__patronymic)))


def author_id(hides_name: bool, user_id: UUID) -> str | None:  # noqa: FBT001 - as above
    return None if hides_name else to_public("scu", user_id)


def subject(
    hides_name: bool,  # noqa: FBT001 - a column's value
    subject_kind: models.SubjectKind | None,
    subject_facts: dict[str, Any] | None,
    language: Language,
) -> str | None:
    return None if hides_name else subject_text(subject_kind, subject_facts, language)


def account_id(hides_name: bool, account_id: UUID | None) -> str | None:  # noqa: FBT001
    return None if hides_name or account_id is None else to_public("sac", account_id)


@reads(models.AppealMessage, owned_through=CLERK)
class StaffAppealMessage:
    """A message of an appeal."""

    number: int = column("Its place in the thread, from 1.")
    direction: models.Direction = column("SENT by the customer, or RECEIVED by them.")
    text: str = column("What it says: plain text.")
    clerk_id: str | None = derived("Which member of staff has written it.", clerk)
    attachments: list[StaffFile] = related(
        "The files that came with it, the customer's or ours, in the order of their ids.",
        of="attachments__upload",
        order_by="id",
    )
    created_at: datetime = column("When it was sent.")
    read_at: datetime | None = column("When the other side read it.")


@reads(models.AppealNote, owned_through=CLERK)
class StaffAppealNote:
    """What staff tell one another about an appeal; customers never see it."""

    text: str = column("What it says.")
    clerk_id: str | None = derived("Who has written it.", clerk)
    created_at: datetime = column("When.")


@reads(models.Appeal, owned_through=SUPERVISOR, audits="user")
class StaffAppealAuthor:
    """Who has sent an appeal, hidden ones too."""

    customer: StaffCustomer = related("The customer.", of="user")


@reads(models.Appeal, prefix="sap", owned_through=CLERK, audits="user")
class StaffAppeal(Node):
    """An appeal as staff see it («обращение»)."""

    number: str = column("The registration number.")
    state: models.AppealState = column("Whose turn it is.")
    topic: AppealTopic = related("What it is about.")
    hides_name: bool = column("Whether its author doesn't want to be known to clerks.")
    author: str | None = derived("Who has sent it; null where that is hidden.", author)
    author_id: str | None = derived(
        "Their id for `node`, as a `StaffCustomer`; null where that is hidden.", author_id
    )
    account_id: str | None = derived(
        "The `StaffAccount` that it is about; null where the author is hidden.", account_id
    )
    subject_kind: models.SubjectKind | None = column("What of the customer's it is about.")
    subject_text: str | None = derived(
        "What that looked like when it came, in a line; null where the author is hidden.", subject
    )
    unmasked: StaffAppealAuthor | None = part("Who has sent it, in any case; null for clerks.")
    clerk_id: str | None = derived("Who of the staff has taken it.", clerk)
    created_at: datetime = column("When it came.")
    due_on: date = column("The last day for an answer.")
    answered_at: datetime | None = column("When it was answered first.")
    escalated_at: datetime | None = column("When it was late and put before a supervisor.")
    rating: int | None = column("How good the customer found the answer, 1 to 5.")
    messages: list[StaffAppealMessage] = related("The thread, in its order.", order_by="number")
    notes: list[StaffAppealNote] = related("For colleagues only.", order_by="created_at")


@filter_input
class StaffAppealFilterInput:
    """Which appeals to show; all that isn't said goes."""

    states: list[models.AppealState] | None = one_of("Only in these states.", of="state")
    number: str | None = exactly("The registration number.", of="number", read=trimmed)
    topic_id: strawberry.ID | None = exactly("Only about this topic.", of="topic_id")
    clerk_id: strawberry.ID | None = exactly("Only those that this member has.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether somebody has it.", of="clerk_id")
    is_escalated: bool | None = is_set("Whether it was put before supervisors.", of="escalated_at")
    text: str | None = contains_words("Words of a message.", of="messages__text")
    due_by: date | None = at_most("Only what is due by this day.", of="due_on")


@input_type
class StaffAppealClaimInput:
    """An appeal to take."""

    appeal_id: strawberry.ID = strawberry.field(description="From `staff.appeals`.")

    def key(self) -> UUID | None:
        return key_of(self.appeal_id, "sap")


@input_type
class StaffAppealAnswerInput(StaffAppealClaimInput):
    """An answer to an appeal."""

    text: str = strawberry.field(description="What the customer will read: plain text.")
    upload_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description="Files to attach, of `staffAttachmentCreate`; 10 at most, each once.",
    )


@input_type
class StaffAppealNoteInput(StaffAppealClaimInput):
    """A note about an appeal."""

    text: str = strawberry.field(description="What colleagues will read.")


@input_type
class StaffAppealTransferInput(StaffAppealClaimInput):
    """Who goes on with an appeal."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which colleague; null: back into the queue."
    )
    topic_id: strawberry.ID | None = strawberry.field(
        default=None, description="A topic that fits better; null: as it is."
    )


@input_type
class StaffAppealCloseInput(StaffAppealClaimInput):
    """An appeal that needs no answer any more."""


@object_type
class StaffAppealClaimPayload:
    """What became of a claim."""

    appeal: StaffAppeal | None = outcome("The appeal, which is yours now.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealAnswerPayload:
    """What became of an answer."""

    appeal: StaffAppeal | None = outcome("The appeal with the answer.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealNotePayload:
    """What became of a note."""

    appeal: StaffAppeal | None = outcome("The appeal with the note.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealTransferPayload:
    """What became of a transfer."""

    appeal: StaffAppeal | None = outcome("The appeal, in other hands.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealClosePayload:
    """What became of an appeal."""

    appeal: StaffAppeal | None = outcome("The appeal, closed.")
    errors: list[AppealError] = errors()


def is_of_manual(position: int) -> bool:
    return position <= models.LAST_MANUAL_POSITION


@reads(models.AnswerTerm, owned_through=CLERK)
class StaffAnswerTerm:
    """Within how many days appeals are answered that come on a day or later."""

    from_day: date = column("The first day on which they come.")
    days: int = column("How many days there are for the answer.")
    are_working_days: bool = column("Whether only working days count.")
    reference: str = column("The law or the rule that says so.")


@reads(models.AppealTopic, prefix="stp", owned_through=CLERK)
class StaffAppealTopic(Node):
    """What an appeal can be about, withdrawn topics too («тема»)."""

    title: str = column("What customers choose.")
    is_of_manual: bool = expression(
        "Whether the manual names it: then it keeps its name and its place.",
        sql=f"{{position}} <= {models.LAST_MANUAL_POSITION}",
        python=is_of_manual,
    )
    is_offered: bool = column("Whether customers can choose it.")
    may_hide_name: bool = column("Whether customers may hide their name from clerks.")
    terms: list[StaffAnswerTerm] = related(
        "By when one answers, the newest first.", order_by="-from_day"
    )


@input_type
class StaffAnswerTermInput:
    """Within how many days appeals are answered, from today on."""

    days: int = strawberry.field(description="1 to 365.")
    are_working_days: bool = strawberry.field(description="Whether only working days count.")
    reference: str = strawberry.field(description="What says so; 1 to 200 characters.")

    def to_command(self) -> AnswerTermChange:
        return AnswerTermChange(self.days, self.are_working_days, self.reference)


@input_type
class StaffAppealTopicAddInput:
    """A topic after all others."""

    title: str = strawberry.field(description="What customers will choose; 1 to 100 characters.")
    term: StaffAnswerTermInput = strawberry.field(description="By when one answers.")
    may_hide_name: bool = strawberry.field(
        default=False, description="Whether customers may hide their name from clerks."
    )

    def to_command(self) -> NewTopic:
        return NewTopic(self.title, self.term.to_command(), self.may_hide_name)


@input_type
class StaffAppealTopicChangeInput:
    """What to make of a topic; what is left out stays as it is."""

    topic_id: strawberry.ID = strawberry.field(description="From `staff.appealTopics`.")
    title: str | None = strawberry.field(default=None, description="Another name.")
    is_offered: bool | None = strawberry.field(
        default=None, description="Whether customers can choose it."
    )
    may_hide_name: bool | None = strawberry.field(
        default=None, description="Whether customers may hide their name from clerks."
    )
    term: StaffAnswerTermInput | None = strawberry.field(
        default=None, description="For appeals that come from today on."
    )

    def key(self) -> UUID | None:
        return key_of(self.topic_id, "stp")

    def to_command(self) -> TopicChange:
        term = self.term and self.term.to_command()
        return TopicChange(self.title, self.is_offered, self.may_hide_name, term)


@object_type
class StaffAppealTopicAddPayload:
    """What became of a new topic."""

    topic: StaffAppealTopic | None = outcome("The topic, which customers can choose now.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealTopicChangePayload:
    """What became of a topic."""

    topic: StaffAppealTopic | None = outcome("The topic as it is now.")
    errors: list[AppealError] = errors()

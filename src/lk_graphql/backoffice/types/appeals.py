"""Appeals, their topics and attachments for staff."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.appeals import models
from lk_graphql.appeals.service.topics import AnswerTermChange, NewTopic, TopicChange
from lk_graphql.appeals.types.objects import AppealTopic, subject_text
from lk_graphql.appeals.types.payloads import AppealError
from lk_graphql.backoffice.types.customers import StaffCustomer, StaffFile
from lk_graphql.kit.ids import key_of, optional_key_of, prefix_of, to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import strip_text
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
from lk_graphql.uploads.types import UploadCreateInput, UploadError

CLERK, SUPERVISOR = StaffOnly(Role.CLERK), StaffOnly(Role.SUPERVISOR)


@input_type
class StaffAttachmentCreateInput(UploadCreateInput):
    """A file to upload for an answer."""


@object_type
class StaffAttachmentCreatePayload:
    """The result of `staffAttachmentCreate`."""

    upload_id: strawberry.ID | None = outcome(
        "The id of the upload, for a single `staffAppealAnswer` by the same member of staff."
    )
    url: Url | None = outcome(
        "The URL to PUT the bytes to, once, as the body; the response 204 confirms that they are "
        "stored."
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

    number: int = column("The position in the thread, from 1.")
    direction: models.Direction = column("The direction: SENT or RECEIVED by the customer.")
    text: str = column("The text of the message, plain text.")
    clerk_id: str | None = derived("The id of the member of staff who wrote it.", clerk)
    attachments: list[StaffFile] = related(
        "The attached files, the customer's or the supplier's, in the order of their ids.",
        of="attachments__upload",
        order_by="id",
    )
    created_at: datetime = column("The date and time of sending.")
    read_at: datetime | None = column("The date and time of reading by the other side.")


@reads(models.AppealNote, owned_through=CLERK)
class StaffAppealNote:
    """An internal note of staff about an appeal, never visible to customers."""

    text: str = column("The text of the note.")
    clerk_id: str | None = derived("The id of the author.", clerk)
    created_at: datetime = column("The date and time of creation.")


@reads(models.Appeal, owned_through=SUPERVISOR, audits="user")
class StaffAppealAuthor:
    """The author of an appeal, including a hidden one."""

    customer: StaffCustomer = related("The customer.", of="user")


@reads(models.Appeal, prefix="sap", owned_through=CLERK, audits="user")
class StaffAppeal(Node):
    """An appeal as staff see it («обращение»)."""

    number: str = column("The registration number.")
    state: models.AppealState = column("The state of the appeal.")
    topic: AppealTopic = related("The topic of the appeal.")
    hides_name: bool = column("Whether the author's name is hidden from clerks.")
    author: str | None = derived("The author's full name; null if hidden.", author)
    author_id: str | None = derived(
        "The author's id for `node`, of a `StaffCustomer`; null if hidden.", author_id
    )
    account_id: str | None = derived(
        "The id of the `StaffAccount` concerned; null if the author is hidden.", account_id
    )
    subject_kind: models.SubjectKind | None = column(
        "The kind of the customer's object that the appeal is about."
    )
    subject_text: str | None = derived(
        "A one-line summary of that object at registration; null if the author is hidden.", subject
    )
    unmasked: StaffAppealAuthor | None = part("The author, even if hidden; null for clerks.")
    clerk_id: str | None = derived("The id of the member of staff who has claimed it.", clerk)
    created_at: datetime = column("The date and time of receipt.")
    due_on: date = column("The last day for an answer.")
    answered_at: datetime | None = column("The date and time of the first answer.")
    escalated_at: datetime | None = column(
        "The date and time of the overdue appeal's escalation to supervisors."
    )
    rating: int | None = column("The customer's rating of the answer, 1 to 5.")
    messages: list[StaffAppealMessage] = related(
        "The messages of the thread, in order.", order_by="number"
    )
    notes: list[StaffAppealNote] = related("Internal notes for colleagues.", order_by="created_at")


@filter_input
class StaffAppealFilterInput:
    """Filters of appeals; omitted fields filter nothing."""

    states: list[models.AppealState] | None = one_of("Only appeals in these states.", of="state")
    number: str | None = exactly("The registration number.", of="number", read=strip_text)
    topic_id: strawberry.ID | None = exactly("Only appeals about this topic.", of="topic_id")
    clerk_id: strawberry.ID | None = exactly("Only those claimed by this member.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether a member of staff has claimed it.", of="clerk_id")
    is_escalated: bool | None = is_set(
        "Whether it was escalated to supervisors.", of="escalated_at"
    )
    text: str | None = contains_words("Words of a message.", of="messages__text")
    due_by: date | None = at_most("Only appeals due by this day.", of="due_on")


@input_type
class StaffAppealClaimInput:
    """An appeal to claim."""

    appeal_id: strawberry.ID = strawberry.field(
        description="The id of the appeal, from `staff.appeals`."
    )

    def key(self) -> UUID | None:
        return key_of(self.appeal_id, "sap")


@input_type
class StaffAppealAnswerInput(StaffAppealClaimInput):
    """An answer to an appeal."""

    text: str = strawberry.field(description="The answer for the customer, plain text.")
    upload_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description="The ids of files to attach, from `staffAttachmentCreate`; 10 at most, each "
        "only once.",
    )


@input_type
class StaffAppealNoteInput(StaffAppealClaimInput):
    """A note about an appeal."""

    text: str = strawberry.field(description="The note for colleagues.")


@input_type
class StaffAppealTransferInput(StaffAppealClaimInput):
    """A transfer of an appeal."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the colleague; null returns it to the queue."
    )
    topic_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of a more suitable topic, from `staff.appealTopics` or `appealTopics`; "
        "null keeps the present one.",
    )

    def topic_key(self) -> UUID | None:
        """The key of either type's id, `NO_KEY` for a malformed one."""
        is_of_staff = prefix_of(self.topic_id) == "stp"
        return optional_key_of(self.topic_id, "stp" if is_of_staff else "tpc")


@input_type
class StaffAppealCloseInput(StaffAppealClaimInput):
    """An appeal that needs no answer any more."""


@object_type
class StaffAppealClaimPayload:
    """The result of `staffAppealClaim`."""

    appeal: StaffAppeal | None = outcome("The claimed appeal.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealAnswerPayload:
    """The result of `staffAppealAnswer`."""

    appeal: StaffAppeal | None = outcome("The appeal with the answer.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealNotePayload:
    """The result of `staffAppealNote`."""

    appeal: StaffAppeal | None = outcome("The appeal with the note.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealTransferPayload:
    """The result of `staffAppealTransfer`."""

    appeal: StaffAppeal | None = outcome("The transferred appeal.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealClosePayload:
    """The result of `staffAppealClose`."""

    appeal: StaffAppeal | None = outcome("The closed appeal.")
    errors: list[AppealError] = errors()


def is_of_manual(position: int) -> bool:
    return position <= models.LAST_MANUAL_POSITION


@reads(models.AnswerTerm, owned_through=CLERK)
class StaffAnswerTerm:
    """The term for answers to appeals received on a day or later."""

    from_day: date = column("The first day of receipt to which the term applies.")
    days: int = column("The number of days for the answer.")
    are_working_days: bool = column("Whether only working days count.")
    reference: str = column("The law or rule that sets the term.")


@reads(models.AppealTopic, prefix="stp", owned_through=CLERK)
class StaffAppealTopic(Node):
    """A topic of appeals, possibly withdrawn («тема»)."""

    title: str = column("The title that customers choose.")
    is_of_manual: bool = expression(
        "Whether it is one of the ten original topics, with a fixed title and position.",
        sql=f"{{position}} <= {models.LAST_MANUAL_POSITION}",
        python=is_of_manual,
    )
    is_offered: bool = column("Whether customers can choose it.")
    may_hide_name: bool = column("Whether customers may hide their name from clerks.")
    terms: list[StaffAnswerTerm] = related(
        "The terms for answers, the newest first.", order_by="-from_day"
    )


@input_type
class StaffAnswerTermInput:
    """The term for answers to appeals, from today on."""

    days: int = strawberry.field(description="The number of days, 1 to 365.")
    are_working_days: bool = strawberry.field(description="Whether only working days count.")
    reference: str = strawberry.field(
        description="The law or rule that sets the term, 1 to 200 characters."
    )

    def to_command(self) -> AnswerTermChange:
        return AnswerTermChange(self.days, self.are_working_days, self.reference)


@input_type
class StaffAppealTopicAddInput:
    """A new topic, placed after all others."""

    title: str = strawberry.field(
        description="The title that customers choose, 1 to 100 characters."
    )
    term: StaffAnswerTermInput = strawberry.field(description="The term for answers.")
    may_hide_name: bool = strawberry.field(
        default=False, description="Whether customers may hide their name from clerks."
    )

    def to_command(self) -> NewTopic:
        return NewTopic(self.title, self.term.to_command(), self.may_hide_name)


@input_type
class StaffAppealTopicChangeInput:
    """Changes of a topic; omitted fields stay as they are."""

    topic_id: strawberry.ID = strawberry.field(
        description="The id of the topic, from `staff.appealTopics`."
    )
    title: str | None = strawberry.field(default=None, description="The new title.")
    is_offered: bool | None = strawberry.field(
        default=None, description="Whether customers can choose it."
    )
    may_hide_name: bool | None = strawberry.field(
        default=None, description="Whether customers may hide their name from clerks."
    )
    term: StaffAnswerTermInput | None = strawberry.field(
        default=None, description="The term for appeals received from today on."
    )

    def key(self) -> UUID | None:
        return key_of(self.topic_id, "stp")

    def to_command(self) -> TopicChange:
        term = self.term and self.term.to_command()
        return TopicChange(self.title, self.is_offered, self.may_hide_name, term)


@object_type
class StaffAppealTopicAddPayload:
    """The result of `staffAppealTopicAdd`."""

    topic: StaffAppealTopic | None = outcome("The new topic, available to customers at once.")
    errors: list[AppealError] = errors()


@object_type
class StaffAppealTopicChangePayload:
    """The result of `staffAppealTopicChange`."""

    topic: StaffAppealTopic | None = outcome("The changed topic.")
    errors: list[AppealError] = errors()

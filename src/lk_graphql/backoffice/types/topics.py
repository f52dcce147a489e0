"""Topics of appeals as staff see and change them."""

from datetime import date
from uuid import UUID

import strawberry

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import input_type, object_type
from lk_graphql.appeals import models
from lk_graphql.appeals.service.topics import Changes, NewTopic, Term
from lk_graphql.appeals.types.errors import AppealError
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Role
from lk_graphql.reads.declare import Node, StaffOnly, column, expression, reads, related

CLERK = StaffOnly(Role.CLERK)


def is_of_manual(position: int) -> bool:
    return position <= models.OF_THE_MANUAL


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
        sql=f"{{position}} <= {models.OF_THE_MANUAL}",
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

    def unpacked(self) -> Term:
        return Term(self.days, self.are_working_days, self.reference)


@input_type
class StaffAppealTopicAddInput:
    """A topic after all others."""

    title: str = strawberry.field(description="What customers will choose; 1 to 100 characters.")
    term: StaffAnswerTermInput = strawberry.field(description="By when one answers.")
    may_hide_name: bool = strawberry.field(
        default=False, description="Whether customers may hide their name from clerks."
    )

    def unpacked(self) -> NewTopic:
        return NewTopic(self.title, self.term.unpacked(), self.may_hide_name)


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

    def changes(self) -> Changes:
        term = self.term and self.term.unpacked()
        return Changes(self.title, self.is_offered, self.may_hide_name, term)


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

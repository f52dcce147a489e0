"""Contract applications for staff, without drafts."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.backoffice.types.appeals import clerk
from lk_graphql.backoffice.types.customers import StaffCustomer, StaffFile
from lk_graphql.contracts import models
from lk_graphql.contracts.types.objects import ContractPlace
from lk_graphql.contracts.types.payloads import ContractError
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.pasted_text import strip_text
from lk_graphql.kit.viewer import Role
from lk_graphql.planner.declare.filters import (
    at_least,
    at_most,
    contains_words,
    exactly,
    filter_input,
    is_set,
    one_of,
)
from lk_graphql.planner.types import EVER, Node, StaffOnly, column, derived, reads, related

SUBMITTED = {"submitted_at": EVER}
"""Condition that excludes drafts, withdrawn ones too, which only their customer may see."""
CLERK = StaffOnly(Role.CLERK)


def acting_clerk(staff_id: UUID | None) -> str | None:
    return clerk(staff_id)


@reads(models.ApplicationDocument, owned_through=CLERK)
class StaffContractDocument:
    """A document of an application."""

    kind: models.ContractDocumentKind = column("The kind of the document.")
    file: StaffFile = related("The file of the document.", of="upload")
    attached_at: datetime = column("The date and time of attachment.")


@reads(models.ApplicationEvent, owned_through=CLERK)
class StaffContractStep:
    """A step of an application's timeline, as visible to the customer, and its member of staff."""

    kind: models.StepKind = column("The kind of the step.")
    text: str | None = column("The question, the answer or the reason.")
    clerk_id: str | None = derived(
        "The id of the acting member of staff; null for the customer.", acting_clerk
    )
    happened_at: datetime = column("The date and time of the step.")


@reads(models.ApplicationNote, owned_through=CLERK)
class StaffContractNote:
    """An internal note of staff about an application, never visible to customers."""

    text: str = column("The text of the note.")
    clerk_id: str | None = derived("The id of the author.", clerk)
    created_at: datetime = column("The date and time of creation.")


@reads(
    models.Application,
    prefix="sca",
    owned_through=StaffOnly(Role.CLERK, SUBMITTED),
    audits="user",
)
class StaffContractApplication(Node):
    """An application for a contract as staff see it («заявка на заключение договора»)."""

    number: str | None = column("The number to quote.")
    state: models.ApplicationState = column("The state of the application.")
    customer: StaffCustomer = related("The applicant.", of="user")
    clerk_id: str | None = derived("The id of the member of staff who has claimed it.", clerk)
    objects: list[ContractPlace] = related("The places to be supplied.", order_by="position")
    documents: list[StaffContractDocument] = related(
        "The documents attached by the customer.", order_by="attached_at"
    )
    timeline: list[StaffContractStep] = related(
        "The steps of the application, the oldest first.", of="events", order_by="happened_at"
    )
    notes: list[StaffContractNote] = related(
        "Internal notes for colleagues.", order_by="created_at"
    )
    reason: str | None = column("The reason for the decision; null until then.")
    submitted_at: datetime | None = column("The date and time of submission.")
    changed_at: datetime = column("The date and time of the last change.")


@filter_input
class StaffContractApplicationFilterInput:
    """Filters of applications; omitted fields filter nothing."""

    states: list[models.ApplicationState] | None = one_of(
        "Only applications in these states.", of="state"
    )
    number: str | None = exactly("The number, `ЗД-2026-000017`.", of="number", read=strip_text)
    clerk_id: strawberry.ID | None = exactly("Only those claimed by this member.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether a member of staff has claimed it.", of="clerk_id")
    last_name: str | None = contains_words("The customer's surname.", of="user__last_name")
    address: str | None = contains_words("Words of an object's address.", of="objects__address")
    from_: datetime | None = at_least(
        "The earliest date and time of submission.", of="submitted_at"
    )
    to: datetime | None = at_most("The latest date and time of submission.", of="submitted_at")


@input_type
class StaffContractApplicationClaimInput:
    """An application to claim."""

    application_id: strawberry.ID = strawberry.field(
        description="The id of the application, from the queue."
    )

    def key(self) -> UUID | None:
        return key_of(self.application_id, "sca")


@input_type
class StaffContractApplicationAskInput(StaffContractApplicationClaimInput):
    """A question to the customer."""

    text: str = strawberry.field(description="The question for the customer, 1 to 2000 characters.")


@input_type
class StaffContractApplicationDecideInput(StaffContractApplicationClaimInput):
    """A decision on an application."""

    is_approved: bool = strawberry.field(description="Whether the contract will be concluded.")
    reason: str = strawberry.field(description="The reason for the customer, 1 to 2000 characters.")


@input_type
class StaffContractApplicationTransferInput(StaffContractApplicationClaimInput):
    """A transfer of an application."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the colleague; null returns it to the queue."
    )


@input_type
class StaffContractApplicationNoteInput(StaffContractApplicationClaimInput):
    """A note about an application."""

    text: str = strawberry.field(description="The note for colleagues, 1 to 2000 characters.")


@object_type
class StaffContractApplicationClaimPayload:
    """The result of `staffContractApplicationClaim`."""

    application: StaffContractApplication | None = outcome("The claimed application.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationAskPayload:
    """The result of `staffContractApplicationAsk`."""

    application: StaffContractApplication | None = outcome("The application with the question.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationDecidePayload:
    """The result of `staffContractApplicationDecide`."""

    application: StaffContractApplication | None = outcome("The decided application.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationTransferPayload:
    """The result of `staffContractApplicationTransfer`."""

    application: StaffContractApplication | None = outcome("The transferred application.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationNotePayload:
    """The result of `staffContractApplicationNote`."""

    application: StaffContractApplication | None = outcome("The application with the note.")
    errors: list[ContractError] = errors()

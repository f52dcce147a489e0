"""Contract applications for staff, without drafts."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.types.appeals import clerk
from lk_graphql.backoffice.types.customers import StaffCustomer, StaffFile
from lk_graphql.contracts import models
from lk_graphql.contracts.types.objects import ContractPlace
from lk_graphql.contracts.types.payloads import ContractError
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.pasted_text import trimmed
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
"""Condition that excludes drafts, withdrawn ones too: they are visible to their customer only."""
CLERK = StaffOnly(Role.CLERK)


def asker(staff_id: UUID | None) -> str | None:
    return clerk(staff_id)


@reads(models.ApplicationDocument, owned_through=CLERK)
class StaffContractDocument:
    """A document of an application."""

    kind: models.ContractDocumentKind = column("What it shows.")
    file: StaffFile = related("The file.", of="upload")
    attached_at: datetime = column("When it was attached.")


@reads(models.ApplicationEvent, owned_through=CLERK)
class StaffContractStep:
    """A step of an application's timeline, as the customer sees it, and who of the staff it was."""

    kind: models.StepKind = column("What happened.")
    text: str | None = column("The question, the answer or the reason.")
    clerk_id: str | None = derived("Which member of staff did it; null for the customer.", asker)
    happened_at: datetime = column("When.")


@reads(models.ApplicationNote, owned_through=CLERK)
class StaffContractNote:
    """What staff tell one another about an application; customers never see it."""

    text: str = column("What it says.")
    clerk_id: str | None = derived("Who has written it.", clerk)
    created_at: datetime = column("When.")


@reads(
    models.Application,
    prefix="sca",
    owned_through=StaffOnly(Role.CLERK, SUBMITTED),
    audits="user",
)
class StaffContractApplication(Node):
    """An application for a contract as staff see it («заявка на заключение договора»)."""

    number: str | None = column("What to quote.")
    state: models.ApplicationState = column("How far it is.")
    customer: StaffCustomer = related("Who applies.", of="user")
    clerk_id: str | None = derived("Who of the staff has taken it.", clerk)
    objects: list[ContractPlace] = related("What is to be supplied.", order_by="position")
    documents: list[StaffContractDocument] = related(
        "What the customer has attached.", order_by="attached_at"
    )
    timeline: list[StaffContractStep] = related(
        "What happened so far, oldest first.", of="events", order_by="happened_at"
    )
    notes: list[StaffContractNote] = related("For colleagues only.", order_by="created_at")
    reason: str | None = column("Why it was decided so; null until then.")
    submitted_at: datetime | None = column("When it was submitted.")
    changed_at: datetime = column("When something happened to it last.")


@filter_input
class StaffContractApplicationFilterInput:
    """Which applications to show; all that isn't said goes."""

    states: list[models.ApplicationState] | None = one_of("Only in these states.", of="state")
    number: str | None = exactly("The number, `ЗД-2026-000017`.", of="number", read=trimmed)
    clerk_id: strawberry.ID | None = exactly("Only those that this member has.", of="clerk_id")
    is_claimed: bool | None = is_set("Whether somebody has it.", of="clerk_id")
    last_name: str | None = contains_words("The customer's surname.", of="user__last_name")
    address: str | None = contains_words("Words of an object's address.", of="objects__address")
    from_: datetime | None = at_least("Submitted at this moment or later.", of="submitted_at")
    to: datetime | None = at_most("Submitted at this moment or before.", of="submitted_at")


@input_type
class StaffContractApplicationClaimInput:
    """An application to take."""

    application_id: strawberry.ID = strawberry.field(description="From the queue.")

    def key(self) -> UUID | None:
        return key_of(self.application_id, "sca")


@input_type
class StaffContractApplicationAskInput(StaffContractApplicationClaimInput):
    """A question to the customer."""

    text: str = strawberry.field(description="1 to 2000 characters; the customer reads it.")


@input_type
class StaffContractApplicationDecideInput(StaffContractApplicationClaimInput):
    """A decision about an application."""

    is_approved: bool = strawberry.field(description="Whether the contract will be made.")
    reason: str = strawberry.field(description="1 to 2000 characters; the customer reads it.")


@input_type
class StaffContractApplicationTransferInput(StaffContractApplicationClaimInput):
    """Who goes on with an application."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which colleague; null: back into the queue."
    )


@input_type
class StaffContractApplicationNoteInput(StaffContractApplicationClaimInput):
    """A note about an application."""

    text: str = strawberry.field(description="1 to 2000 characters; colleagues read it.")


@object_type
class StaffContractApplicationClaimPayload:
    """What became of a claim."""

    application: StaffContractApplication | None = outcome("The application, which is yours now.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationAskPayload:
    """What became of a question."""

    application: StaffContractApplication | None = outcome("The application with the question.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationDecidePayload:
    """What became of a decision."""

    application: StaffContractApplication | None = outcome("The application, decided.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationTransferPayload:
    """What became of a transfer."""

    application: StaffContractApplication | None = outcome("The application, in other hands.")
    errors: list[ContractError] = errors()


@object_type
class StaffContractApplicationNotePayload:
    """What became of a note."""

    application: StaffContractApplication | None = outcome("The application with the note.")
    errors: list[ContractError] = errors()

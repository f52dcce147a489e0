"""Inputs of the contract mutations."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.contracts.models import ContractDocumentKind, ObjectKind
from lk_graphql.contracts.service.applications import PlaceDraft
from lk_graphql.planner.declare.scalars import Quantity


@input_type
class ContractPlaceInput:
    """A place to be supplied; what isn't known yet is left out."""

    address: str = strawberry.field(description="Where it is; may be empty in a draft.")
    fias_id: str | None = strawberry.field(
        default=None, description="The address's OBJECTGUID in ГАР, if known."
    )
    kind: ObjectKind | None = strawberry.field(default=None, description="What it is.")
    power_kw: Quantity | None = strawberry.field(
        default=None, description="The power that it needs, in kW, at most two decimals."
    )
    purpose: str | None = strawberry.field(default=None, description="What the energy is for.")

    def to_command(self) -> PlaceDraft:
        return PlaceDraft(self.address, self.fias_id, self.kind, self.power_kw, self.purpose)


@input_type
class ContractApplicationCreateInput:
    """What to begin with."""

    objects: list[ContractPlaceInput] = strawberry.field(
        default_factory=list[ContractPlaceInput],
        description="At most `publicSettings.contractRules.mostObjects`; may come later.",
    )


@input_type
class ContractApplicationUpdateInput:
    """The draft as it shall be."""

    application_id: strawberry.ID = strawberry.field(description="The draft.")
    version: int = strawberry.field(description="The version that was changed.")
    objects: list[ContractPlaceInput] = strawberry.field(
        description="All objects: what isn't among them is removed."
    )


@input_type
class ContractApplicationAttachDocumentInput:
    """A document for an application."""

    application_id: strawberry.ID = strawberry.field(description="The application.")
    kind: ContractDocumentKind = strawberry.field(description="What the document shows.")
    upload_id: strawberry.ID = strawberry.field(description="A file of yours that is READY.")


@input_type
class ContractApplicationDetachDocumentInput:
    """A document to take out of a draft."""

    application_id: strawberry.ID = strawberry.field(description="The draft.")
    upload_id: strawberry.ID = strawberry.field(description="The document's file.")


@input_type
class ContractApplicationSubmitInput:
    """The draft to submit."""

    application_id: strawberry.ID = strawberry.field(description="The draft.")
    version: int = strawberry.field(description="The version that you have seen.")


@input_type
class ContractApplicationAnswerInput:
    """The answer to a question."""

    application_id: strawberry.ID = strawberry.field(description="The application.")
    text: str = strawberry.field(description="1 to 2000 characters.")


@input_type
class ContractApplicationWithdrawInput:
    """The application to take back."""

    application_id: strawberry.ID = strawberry.field(description="The application.")

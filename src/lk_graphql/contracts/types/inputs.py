"""Inputs of the contract mutations."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.contracts.models import ContractDocumentKind, ObjectKind
from lk_graphql.contracts.service.applications import ObjectDraft
from lk_graphql.planner.declare.scalars import Quantity


@input_type
class ContractPlaceInput:
    """A place to be supplied; unknown fields are omitted."""

    address: str = strawberry.field(
        description="The address of the place; may be empty in a draft."
    )
    fias_id: str | None = strawberry.field(
        default=None, description="The address's OBJECTGUID in ГАР, if known."
    )
    kind: ObjectKind | None = strawberry.field(default=None, description="The kind of the place.")
    power_kw: Quantity | None = strawberry.field(
        default=None, description="The required power in kW, with at most two decimals."
    )
    purpose: str | None = strawberry.field(default=None, description="The purpose of the energy.")

    def to_command(self) -> ObjectDraft:
        return ObjectDraft(self.address, self.fias_id, self.kind, self.power_kw, self.purpose)


@input_type
class ContractApplicationCreateInput:
    """A new application for a contract."""

    objects: list[ContractPlaceInput] = strawberry.field(
        default_factory=list[ContractPlaceInput],
        description=(
            "The places to be supplied, at most "
            "`publicSettings.contractRules.mostObjects`; may be added later."
        ),
    )


@input_type
class ContractApplicationUpdateInput:
    """A new version of a draft."""

    application_id: strawberry.ID = strawberry.field(description="The id of the draft.")
    version: int = strawberry.field(description="The version of the draft that was changed.")
    objects: list[ContractPlaceInput] = strawberry.field(
        description="All objects of the draft; those not listed are removed."
    )


@input_type
class ContractApplicationAttachDocumentInput:
    """A document for an application."""

    application_id: strawberry.ID = strawberry.field(description="The id of the application.")
    kind: ContractDocumentKind = strawberry.field(description="The kind of the document.")
    upload_id: strawberry.ID = strawberry.field(
        description="The id of a file of the customer that is READY."
    )


@input_type
class ContractApplicationDetachDocumentInput:
    """A document to remove from a draft."""

    application_id: strawberry.ID = strawberry.field(description="The id of the draft.")
    upload_id: strawberry.ID = strawberry.field(description="The id of the document's file.")


@input_type
class ContractApplicationSubmitInput:
    """The draft to submit."""

    application_id: strawberry.ID = strawberry.field(description="The id of the draft.")
    version: int = strawberry.field(
        description="The version of the draft that the customer has seen."
    )


@input_type
class ContractApplicationAnswerInput:
    """The answer to a question."""

    application_id: strawberry.ID = strawberry.field(description="The id of the application.")
    text: str = strawberry.field(description="The text of the answer, 1 to 2000 characters.")


@input_type
class ContractApplicationWithdrawInput:
    """The application to withdraw."""

    application_id: strawberry.ID = strawberry.field(description="The id of the application.")

"""What mutations about contracts take."""

import strawberry

from lk_graphql.contracts.models import ContractDocumentKind, ObjectKind
from lk_graphql.contracts.service.drafts import Place
from lk_graphql.reads.scalars import Quantity


@strawberry.input(description="A place to be supplied; what isn't known yet is left out.")
class ContractPlaceInput:
    address: str = strawberry.field(description="Where it is; may be empty in a draft.")
    fias_id: str | None = strawberry.field(
        default=None, description="The address's OBJECTGUID in ГАР, if known."
    )
    kind: ObjectKind | None = strawberry.field(default=None, description="What it is.")
    power_kw: Quantity | None = strawberry.field(
        default=None, description="The power that it needs, in kW, at most two decimals."
    )
    purpose: str | None = strawberry.field(default=None, description="What the energy is for.")

    def unpacked(self) -> Place:
        return Place(self.address, self.fias_id, self.kind, self.power_kw, self.purpose)


@strawberry.input(description="What to begin with.")
class ContractApplicationCreateInput:
    objects: list[ContractPlaceInput] = strawberry.field(
        default_factory=list[ContractPlaceInput],
        description="At most `publicSettings.contractRules.mostObjects`; may come later.",
    )


@strawberry.input(description="The draft as it shall be.")
class ContractApplicationUpdateInput:
    application_id: strawberry.ID = strawberry.field(description="The draft.")
    version: int = strawberry.field(description="The version that was changed.")
    objects: list[ContractPlaceInput] = strawberry.field(
        description="All objects: what isn't among them is removed."
    )


@strawberry.input(description="A document for an application.")
class ContractApplicationAttachDocumentInput:
    application_id: strawberry.ID = strawberry.field(description="The application.")
    kind: ContractDocumentKind = strawberry.field(description="What the document shows.")
    upload_id: strawberry.ID = strawberry.field(description="A file of yours that is READY.")


@strawberry.input(description="A document to take out of a draft.")
class ContractApplicationDetachDocumentInput:
    application_id: strawberry.ID = strawberry.field(description="The draft.")
    upload_id: strawberry.ID = strawberry.field(description="The document's file.")


@strawberry.input(description="The draft to submit.")
class ContractApplicationSubmitInput:
    application_id: strawberry.ID = strawberry.field(description="The draft.")
    version: int = strawberry.field(description="The version that you have seen.")


@strawberry.input(description="The answer to a question.")
class ContractApplicationAnswerInput:
    application_id: strawberry.ID = strawberry.field(description="The application.")
    text: str = strawberry.field(description="1 to 2000 characters.")


@strawberry.input(description="The application to take back.")
class ContractApplicationWithdrawInput:
    application_id: strawberry.ID = strawberry.field(description="The application.")

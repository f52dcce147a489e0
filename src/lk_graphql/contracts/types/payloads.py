"""What mutations about contracts answer."""

from typing import Any

import strawberry

from lk_graphql.contracts.types.errors import ContractError
from lk_graphql.contracts.types.objects import ContractApplication


def application() -> Any:
    return strawberry.field(
        default=None, description="The application as it is now. Null when it was refused."
    )


def errors() -> Any:
    return strawberry.field(
        default_factory=list[ContractError], description="Why not; empty when it was done."
    )


@strawberry.type(description="The outcome of `contractApplicationCreate`.")
class ContractApplicationCreatePayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationUpdate`.")
class ContractApplicationUpdatePayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationAttachDocument`.")
class ContractApplicationAttachDocumentPayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationDetachDocument`.")
class ContractApplicationDetachDocumentPayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationSubmit`.")
class ContractApplicationSubmitPayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationAnswer`.")
class ContractApplicationAnswerPayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@strawberry.type(description="The outcome of `contractApplicationWithdraw`.")
class ContractApplicationWithdrawPayload:
    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()

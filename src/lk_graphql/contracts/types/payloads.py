"""Payloads and errors of the application mutations."""

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.contracts.errors import ContractErrorCode
from lk_graphql.contracts.types.objects import ContractApplication
from lk_graphql.identity.types.payloads import ViewerPayload


@object_type
class ContractError(UserError):
    """A refusal of an operation on a contract."""

    code: ContractErrorCode = strawberry.field(description="The machine-readable reason.")


@object_type
class ContractApplicationCreatePayload(ViewerPayload):
    """The result of `contractApplicationCreate`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationUpdatePayload(ViewerPayload):
    """The result of `contractApplicationUpdate`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAttachDocumentPayload(ViewerPayload):
    """The result of `contractApplicationAttachDocument`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationDetachDocumentPayload(ViewerPayload):
    """The result of `contractApplicationDetachDocument`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationSubmitPayload(ViewerPayload):
    """The result of `contractApplicationSubmit`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAnswerPayload(ViewerPayload):
    """The result of `contractApplicationAnswer`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationWithdrawPayload(ViewerPayload):
    """The result of `contractApplicationWithdraw`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()

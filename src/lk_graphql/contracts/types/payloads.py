"""What mutations about contracts answer."""

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type
from lk_graphql.contracts.types.errors import ContractError
from lk_graphql.contracts.types.objects import ContractApplication


@object_type
class ContractApplicationCreatePayload:
    """The outcome of `contractApplicationCreate`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationUpdatePayload:
    """The outcome of `contractApplicationUpdate`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAttachDocumentPayload:
    """The outcome of `contractApplicationAttachDocument`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationDetachDocumentPayload:
    """The outcome of `contractApplicationDetachDocument`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationSubmitPayload:
    """The outcome of `contractApplicationSubmit`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAnswerPayload:
    """The outcome of `contractApplicationAnswer`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationWithdrawPayload:
    """The outcome of `contractApplicationWithdraw`."""

    application: ContractApplication | None = outcome("The application as it is now.")
    errors: list[ContractError] = errors()

"""What mutations about contracts answer."""

from typing import Any

import strawberry

from lk_graphql.api.shapes import object_type
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


@object_type
class ContractApplicationCreatePayload:
    """The outcome of `contractApplicationCreate`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationUpdatePayload:
    """The outcome of `contractApplicationUpdate`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAttachDocumentPayload:
    """The outcome of `contractApplicationAttachDocument`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationDetachDocumentPayload:
    """The outcome of `contractApplicationDetachDocument`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationSubmitPayload:
    """The outcome of `contractApplicationSubmit`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationAnswerPayload:
    """The outcome of `contractApplicationAnswer`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()


@object_type
class ContractApplicationWithdrawPayload:
    """The outcome of `contractApplicationWithdraw`."""

    application: ContractApplication | None = application()
    errors: list[ContractError] = errors()

"""What mutations about accounts answer."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.types.errors import AccountError
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type


@object_type
class AccountLinkPreview:
    """An account that was proved but isn't linked yet, masked."""

    masked_address: str = strawberry.field(description="`ул. К***, д. 1*`")
    masked_holder: str = strawberry.field(description="`И*** П. С.`")
    token: str = strawberry.field(description="For `accountLink`; good for you only, and once.")
    expires_at: datetime = strawberry.field(description="Until when the token is good.")


@object_type
class AccountLinkPreviewPayload:
    """The outcome of `accountLinkPreview`."""

    preview: AccountLinkPreview | None = outcome("What to show for confirmation.")
    errors: list[AccountError] = errors()


@object_type
class AccountLinkPayload:
    """The outcome of `accountLink`."""

    account: Account | None = outcome("The account, now yours to see.")
    errors: list[AccountError] = errors()


@object_type
class AccountLinkUndoPayload:
    """The outcome of `accountLinkUndo`."""

    is_suspended: bool | None = outcome("True: the newcomer sees nothing any more.")
    errors: list[AccountError] = errors()


@object_type
class AccountUnlinkPayload:
    """The outcome of `accountUnlink`."""

    account_id: strawberry.ID | None = outcome("The account that isn't yours to see any more.")
    errors: list[AccountError] = errors()


@object_type
class AccountRenamePayload:
    """The outcome of `accountRename`."""

    account: Account | None = outcome("The account under its new name.")
    errors: list[AccountError] = errors()

"""What mutations about accounts answer."""

from datetime import datetime
from typing import Any

import strawberry

from lk_graphql.accounts.types.errors import AccountError
from lk_graphql.accounts.types.objects import Account


def outcome(description: str) -> Any:
    return strawberry.field(default=None, description=f"{description} Null when it was refused.")


def errors() -> Any:
    return strawberry.field(
        default_factory=list[AccountError], description="Why not; empty when it was done."
    )


@strawberry.type(description="An account that was proved but isn't linked yet, masked.")
class AccountLinkPreview:
    masked_address: str = strawberry.field(description="`ул. К***, д. 1*`")
    masked_holder: str = strawberry.field(description="`И*** П. С.`")
    token: str = strawberry.field(description="For `accountLink`; good for you only, and once.")
    expires_at: datetime = strawberry.field(description="Until when the token is good.")


@strawberry.type(description="The outcome of `accountLinkPreview`.")
class AccountLinkPreviewPayload:
    preview: AccountLinkPreview | None = outcome("What to show for confirmation.")
    errors: list[AccountError] = errors()


@strawberry.type(description="The outcome of `accountLink`.")
class AccountLinkPayload:
    account: Account | None = outcome("The account, now yours to see.")
    errors: list[AccountError] = errors()


@strawberry.type(description="The outcome of `accountLinkUndo`.")
class AccountLinkUndoPayload:
    is_suspended: bool | None = outcome("True: the newcomer sees nothing any more.")
    errors: list[AccountError] = errors()


@strawberry.type(description="The outcome of `accountUnlink`.")
class AccountUnlinkPayload:
    account_id: strawberry.ID | None = outcome("The account that isn't yours to see any more.")
    errors: list[AccountError] = errors()


@strawberry.type(description="The outcome of `accountRename`.")
class AccountRenamePayload:
    account: Account | None = outcome("The account under its new name.")
    errors: list[AccountError] = errors()

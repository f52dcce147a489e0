"""Payloads and errors of the account mutations."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.errors import AccountErrorCode
from lk_graphql.accounts.models import AccountLink
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.planner.types import choices

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords


choices(
    AccountErrorCode,
    "Why something about an account was refused. Codes never change.",
    ACCOUNT_NOT_FOUND="There is no such account among yours.",
    ACCOUNT_NUMBER_INVALID="It doesn't look like an account number; see `linkFields`.",
    ALREADY_LINKED="You have linked it already. Said only after a proof.",
    LINK_PROOF_FAILED="The account couldn't be confirmed; which field is wrong is never told.",
    LINK_SUSPENDED="Your access is suspended until staff decide. Said only after a proof.",
    LINK_TOKEN_INVALID="The preview is too old, or was somebody else's: start again.",
    NAME_INVALID="A name has 1 to 60 characters, on one line.",
    PROOF_INVALID="It can't be read as a reading, an amount, or a unified number.",
    SUBSCRIBER_TYPE_UNSUPPORTED="Only households can be linked so far.",
    SURNAME_INVALID="It isn't a surname.",
    TOO_MANY_TRIES="Wait until `retryAt`.",
    UNDO_TOKEN_INVALID="The link in the mail is used, too old, or was never ours.",
)


@object_type
class AccountError(UserError):
    """Why something about an account was refused."""

    code: AccountErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="When to try again; only with `TOO_MANY_TRIES`."
    )


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
class AccountLinkPayload(ViewerPayload):
    """The outcome of `accountLink`."""

    account: Account | None = outcome("The account, now yours to see.")
    errors: list[AccountError] = errors()


@object_type
class AccountLinkUndoPreview:
    """Somebody's access to an account that can be ended by the link in a mail."""

    account_number: str = strawberry.field(description="The account («лицевой счёт»).")
    masked_email: str = strawberry.field(description="Who has linked it: `m***@example.ru`.")
    linked_at: datetime = strawberry.field(description="When they did.")

    @classmethod
    def of(cls, link: AccountLink) -> "AccountLinkUndoPreview":
        email = emails.mask(Email(link.user.email_key))
        return cls(account_number=link.account.number, masked_email=email, linked_at=link.linked_at)


@object_type
class AccountLinkUndoPayload:
    """The outcome of `accountLinkUndo`."""

    is_suspended: bool | None = outcome("True: the newcomer sees nothing any more.")
    errors: list[AccountError] = errors()


@object_type
class AccountUnlinkPayload(ViewerPayload):
    """The outcome of `accountUnlink`."""

    account_id: strawberry.ID | None = outcome("The account that isn't yours to see any more.")
    errors: list[AccountError] = errors()


@object_type
class AccountRenamePayload(ViewerPayload):
    """The outcome of `accountRename`."""

    account: Account | None = outcome("The account under its new name.")
    errors: list[AccountError] = errors()

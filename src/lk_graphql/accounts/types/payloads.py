"""Payloads and errors of the account mutations."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.errors import AccountErrorCode
from lk_graphql.accounts.models import AccountLink
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.planner.types import choices

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords


choices(
    AccountErrorCode,
    "The reason for refusing an operation on an account. Codes never change.",
    ACCOUNT_NOT_FOUND="The customer has no such account.",
    ACCOUNT_NUMBER_INVALID="Not in the format of an account number; see `linkFields`.",
    ALREADY_LINKED="The account is already linked. Returned only after a proof.",
    LINK_PROOF_FAILED="The account couldn't be confirmed; the wrong field is never revealed.",
    LINK_SUSPENDED="The customer's access is suspended until staff decide. Returned only after a "
    "proof.",
    LINK_TOKEN_INVALID="The preview has expired, or belongs to somebody else: start again.",
    NAME_INVALID="A name has 1 to 60 characters, on one line.",
    PROOF_INVALID="Not readable as a reading, an amount, or a unified number.",
    SUBSCRIBER_TYPE_UNSUPPORTED="Only households can be linked so far.",
    SURNAME_INVALID="Not a surname.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
    UNDO_TOKEN_INVALID="The link in the mail was used, has expired, or is invalid.",
)


@object_type
class AccountError(UserError):
    """A refusal of an operation on an account."""

    code: AccountErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class AccountLinkPreview:
    """A masked account that was proved but isn't linked yet."""

    masked_address: str = strawberry.field(description="The masked address: `ул. К***, д. 1*`.")
    masked_holder: str = strawberry.field(
        description="The masked name of the holder: `И*** П. С.`."
    )
    token: str = strawberry.field(
        description="The token for `accountLink`, valid for this customer only, and once."
    )
    expires_at: datetime = strawberry.field(
        description="The date and time at which the token expires."
    )


@object_type
class AccountLinkPreviewPayload:
    """The result of `accountLinkPreview`."""

    preview: AccountLinkPreview | None = outcome("The preview to show for confirmation.")
    errors: list[AccountError] = errors()


@object_type
class AccountLinkPayload(ViewerPayload):
    """The result of `accountLink`."""

    account: Account | None = outcome("The account, now linked.")
    errors: list[AccountError] = errors()


@object_type
class AccountLinkUndoPreview:
    """The access to an account that the link in a mail can end."""

    account_number: str = strawberry.field(description="The account's number («лицевой счёт»).")
    masked_email: str = strawberry.field(
        description="The masked e-mail address of the login that has linked it: `m***@example.ru`."
    )
    linked_at: datetime = strawberry.field(description="The date and time of linking.")

    @classmethod
    def of(cls, link: AccountLink) -> "AccountLinkUndoPreview":
        email = emails.mask(Email(link.user.email_key))
        return cls(account_number=link.account.number, masked_email=email, linked_at=link.linked_at)


@object_type
class AccountLinkUndoPayload:
    """The result of `accountLinkUndo`."""

    is_suspended: bool | None = outcome("True: the new login no longer has access.")
    errors: list[AccountError] = errors()


@object_type
class AccountUnlinkPayload(ViewerPayload):
    """The result of `accountUnlink`."""

    account_id: strawberry.ID | None = outcome("The id of the account that is no longer linked.")
    errors: list[AccountError] = errors()


@object_type
class AccountRenamePayload(ViewerPayload):
    """The result of `accountRename`."""

    account: Account | None = outcome("The account with its new name.")
    errors: list[AccountError] = errors()

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords
"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.errors import AccountErrorCode
from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.reads.declare import choices

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

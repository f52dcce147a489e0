"""Root query fields about accounts and their links."""

from typing import Annotated

import strawberry

from lk_graphql.accounts.service import link_undo
from lk_graphql.accounts.types.objects import Account
from lk_graphql.accounts.types.payloads import AccountLinkUndoPreview
from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.planner.types import Query, by_id, extends

Token = Annotated[
    str, strawberry.argument(description="The text after `#token=` in the mail's link.")
]


@open_to(Access.CUSTOMER)
@extends(Query)
class AccountsQuery:
    """An account by its id."""

    account: Account | None = by_id(
        "One of the customer's accounts by its id; null if there is none."
    )


@open_to(Access.ANYONE)
@extends(Query)
class AccountLinksQuery:
    """The link in a mail about a new account link."""

    @strawberry.field(
        description="The login and the account of which `accountLinkUndo` would end the access, "
        "to be confirmed first; null if the link in the mail was used, has expired, or is "
        "invalid. The mail names both, too."
    )
    async def account_link_undo_preview(
        self, info: Info, token: Token
    ) -> AccountLinkUndoPreview | None:
        ctx = info.context
        link = await link_undo.find_link_to_undo(token, signer=ctx.ports.signer, now=ctx.now)
        return None if link is None else AccountLinkUndoPreview.of(link)

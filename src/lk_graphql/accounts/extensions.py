"""The fields that accounts add to the customer and the settings."""

import strawberry

from lk_graphql.accounts.types.objects import Account, LinkFields, link_fields
from lk_graphql.api.context import Info
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.types import extends, related


@extends(User)
class UserAccounts:
    """The accounts of a user."""

    accounts: list[Account] = related(
        "The accounts that this login has linked («подключённые лицевые счета»).",
        of="account_links__account",
        order_by="number",
    )


@extends(PublicSettings)
class AccountSettings:
    """Public settings of the link form."""

    @strawberry.field(
        name="linkFields", description="What the form for linking an account asks for."
    )
    def link_fields(self, info: Info) -> LinkFields:
        ctx = info.context
        return link_fields(ctx.company.account_number_pattern, ctx.client.language)

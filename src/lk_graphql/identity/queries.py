"""Root query fields of identity."""

import strawberry

from lk_graphql.api.access import Access, open_to
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.types import Query, extends, signed_in


@open_to(Access.ANYONE)
@extends(Query)
class IdentityQuery:
    """The signed-in customer and the public settings."""

    viewer: User | None = signed_in("The signed-in customer («абонент»); null for a guest.")

    @strawberry.field(description="What a frontend has to know before anybody signs in.")
    def public_settings(self) -> PublicSettings:
        return PublicSettings()

"""Root query fields of identity."""

from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.identity.types.labels import EnumLabels, enum_labels
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.types import Query, derived, extends, part, signed_in


@open_to(Access.ANYONE)
@extends(Query)
class IdentityQuery:
    """The signed-in customer, labels and the public settings."""

    viewer: User | None = signed_in("The signed-in customer («клиент»); null for a guest.")

    enum_labels: list[EnumLabels] = derived(
        "The labels of the values of all enums used by customers, in the language of the "
        "request; they change only with a new version of the server.",
        enum_labels,
    )

    public_settings: PublicSettings = part("The settings that a frontend needs before sign-in.")

"""Root query fields of identity, and the SQL that resolves a session."""

import strawberry

from lk_graphql.api.access import Access, open_to
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.types import Query, extends, signed_in


def session_sql(digest: str = "$1", now: str = "$2") -> str:
    """Return the SQL that selects the user and session of a token; every plan includes it.

    `digest` is an SQL expression for the SHA-256 of the token, `now` one for the time.
    """
    return f"""
SELECT session.user_id, session.id AS session_id, session.staff_id IS NOT NULL AS is_read_only
FROM session JOIN "user" ON "user".id = session.user_id
WHERE session.token_hash = {digest} AND session.expires_at > {now}
AND session.ended_at IS NULL
AND "user".activated_at IS NOT NULL AND "user".locked_at IS NULL
"""  # noqa: S608 - expressions from our own code


@open_to(Access.ANYONE)
@extends(Query)
class IdentityQuery:
    """The signed-in customer and the public settings."""

    viewer: User | None = signed_in("The signed-in customer («абонент»); null for a guest.")

    @strawberry.field(description="What a frontend has to know before anybody signs in.")
    def public_settings(self) -> PublicSettings:
        return PublicSettings()

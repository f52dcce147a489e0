"""What the back office adds to the customer."""

from lk_graphql.backoffice.types.access import AccessNote
from lk_graphql.identity.types.objects import User
from lk_graphql.reads.connections import Connection
from lk_graphql.reads.declare import extends, pages


@extends(User)
class UserAccessLog:
    """Who looked."""

    access_log: Connection[AccessNote] = pages(
        "When staff saw your data, and why («журнал доступа»), the newest first.",
        of="access_notes",
        by="-happened_at",
    )

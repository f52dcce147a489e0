"""The owners of the cabinet's tables, as seen by the role of a connection."""

from dataclasses import dataclass

from lk_graphql.database.connections import connect
from lk_graphql.kit.errors import CommandError

# Without the tables of extensions, which may belong to a superuser; lk needs no rights on them.
_OWNERS = """
SELECT current_user AS role, ARRAY(
    SELECT DISTINCT pg_get_userbyid(owner)::text FROM (
        SELECT relowner FROM pg_class
        WHERE relkind IN ('r', 'p', 'S') AND relnamespace = current_schema()::regnamespace
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'import_staging'
    ) AS owned (owner)
    WHERE NOT pg_has_role(current_user, owner, 'USAGE') ORDER BY 1
) AS owners"""


@dataclass(frozen=True)
class Ownership:
    """The role of a connection, and the owners of tables whose rights it lacks."""

    role: str
    owners: tuple[str, ...]

    @property
    def holder(self) -> str:
        """The role with the rights of all the owners, in words."""
        first, *others = self.owners
        if others:
            return f"a role that is a member of {' and '.join(self.owners)}, who own the tables"
        return f"{first}, who owns the tables"

    @property
    def advice(self) -> str:
        """Which role to use instead, as the end of a sentence that begins with a command."""
        return (
            f"as {self.holder}: put this role into LK_DATABASE_URL, and into LK_DIRECT_DATABASE_URL"
            " if it is set"
        )


async def ownership(dsn: str) -> Ownership:
    """The role at a DSN, and the owners of tables whose rights it lacks."""
    connection = await connect(dsn)
    try:
        (row,) = await connection.fetch(_OWNERS)
    finally:
        await connection.close()
    return Ownership(row["role"], tuple(row["owners"]))


async def require_owner(dsn: str) -> None:
    """Require a role with the rights of the tables' owners. Raises `CommandError`.

    PostgreSQL only warns if another role grants rights.
    """
    seen = await ownership(dsn)
    if seen.owners:
        raise CommandError(
            f"The role {seen.role} may grant no rights on the tables. Run lk migrate grant"
            f" {seen.advice}"
        )

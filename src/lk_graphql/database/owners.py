"""The owners of the cabinet's tables, and the rights that they grant to the application's role."""

from dataclasses import dataclass

import asyncpg

from lk_graphql.database.connections import connect
from lk_graphql.kit.errors import CommandError

# The objects of extensions may belong to a superuser; lk needs no rights on them.
_OF_NO_EXTENSION = """NOT EXISTS (SELECT FROM pg_depend
    WHERE classid = '{catalog}'::regclass AND objid = {catalog}.oid AND deptype = 'e')"""
_OWNERS = f"""
SELECT current_user AS role, ARRAY(
    SELECT DISTINCT pg_get_userbyid(owner)::text FROM (
        SELECT relowner FROM pg_class
        WHERE relkind IN ('r', 'p', 'S') AND relnamespace = current_schema()::regnamespace
            AND {_OF_NO_EXTENSION.format(catalog="pg_class")}
        UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'import_staging'
    ) AS owned (owner)
    WHERE NOT pg_has_role(current_user, owner, 'USAGE') ORDER BY 1
) AS owners"""  # noqa: S608 - constants


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


_APPEND_ONLY = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = 'append_only' AND relnamespace = current_schema()::regnamespace"""

# A superuser may have created extensions and functions in the schema. The owner of the tables can't
# grant rights on them, and PostgreSQL refuses a GRANT on ALL TABLES or ALL FUNCTIONS.
_OF_ROLE = f"""{{schema}} = 'public'::regnamespace AND pg_has_role({{owner}}, 'USAGE')
AND {_OF_NO_EXTENSION}"""
_OBJECTS = f"""
SELECT CASE WHEN relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
    format('public.%I', relname) AS name
FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
AND {_OF_ROLE.format(schema="relnamespace", owner="relowner", catalog="pg_class")}
UNION ALL SELECT 'ROUTINE', oid::regprocedure::text FROM pg_proc
WHERE {_OF_ROLE.format(schema="pronamespace", owner="proowner", catalog="pg_proc")}
ORDER BY 1, 2"""  # noqa: S608 - constants

_SCHEMA = """
SELECT current_user AS grantor, has_schema_privilege($1::name, schema.oid, 'USAGE') AS is_usable,
    pg_has_role(nspowner, 'USAGE') OR has_schema_privilege(schema.oid, 'USAGE WITH GRANT OPTION')
        AS may_grant,
    pg_get_userbyid(CASE WHEN pg_get_userbyid(nspowner) = 'pg_database_owner' THEN datdba
        ELSE nspowner END) AS owner
FROM pg_namespace schema JOIN pg_database ON datname = current_database()
WHERE nspname = 'public'"""


async def grants(connection: asyncpg.Connection, role: str) -> str:
    """The SQL that grants a role the application's rights, without changes to append-only tables.

    The role owns no table, so it can't disable triggers. Run the SQL again after migrations. Raises
    `CommandError` if the role could use no table for lack of a right on their schema.
    """
    name = _quoted(role)
    names: dict[str, list[str]] = {"TABLE": [], "SEQUENCE": [], "ROUTINE": []}
    for row in await connection.fetch(_OBJECTS):
        names[row["kind"]].append(row["name"])
    append_only = ", ".join(_quoted(row["relname"]) for row in await connection.fetch(_APPEND_ONLY))
    rights = {"TABLE": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCE": "USAGE", "ROUTINE": "EXECUTE"}
    of_objects = "".join(
        f"GRANT {right} ON {kind} {', '.join(names[kind])} TO {name};\n"
        for kind, right in rights.items()
        if names[kind]
    )
    return f"""
        {await _use_of_schema(connection, role)}
        GRANT USAGE, CREATE ON SCHEMA import_staging TO {name};
        {of_objects}
        REVOKE UPDATE, DELETE ON {append_only} FROM {name};
        -- of registrations that were never confirmed; the trigger refuses all others
        GRANT DELETE ON "consent" TO {name};"""


async def _use_of_schema(connection: asyncpg.Connection, role: str) -> str:
    """The SQL that grants the use of the schema; "" if someone else has granted it."""
    (row,) = await connection.fetch(_SCHEMA, role)
    granting = f"GRANT USAGE ON SCHEMA public TO {_quoted(role)}"
    if row["may_grant"]:
        return f"{granting};"
    if not row["is_usable"]:
        raise CommandError(
            f"The role {role} may not use the schema public, and the role {row['grantor']} may not"
            f" grant this right. Run as {row['owner']}: {granting}"
        )
    return ""


def _quoted(name: str) -> str:
    return f'"{name.replace(chr(34), chr(34) * 2)}"'


async def grant(dsn: str, role: str) -> None:
    """Grant an existing role its rights. Raises `asyncpg.UndefinedObjectError` without the role."""
    connection = await connect(dsn)
    try:
        await connection.execute(await grants(connection, role))
    finally:
        await connection.close()

"""Refusals by PostgreSQL for lack of a right, as sentences that name the role and the next step."""

import shlex
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from asyncpg import InsufficientPrivilegeError

    from lk_graphql.database.owners import Ownership

Result = TypeVar("Result")


async def with_rights(dsn: str, work: Awaitable[Result], *, by_owner: bool = False) -> Result:
    """Await `work` on a database. Raises `CommandError` if the role at the DSN lacks a right."""
    from lk_graphql.database.owners import ownership

    try:
        return await work
    except CommandError:
        raise
    except Exception as error:
        if (refusal := _refusal(error)) is None:
            raise
        seen = await ownership(dsn)
        reason, _, _ = str(refusal).partition("\n")  # without PostgreSQL's details
        raise CommandError(
            f"The role {seen.role} lacks a right in the database: {reason}."
            f" {_next_step(seen, by_owner=by_owner)}"
        ) from error


def _refusal(error: BaseException | None) -> "InsufficientPrivilegeError | None":
    """The refusal that caused an error; Tortoise raises an error of its own from it."""
    from asyncpg import InsufficientPrivilegeError

    while error is not None and not isinstance(error, InsufficientPrivilegeError):
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return error


def _next_step(seen: "Ownership", *, by_owner: bool) -> str:
    if not seen.owners:  # it owns the tables, so the right is that of a superuser
        return "Run the command as a superuser, or have the right granted by one."
    if by_owner:
        return f"Run the command {seen.advice}"
    return f"Run lk migrate grant {shlex.quote(seen.role)} as {seen.holder}"

"""Whose personal data staff have looked at: the answer itself tells it.

    @reads(models.User, prefix="scu", owned_through=StaffOnly(Role.CLERK), looks_at="")

Every object of such a type leaves a mark in the answer of a plan, and in `Rows.looks` on the plain
path: no operation can show somebody without it. The marks are taken out before the answer leaves,
and noted before it does (`api.context.World.witness`).
"""

from typing import Any, NamedTuple, cast
from uuid import UUID

from tortoise import Model

from lk_graphql.planner.declare.sources import Declared
from lk_graphql.planner.declare.tables import end, field, meta

MARK = "(look)"
"""No GraphQL alias has parentheses: a mark can't be taken for a field."""


class Look(NamedTuple):
    """Whose data was shown: the table's name (`user`, `account`) and the row's key."""

    kind: str
    key: UUID


Looks = set[Look]


def mark(declared: Declared, row: str) -> str:
    """The mark's value in SQL, for the row that is called so there; empty without `looks_at`."""
    if declared.looks_at is None:
        return ""
    name = meta(declared.model).fields_db_projection[_column(declared)]
    return f"json_build_array('{_kind(declared)}', {row}.\"{name}\")"


def look(declared: Declared, row: Model) -> Look | None:
    """The same of a row that Tortoise has brought; None where it is about nobody."""
    if declared.looks_at is None:
        return None
    key: UUID | None = getattr(row, _column(declared))
    return key and Look(_kind(declared), key)


def taken(value: Any) -> Looks:
    """Take the marks out of a decoded answer."""
    found: Looks = set()
    _take(value, found)
    return found


def _take(value: Any, found: Looks) -> None:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            _take(item, found)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        kind, key = fields.pop(MARK, (None, None))
        if key is not None:
            found.add(Look(kind, UUID(key)))
        for inner in fields.values():
            _take(inner, found)


def _kind(declared: Declared) -> str:
    return meta(end(declared.model, declared.looks_at or "")).db_table


def _column(declared: Declared) -> str:
    """The field that holds the key: the row's own, or a foreign key's."""
    if not declared.looks_at:
        return meta(declared.model).pk_attr
    return str(field(declared.model, declared.looks_at).source_field)

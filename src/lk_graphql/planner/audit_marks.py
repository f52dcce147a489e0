"""Whose personal data staff have looked at: the answer itself tells it.

    @reads(models.User, prefix="scu", owned_through=StaffOnly(Role.CLERK), looks_at="")

Every object of such a type leaves a mark in the answer of a plan, and in `Rows.looks` on the plain
path: no operation can show somebody without it. The marks are taken out before the answer leaves,
and noted before it does (`api.context.World.witness`).
"""

from typing import Any, NamedTuple, cast
from uuid import UUID

from tortoise import Model

from lk_graphql.planner.declare.sources import TypeDeclaration
from lk_graphql.planner.declare.tables import field, meta, path_target

MARK = "(look)"
"""No GraphQL alias has parentheses: a mark can't be taken for a field."""


class DataAccess(NamedTuple):
    """Whose data was shown: the table's name (`user`, `account`) and the row's key."""

    kind: str
    key: UUID


DataAccesses = set[DataAccess]


def mark_sql(declared: TypeDeclaration, row: str) -> str:
    """The mark's value in SQL, for the row that is called so there; empty without `looks_at`."""
    if declared.audits is None:
        return ""
    name = meta(declared.model).fields_db_projection[_column(declared)]
    return f"json_build_array('{_kind(declared)}', {row}.\"{name}\")"


def access_of(declared: TypeDeclaration, row: Model) -> DataAccess | None:
    """The same of a row that Tortoise has brought; None where it is about nobody."""
    if declared.audits is None:
        return None
    key: UUID | None = getattr(row, _column(declared))
    return key and DataAccess(_kind(declared), key)


def extract_marks(value: Any) -> DataAccesses:
    """Take the marks out of a decoded answer."""
    found: DataAccesses = set()
    _extract(value, found)
    return found


def _extract(value: Any, found: DataAccesses) -> None:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            _extract(item, found)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        kind, key = fields.pop(MARK, (None, None))
        if key is not None:
            found.add(DataAccess(kind, UUID(key)))
        for inner in fields.values():
            _extract(inner, found)


def _kind(declared: TypeDeclaration) -> str:
    return meta(path_target(declared.model, declared.audits or "")).db_table


def _column(declared: TypeDeclaration) -> str:
    """The field that holds the key: the row's own, or a foreign key's."""
    if not declared.audits:
        return meta(declared.model).pk_attr
    return str(field(declared.model, declared.audits).source_field)

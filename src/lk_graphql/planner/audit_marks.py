"""Audit marks: values in a staff result that identify the persons whose data it contains.

    @reads(models.User, prefix="scu", owned_through=StaffOnly(Role.CLERK), audits="")

In a plan's result, each object of such a type has a mark. The resolver path collects the same
accesses in `RowReader.accesses`. `api.executor` removes the marks from the result and writes the
accesses to the audit log before it sends the result, so that no operation shows personal data
without a record.
"""

from typing import Any, NamedTuple, cast
from uuid import UUID

from tortoise import Model

from lk_graphql.planner.declare.sources import TypeDeclaration
from lk_graphql.planner.declare.tables import field, meta, path_target

MARK = "(audit)"
"""The response key of marks; GraphQL aliases have no parentheses."""


class DataAccess(NamedTuple):
    """A person whose data is in an answer: the table (`user`, `account`) and the row's key."""

    kind: str
    key: UUID


DataAccesses = set[DataAccess]


def mark_sql(declared: TypeDeclaration, row: str) -> str:
    """The SQL of a mark, for the row with the alias `row`; empty without `audits`."""
    if declared.audits is None:
        return ""
    name = meta(declared.model).fields_db_projection[_column(declared)]
    return f"json_build_array('{_kind(declared)}', {row}.\"{name}\")"


def access_of(declared: TypeDeclaration, row: Model) -> DataAccess | None:
    """The access to a model object; None if it holds no personal data."""
    if declared.audits is None:
        return None
    key: UUID | None = getattr(row, _column(declared))
    return key and DataAccess(_kind(declared), key)


def extract_marks(value: Any) -> DataAccesses:
    """Remove the marks from a decoded answer, and return them."""
    accesses: DataAccesses = set()
    _extract(value, accesses)
    return accesses


def _extract(value: Any, accesses: DataAccesses) -> None:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            _extract(item, accesses)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        kind, key = fields.pop(MARK, (None, None))
        if key is not None:
            accesses.add(DataAccess(kind, UUID(key)))
        for inner in fields.values():
            _extract(inner, accesses)


def _kind(declared: TypeDeclaration) -> str:
    return meta(path_target(declared.model, declared.audits or "")).db_table


def _column(declared: TypeDeclaration) -> str:
    """The field with the person's key: the row's primary key, or a foreign key."""
    if not declared.audits:
        return meta(declared.model).pk_attr
    return str(field(declared.model, declared.audits).source_field)

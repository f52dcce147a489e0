"""A query in one of its shapes, compiled: one statement, and what Python adds to its answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from sys import getsizeof
from typing import Any, cast

import orjson
from graphql.execution.values import VariableValues

from lk_graphql.planner.audit_marks import DataAccesses, extract_marks
from lk_graphql.planner.documents import Operation, PlanKey
from lk_graphql.planner.principal import NO_STAFF_SESSION
from lk_graphql.planner.selection import select_fields
from lk_graphql.planner.sql.roots import query
from lk_graphql.planner.sql.statement import Parameter, Patch
from lk_graphql.planner.sql.writer import SqlWriter


@dataclass(frozen=True)
class Plan:
    """One statement, what to bind to it, and what Python does to its answer."""

    sql: str
    parameters: tuple[Parameter, ...]
    patches: tuple[Patch, ...]
    marks_access: bool = False

    @cached_property
    def is_complete(self) -> bool:
        """Whether what the statement says is the answer, and Python has nothing to add."""
        return not self.patches and not self.marks_access

    @property
    def weight(self) -> int:
        """Bytes, about; a closure and what it holds take half a KiB."""
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + len(self.patches))

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """The values after $2; raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(self, data: bytes, known: Mapping[str, object], looks: DataAccesses) -> bytes:
        """Run the derived fields and gather the looks; without any, the bytes are the answer."""
        return apply_patches(data, self.patches, known, looks if self.marks_access else None)


def apply_patches(
    data: bytes, patches: Sequence[Patch], known: Mapping[str, object], looks: DataAccesses | None
) -> bytes:
    if not patches and looks is None:
        return data
    decoded = orjson.loads(data)
    if looks is not None:
        looks |= extract_marks(decoded)
    for patch in patches:
        *path, key = patch.path
        for target in _objects_at(decoded, path):
            if _matches_type(patch, target.get(key)):
                target[key] = patch.value(target[key], known)
    return orjson.dumps(decoded)


def compile_plan(
    operation: Operation, shape: PlanKey, session: str, staff_session: str = NO_STAFF_SESSION
) -> Plan:
    """Compile for one shape; raises `Unsupported`."""
    writer = SqlWriter()
    sql = query(writer, session, select_fields(operation, shape), staff_session)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access)


def _objects_at(value: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """All objects that a path of response keys leads to, through lists and past nulls."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _objects_at(item, path)
    elif isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        if path:
            yield from _objects_at(found.get(path[0]), path[1:])
        else:
            yield found


def _matches_type(patch: Patch, value: Any) -> bool:
    """Whether this object's type is the one that the patch is for: of a union, only some are."""
    return isinstance(value, list) and cast("list[Any]", value)[:1] == [patch.number]

"""Plans: compiled queries, each one SQL statement and the patches of its answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from sys import getsizeof
from typing import Any, cast

import orjson
from graphql.execution.values import VariableValues

from lk_graphql.kit.tracing import fingerprint
from lk_graphql.planner.audit_marks import DataAccesses, extract_marks
from lk_graphql.planner.documents import Operation, PlanKey
from lk_graphql.planner.principal import NO_STAFF_SESSION
from lk_graphql.planner.split import Split, split_fields
from lk_graphql.planner.sql.roots import query
from lk_graphql.planner.sql.statement import Parameter, Patch
from lk_graphql.planner.sql.writer import SqlWriter


@dataclass(frozen=True)
class Plan:
    """One statement, its bind parameters, and the patches of its answer.

    With a `split`, the statement reads only some of the query's root fields.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    patches: tuple[Patch, ...]
    marks_access: bool = False
    split: Split | None = None

    @cached_property
    def is_complete(self) -> bool:
        """True if the statement's JSON is the answer, without patches, marks or a split."""
        return not self.patches and not self.marks_access and self.split is None

    @cached_property
    def fingerprint(self) -> str:
        """The statement's name in logs and traces."""
        return fingerprint(self.sql)

    @property
    def weight(self) -> int:
        """Approximate size in bytes, with half a KiB for each closure."""
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + len(self.patches))

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """The values of $3 and the parameters after it. Raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(self, data: bytes, values: Mapping[str, object], accesses: DataAccesses) -> bytes:
        """Compute the derived fields, and move the audit marks into `accesses`."""
        return apply_patches(data, self.patches, values, accesses if self.marks_access else None)


def apply_patches(
    data: bytes,
    patches: Sequence[Patch],
    values: Mapping[str, object],
    accesses: DataAccesses | None,
) -> bytes:
    if not patches and accesses is None:
        return data
    decoded = orjson.loads(data)
    if accesses is not None:
        accesses |= extract_marks(decoded)
    for patch in patches:
        *path, key = patch.path
        for target in _objects_at(decoded, path):
            if _matches_type(patch, target.get(key)):
                target[key] = patch.value(target[key], values)
    return orjson.dumps(decoded)


def compile_plan(
    operation: Operation, plan_key: PlanKey, session: str, staff_session: str = NO_STAFF_SESSION
) -> Plan:
    """Compile the root fields that have a plan. Raises `Unsupported` if there is none."""
    fields, split = split_fields(operation, plan_key)
    writer = SqlWriter()
    writer.needs_staff = split is not None  # the resolvers of the other root fields may need it
    sql = query(writer, session, fields, staff_session)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access, split)


def _objects_at(value: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """All objects at a path of response keys, through lists, without nulls."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _objects_at(item, path)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if path:
            yield from _objects_at(fields.get(path[0]), path[1:])
        else:
            yield fields


def _matches_type(patch: Patch, value: Any) -> bool:
    """True if the object has the patch's type; objects of a union may have another."""
    return isinstance(value, list) and cast("list[Any]", value)[:1] == [patch.number]

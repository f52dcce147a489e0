"""Querysets of the resolver path: relations in batches, conditions, gates and order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import Model
from tortoise.expressions import Q, RawSQL

from lk_graphql.planner.declare.connections import PageRequest
from lk_graphql.planner.declare.filters import filter_values, spellings
from lk_graphql.planner.declare.sources import (
    KEY,
    Conditions,
    ExpressionSource,
    Filters,
    RowPolicy,
    TimeCondition,
    gate_of,
    policy_of,
)
from lk_graphql.planner.declare.tables import (
    attribute,
    column_field,
    field,
    path_target,
    python_value,
)
from lk_graphql.planner.principal import RequestInfo
from lk_graphql.planner.sql.conditions import total_order
from lk_graphql.planner.sql.cursors import CursorPosition, ordering
from lk_graphql.planner.sql.expressions import queryset_sql

Lookups = tuple[tuple[str, Any], ...]
Computed = tuple[tuple[str, tuple[str, ...]], ...]
"""SQL expressions over rows, each with the values that a row must have to match."""
_SUFFIXES = {
    "=": "",
    ">=": "__gte",
    "<=": "__lte",
    "IN": "__in",
    "WORDS": "__icontains",
    "IS SET": "__isnull",
}
_MANY = {"IN", "WORDS"}


def lookups(model: type[Model], filters: Filters, where: Any) -> Lookups:
    """A client's filters as Tortoise lookups. Raises `BadArgument`."""
    return tuple(
        (filter_.column + _SUFFIXES[filter_.test], _lookup_value(filter_.test, value))
        for filter_, value in filter_values(model, filters, where)
        if not filter_.sql
    )


def computed_filters(
    model: type[Model], filters: Filters, where: Any, request_info: RequestInfo, *, gated: bool
) -> Computed:
    """A client's filters by expressions, with the values of the request filled in."""
    return tuple(
        (
            queryset_sql(ExpressionSource(filter_.sql), model, request_info, gated=gated),
            tuple(value),
        )
        for filter_, value in filter_values(model, filters, where)
        if filter_.sql
    )


def _lookup_value(test: str, value: Any) -> Any:
    if test == "IS SET":
        return not value
    return tuple(value) if test in _MANY else value


def _all_of(where: Lookups, prefix: str = "") -> Q:
    """All lookups on the rows behind `prefix`; each word of a search must occur."""
    conditions = Q()
    for lookup, value in where:
        if not lookup.endswith("__icontains"):
            conditions &= Q(**{f"{prefix}{lookup}": value})
            continue
        for word in value:
            matches = (Q(**{f"{prefix}{lookup}": spelling}) for spelling in spellings(word))
            conditions &= Q(*matches, join_type=Q.OR)
    return conditions


@dataclass(frozen=True)
class RelationBatch:
    """The rows behind one relation, in one order, for a batch of rows of `model`.

    Without a relation, these are all rows of `model`.
    """

    model: type[Model]
    relation: str
    order_by: tuple[str, ...]
    conditions: Conditions
    now: datetime
    where: Lookups = ()
    """Tortoise's lookups on the target's columns, such as `period__gte`."""
    gated: bool = True
    computed: Computed = ()

    @property
    def target(self) -> type[Model]:
        return path_target(self.model, self.relation)

    def field_name(self, name: str) -> str:
        """The lookup of a field of the target in a queryset of `model`."""
        prefix = f"{self.relation}__" if self.relation else ""
        return f"{prefix}{attribute(self.target, name)}"

    async def keys(self, parents: list[UUID], beyond: Q | None = None) -> list[list[UUID]]:
        """The keys of each parent's rows, in their order."""
        if not self.relation:
            return [await self._all(beyond)] * len(parents)
        rows = (
            by_key(self.model, parents)
            .filter(beyond or Q(), **self._gates())
            .filter(**condition_lookups(self.conditions, self.field_name, self.now))
            .filter(_all_of(self.where, f"{self.relation}__"))
            .order_by(*order(self.order_by, self.field_name))
        )
        children_of: dict[UUID, dict[UUID, None]] = {parent: {} for parent in parents}
        policy = policy_of(self.target) if self.gated else None
        needs = map(self.field_name, policy.columns if policy else ())
        pairs = rows.values_list(attribute(self.model, KEY), self.field_name(KEY), *needs)
        for parent, child, *values in await pairs:
            # the outer join has a row for parents without children
            if child is not None and permits(self.target, policy, values):
                children_of[parent][child] = None
        hidden = await self._hidden(
            {child for children in children_of.values() for child in children}
        )
        return [
            [child for child in children if child not in hidden]
            for children in children_of.values()
        ]

    async def _hidden(self, keys: set[UUID]) -> set[UUID]:
        """The rows that a filter by an expression excludes."""
        hidden = set[UUID]()
        for sql, values in self.computed if keys else ():
            rows = by_key(self.target, keys).annotate(computed=RawSQL(sql))
            pairs = await rows.values_list(attribute(self.target, KEY), "computed")
            hidden |= {key for key, value in pairs if value not in values}
        return hidden

    def _gates(self) -> dict[str, object]:
        return gates(self.model, self.relation, start=True, now=self.now) if self.gated else {}

    async def _all(self, beyond: Q | None) -> list[UUID]:
        """The keys of all rows of the model."""
        rows = self.model.filter(
            beyond or Q(), **condition_lookups(self.conditions, self.field_name, self.now)
        )
        rows = rows.filter(_all_of(self.where)).order_by(*order(self.order_by, self.field_name))
        keys: Any = await rows.values_list(attribute(self.model, KEY), flat=True)
        return [*dict[UUID, None].fromkeys(keys)]  # a join repeats rows

    def beyond(self, by: str, request: PageRequest) -> Q:
        """The condition that a row is between the two cursors. Raises `BadArgument`."""
        name, is_descending = by.removeprefix("-"), by.startswith("-")
        forward, backward = ("lt", "gt") if is_descending else ("gt", "lt")
        list_ordering = ordering(field(self.target, name))
        conditions = Q()
        if request.after is not None:
            conditions &= self._side(name, list_ordering.position(request.after), forward)
        if request.before is not None:
            conditions &= self._side(name, list_ordering.position(request.before), backward)
        return conditions

    def _side(self, name: str, position: CursorPosition, operator: str) -> Q:
        value, key = self.field_name(name), self.field_name(KEY)
        beyond: dict[str, Any] = {f"{value}__{operator}": position.value}
        equal: dict[str, Any] = {value: position.value, f"{key}__{operator}": position.key}
        return Q(**beyond) | Q(**equal)


def permits(model: type[Model], policy: RowPolicy | None, values: Sequence[Any]) -> bool:
    """True if customers may see the row of `model` with these values of the policy's columns."""
    if policy is None:
        return True
    pairs = zip(policy.columns, values, strict=True)
    return policy.python(*(python_value(column_field(model, name), value) for name, value in pairs))


async def permitted(model: type[Model], query: Any) -> list[Any]:
    """The rows of a queryset that the model's policy shows to customers."""
    policy, rows = policy_of(model), await query
    if policy is None or not rows:
        return rows
    keys = by_key(model, [row.pk for row in rows])
    values = await keys.values_list(attribute(model, KEY), *policy.columns)
    visible = {key for key, *columns in values if permits(model, policy, columns)}
    return [row for row in rows if row.pk in visible]


def by_key(model: type[Model], keys: Iterable[UUID]) -> Any:
    return model.filter(pk__in=list(keys))


def gates(model: type[Model], path: str, *, start: bool, now: datetime) -> dict[str, object]:
    """The gates along a path, as lookups in a queryset of `model`."""
    steps = path.split("__")
    conditions: dict[str, object] = {}
    for length in range(0 if start else 1, len(steps)):
        relations = "__".join(steps[:length])
        prefix = f"{relations}__" if relations else ""
        conditions |= condition_lookups(gate_of(path_target(model, relations)), prefix.__add__, now)
    return conditions


def condition_lookups(
    conditions: Conditions, name_of: Callable[[str], str], now: datetime
) -> dict[str, object]:
    """Conditions as Tortoise lookups."""
    return dict(_filter(name_of(name), value, now) for name, value in conditions)


def _filter(name: str, value: object, now: datetime) -> tuple[str, object]:
    match value:
        case None:
            return f"{name}__isnull", True
        case TimeCondition.AFTER_NOW:
            return f"{name}__gt", now
        case TimeCondition.EVER:
            return f"{name}__isnull", False
        case _:
            return name, value


def order(by: tuple[str, ...], name_of: Callable[[str], str]) -> list[str]:
    return [
        ("-" if is_descending else "") + name_of(name) for name, is_descending in total_order(by)
    ]

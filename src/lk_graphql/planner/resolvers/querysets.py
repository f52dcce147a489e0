"""Tortoise querysets for the plain path: relations in batches, ownership and gates as filters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import Model
from tortoise.expressions import Q

from lk_graphql.planner.declare.connections import PageRequest
from lk_graphql.planner.declare.filters import filter_values
from lk_graphql.planner.declare.sources import KEY, Conditions, Filters, TimeCondition, gate_of
from lk_graphql.planner.declare.tables import attribute, field, path_target
from lk_graphql.planner.sql.conditions import total_order
from lk_graphql.planner.sql.cursors import CursorPosition, ordering

Lookups = tuple[tuple[str, Any], ...]
_SUFFIXES = {
    "=": "",
    ">=": "__gte",
    "<=": "__lte",
    "IN": "__in",
    "WORDS": "__icontains",
    "THERE": "__isnull",
}
_MANY = {"IN", "WORDS"}


def lookups(model: type[Model], filters: Filters, where: Any) -> Lookups:
    """A client's demands as Tortoise spells them; raises `BadArgument`."""
    return tuple(
        (one.column + _SUFFIXES[one.test], _lookup_value(one.test, value))
        for one, value in filter_values(model, filters, where)
    )


def _lookup_value(test: str, value: Any) -> Any:
    if test == "THERE":
        return not value
    return tuple(value) if test in _MANY else value


def _all_of(where: Lookups, way: str = "") -> Q:
    """The demands on rows that stand at the end of `way`: of words, each must occur."""
    found = Q()
    for lookup, value in where:
        each = value if lookup.endswith("__icontains") else (value,)
        for one in each:
            found &= Q(**{f"{way}{lookup}": one})
    return found


@dataclass(frozen=True)
class RelationBatch:
    """The rows behind one relation, in one order, for as many rows of `model` as want them.

    Without a relation: all rows of `model`.
    """

    model: type[Model]
    relation: str
    order_by: tuple[str, ...]
    only: Conditions
    now: datetime
    where: Lookups = ()
    """Tortoise's lookups on the target's columns, such as `period__gte`."""
    gated: bool = True

    @property
    def target(self) -> type[Model]:
        return path_target(self.model, self.relation)

    def named(self, name: str) -> str:
        """A field of the target, as a queryset of `model` spells it."""
        way = f"{self.relation}__" if self.relation else ""
        return f"{way}{attribute(self.target, name)}"

    async def keys(self, parents: list[UUID], beyond: Q | None = None) -> list[list[UUID]]:
        """For each parent the keys of its rows, in their order."""
        if not self.relation:
            return [await self._all(beyond)] * len(parents)
        rows = (
            by_key(self.model, parents)
            .filter(beyond or Q(), **self._gates())
            .filter(**condition_lookups(self.only, self.named, self.now))
            .filter(_all_of(self.where, f"{self.relation}__"))
            .order_by(*order(self.order_by, self.named))
        )
        found: dict[UUID, dict[UUID, None]] = {parent: {} for parent in parents}
        pairs = rows.values_list(attribute(self.model, KEY), self.named(KEY))
        for parent, child in await pairs:
            if child is not None:  # an outer join: a parent without rows is there too
                found[parent][child] = None
        return [list(children) for children in found.values()]

    def _gates(self) -> dict[str, object]:
        return gates(self.model, self.relation, start=True, now=self.now) if self.gated else {}

    async def _all(self, beyond: Q | None) -> list[UUID]:
        """The keys of all rows there are."""
        rows = self.model.filter(
            beyond or Q(), **condition_lookups(self.only, self.named, self.now)
        )
        rows = rows.filter(_all_of(self.where)).order_by(*order(self.order_by, self.named))
        keys: Any = await rows.values_list(attribute(self.model, KEY), flat=True)
        return [*dict[UUID, None].fromkeys(keys)]  # a row comes once for each that it matches by

    def beyond(self, by: str, window: PageRequest) -> Q:
        """The rows after one cursor and before the other; raises `BadArgument`."""
        name, falls = by.removeprefix("-"), by.startswith("-")
        kind = ordering(field(self.target, name))
        found = Q()
        if window.after is not None:
            found &= self._side(name, kind.position(window.after), "lt" if falls else "gt")
        if window.before is not None:
            found &= self._side(name, kind.position(window.before), "gt" if falls else "lt")
        return found

    def _side(self, name: str, place: CursorPosition, side: str) -> Q:
        value, key = self.named(name), self.named(KEY)
        beyond: dict[str, Any] = {f"{value}__{side}": place.value}
        level: dict[str, Any] = {value: place.value, f"{key}__{side}": place.key}
        return Q(**beyond) | Q(**level)


def by_key(model: type[Model], keys: Iterable[UUID]) -> Any:
    return model.filter(pk__in=list(keys))


def gates(model: type[Model], path: str, *, start: bool, now: datetime) -> dict[str, object]:
    """The gates of the rows on the way, as a queryset of `model` spells them."""
    steps = path.split("__")
    found: dict[str, object] = {}
    for length in range(0 if start else 1, len(steps)):
        way = "__".join(steps[:length])
        front = f"{way}__" if way else ""
        found |= condition_lookups(gate_of(path_target(model, way)), front.__add__, now)
    return found


def condition_lookups(
    only: Conditions, named: Callable[[str], str], now: datetime
) -> dict[str, object]:
    """Conditions as a queryset takes them."""
    return dict(_filter(named(name), value, now) for name, value in only)


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


def order(by: tuple[str, ...], named: Callable[[str], str]) -> list[str]:
    return [("-" if falls else "") + named(name) for name, falls in total_order(by)]

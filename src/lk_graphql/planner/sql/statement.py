"""Building blocks of a statement: scopes, patches, and JSON subqueries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from graphql.execution.values import VariableValues
from tortoise import Model

from lk_graphql.kit.viewer import Role
from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.declare.sources import DerivedSource, gate_of
from lk_graphql.planner.declare.tables import JoinStep, column, join_steps, table
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql.conditions import join_condition

MAX_NAME_LENGTH = 63  # PostgreSQL truncates longer aliases with only a notice
ROW = '"json row"'  # GraphQL aliases have no spaces, so no column has this name

ValueReader = Callable[[Any], object]
"""Converts a JSON value of the answer to Python."""
Parameter = Callable[[VariableValues, date], object]
"""Computes the value to bind from the variables and the current day in the company's zone."""


@dataclass(frozen=True)
class Patch:
    """A derived field, to be computed in Python.

    In the result's JSON, an array at `path` that starts with `number` holds the function's
    arguments. The function's result replaces the array. The readers in `columns` convert the
    arguments, `write` serializes the result.
    """

    number: int
    path: tuple[str, ...]
    source: DerivedSource
    columns: tuple[tuple[str, ValueReader], ...]
    write: Callable[[Any], object]

    def value(self, array: list[Any], values: Mapping[str, object]) -> object:
        arguments = dict(values)
        for (name, reader), value in zip(self.columns, array[1:], strict=True):
            arguments[name] = reader(value)
        result = self.source.python(**{name: arguments[name] for name in self.source.needs})
        return None if result is None else self.write(result)


@dataclass(frozen=True)
class Scope:
    """A row of `model` in the statement, at `path` of the answer.

    Gates and policies apply to customers, for instance to hide ended links. Staff types aren't
    `gated`. `parent` holds the step from the parent row to this one, and the parent's scope.
    """

    alias: str
    model: type[Model]
    path: tuple[str, ...]
    gated: bool = True
    parent: "tuple[JoinStep, Scope] | None" = None

    def value(self, name: str) -> str:
        """A column for an expression, taken from the parent if it has the same value there.

        PostgreSQL evaluates a subquery over the parent's columns only once for all rows of a list.
        """
        return self.column(name) if "__" in name else self._near(column(self.model, name))

    def _near(self, own: str) -> str:
        if self.parent is not None:
            step, row = self.parent
            if step.link is None and step.far == own:
                return f"{row.alias}.{step.near}"
        return f"{self.alias}.{own}"

    def column(self, name: str) -> str:
        """A column of the row, or one behind a path of to-one relations, `account__number`.

        A path that leads back to the parent row takes the parent's column.
        """
        relations, _, last = name.rpartition("__")
        if not relations:
            return f"{self.alias}.{column(self.model, name)}"
        path = join_steps(self.model, relations)
        if self.parent is not None and self._leads_back(path[0]):
            return self.parent[1].column(name.partition("__")[2])
        alias = f"{self.alias}_{relations}".replace('"', "")
        value = f"{alias}.{column(path[-1].target, last)}"
        near = self._near(path[0].near)
        condition = join_condition(path, alias, self.alias, gated=self.gated, near=near)
        return f"(SELECT {value} FROM {table(path[-1].target)} {alias} WHERE {condition})"

    def _leads_back(self, step: JoinStep) -> bool:
        is_gated = self.gated and bool(gate_of(self.model))
        return self.parent is not None and step.key == self.parent[0].reverse_key and not is_gated

    def inside(self, key: str) -> "Scope":
        """The same row, one response key deeper."""
        return replace(self, path=(*self.path, key))

    def child(self, alias: str, relation: str, key: str) -> "tuple[Scope, str]":
        """The scope of the rows behind a relation, and the condition that joins them."""
        path = join_steps(self.model, relation)
        parent = (path[0], self) if len(path) == 1 else None
        scope = Scope(alias, path[-1].target, (*self.path, key), self.gated, parent)
        return scope, join_condition(path, alias, self.alias, gated=self.gated)


class SqlContext(Protocol):
    """The part of `SqlWriter` that the modules for pages and filters use."""

    def alias(self) -> str: ...
    def bind(self, argument: Argument, convert: Callable[[Any], object], sql_type: str) -> str: ...
    def columns(self, variant: Variant, scope: Scope) -> str: ...
    def staff(self, role: Role) -> str: ...
    def expression(self, sql: str, scope: Scope) -> str: ...


def select_list(fields: Iterable[SelectedField], value: Callable[[SelectedField], str]) -> str:
    """The columns of a SELECT, each under its field's response key."""
    return ", ".join(f'{_typename(f) or value(f)} AS "{_name(f)}"' for f in fields)


def json_object(select: str) -> str:
    """The single row of a SELECT as a JSON object; NULL if there is none."""
    return f"(SELECT row_to_json({ROW}) FROM ({select}) {ROW})"


def json_list(select: str) -> str:
    """The rows of a SELECT as a JSON array of objects, in their order."""
    return f"(SELECT coalesce(json_agg({ROW}), '[]') FROM ({select}) {ROW})"


def _typename(field: SelectedField) -> str:
    return f"'{field.type.name}'" if field.name == "__typename" else ""


def _name(field: SelectedField) -> str:
    if len(field.key) > MAX_NAME_LENGTH:
        raise Unsupported("an alias that PostgreSQL would truncate")
    return field.key

"""The pieces that a statement is put together from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from graphql.execution.values import VariableValues
from tortoise import Model

from lk_graphql.kit.viewer import Role
from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.declare.sources import DerivedSource
from lk_graphql.planner.declare.tables import column, join_steps, table
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql.conditions import join_condition

MAX_NAME_LENGTH = 63  # PostgreSQL cuts a longer alias without a word
ROW = '"json row"'  # no GraphQL alias has a space: a column can't be taken for the row

ValueReader = Callable[[Any], object]
"""Brings a value of the answer's JSON to Python."""
Parameter = Callable[[VariableValues, date], object]
"""Finds the value to bind, from the client's variables and the company's day."""


@dataclass(frozen=True)
class Patch:
    """A field that Python finishes.

    Wherever the answer has an array that starts with `number` at `path`, the rest of the array
    are the columns that the function needs, each to be brought to Python by its reader.
    `write` puts the function's result in the GraphQL type's form.
    """

    number: int
    path: tuple[str, ...]
    source: DerivedSource
    columns: tuple[tuple[str, ValueReader], ...]
    write: Callable[[Any], object]

    def value(self, array: list[Any], values: Mapping[str, object]) -> object:
        found = dict(values)
        for (name, read), value in zip(self.columns, array[1:], strict=True):
            found[name] = read(value)
        result = self.source.python(**{name: found[name] for name in self.source.needs})
        return None if result is None else self.write(result)


@dataclass(frozen=True)
class Scope:
    """Where in the statement we are: a row of `model`, shown at `path` of the answer.

    Gates keep customers from what an ended link leads to; staff, who decide about it, pass them.
    """

    alias: str
    model: type[Model]
    path: tuple[str, ...]
    gated: bool = True

    def column(self, name: str) -> str:
        """A column of the row, or one behind a path of to-one relations, `account__number`."""
        way, _, last = name.rpartition("__")
        if not way:
            return f"{self.alias}.{column(self.model, name)}"
        path, there = join_steps(self.model, way), f"{self.alias}_{way}".replace('"', "")
        value = f"{there}.{column(path[-1].target, last)}"
        found = join_condition(path, there, self.alias, gated=self.gated)
        return f"(SELECT {value} FROM {table(path[-1].target)} {there} WHERE {found})"

    def inside(self, key: str) -> "Scope":
        """The same row, one response key further in."""
        return replace(self, path=(*self.path, key))

    def child(self, alias: str, relation: str, key: str) -> "tuple[Scope, str]":
        """The scope of the rows behind a relation, and the condition that finds them."""
        path = join_steps(self.model, relation)
        there = Scope(alias, path[-1].target, (*self.path, key), self.gated)
        return there, join_condition(path, alias, self.alias, gated=self.gated)


class SqlContext(Protocol):
    """What those who write a part of a statement need of the one who writes the rest."""

    def alias(self) -> str: ...
    def bind(self, argument: Argument, convert: Callable[[Any], object], sql_type: str) -> str: ...
    def columns(self, variant: Variant, scope: Scope) -> str: ...
    def staff(self, role: Role) -> str: ...


def select_list(fields: Iterable[SelectedField], value: Callable[[SelectedField], str]) -> str:
    """Each field under its response key."""
    return ", ".join(f'{_typename(f) or value(f)} AS "{_name(f)}"' for f in fields)


def json_object(select: str) -> str:
    """The one row of a SELECT as an object; NULL if there is none."""
    return f"(SELECT row_to_json({ROW}) FROM ({select}) {ROW})"


def json_list(select: str) -> str:
    """The rows of a SELECT as an array of objects, in their order."""
    return f"(SELECT coalesce(json_agg({ROW}), '[]') FROM ({select}) {ROW})"


def _typename(field: SelectedField) -> str:
    return f"'{field.type.name}'" if field.name == "__typename" else ""


def _name(field: SelectedField) -> str:
    if len(field.key) > MAX_NAME_LENGTH:
        raise Unsupported("an alias that PostgreSQL would cut")
    return field.key

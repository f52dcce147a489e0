"""How tables hang together, told by Tortoise's `_meta` once the models are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from tortoise import Model
from tortoise.fields import DecimalField
from tortoise.fields.relational import (
    BackwardFKRelation,
    BackwardOneToOneRelation,
    ForeignKeyFieldInstance,
    ManyToManyFieldInstance,
)

from lk_graphql.planner.declare.sources import KEY
from lk_graphql.planner.principal import PLACEHOLDERS

Models = type[Model]


class ModelMeta(Protocol):
    """All that we use of Tortoise's `_meta`."""

    db_table: str
    db_pk_column: str
    pk_attr: str
    fields_map: Mapping[str, Any]
    fields_db_projection: Mapping[str, str]
    fields_db_projection_reverse: Mapping[str, str]


def meta(model: Models) -> ModelMeta:
    """Tortoise's description of a model: private by name, the only one there is."""
    known: Any = model
    return known._meta  # noqa: SLF001 - Tortoise has no public access to a model's fields


def table(model: Models) -> str:
    return f'"{meta(model).db_table}"'


def field(model: Models, name: str) -> Any:
    """Tortoise's own field object."""
    return meta(model).fields_map[meta(model).pk_attr if name == KEY else name]


def column(model: Models, name: str) -> str:
    """The database's name for a Tortoise field, quoted."""
    known = meta(model)
    return f'"{known.db_pk_column if name == KEY else known.fields_db_projection[name]}"'


def attribute(model: Models, name: str) -> str:
    """Tortoise's name for a field, for querysets and rows."""
    return meta(model).pk_attr if name == KEY else name


def column_field(model: Models, name: str) -> Any:
    """Tortoise's field object for a column of the row, or of one behind to-one relations."""
    way, _, last = name.rpartition("__")
    return field(path_target(model, way), last)


def python_value(field: Any, value: object) -> object:
    """A column's value as functions of declarations get it.

    Tortoise takes the zeros off a decimal's end, the database keeps them: so do we.
    """
    if isinstance(field, DecimalField) and value is not None:
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places))
    return field.to_python_value(value)


@dataclass(frozen=True)
class JoinStep:
    """One step from a row to the rows of `target` whose `far` column equals its `near`.

    With a link table, `far` is the target's key and `link` holds (table, near's column,
    far's column). `to_one` says that there is at most one row.
    """

    origin: Models
    target: Models
    near: str
    far: str
    to_one: bool
    link: tuple[str, str, str] | None = None

    def condition(self, alias: str, near: str) -> str:
        """That the row `alias` is where the hop from the value `near` ends."""
        if self.link is None:
            return f"{alias}.{self.far} = {near}"
        through, mine, theirs = self.link
        return f"{alias}.{self.far} IN (SELECT {theirs} FROM {through} WHERE {mine} = {near})"

    @property
    def key(self) -> tuple[str, ...]:
        """What makes a hop the same hop, wherever its name comes from."""
        link = self.link or ("", "", "")
        return (table(self.origin), self.near, *link, self.far, table(self.target))

    @property
    def reverse_key(self) -> tuple[str, ...]:
        through, mine, theirs = self.link or ("", "", "")
        link = (through, theirs, mine)
        return (table(self.target), self.far, *link, self.near, table(self.origin))


def join_step(model: Models, relation: str) -> JoinStep:
    """How the rows behind a Tortoise relation are found; raises TypeError if it is none."""
    found = meta(model).fields_map.get(relation)
    target: Models = getattr(found, "related_model", model)
    mine = column(model, KEY)
    match found:
        case ForeignKeyFieldInstance():
            near = column(model, str(found.source_field))
            return JoinStep(model, target, near, column(target, KEY), to_one=True)
        case BackwardFKRelation():
            to_one = isinstance(found, BackwardOneToOneRelation)
            return JoinStep(model, target, mine, column(target, found.relation_field), to_one)
        case ManyToManyFieldInstance():
            link = (f'"{found.through}"', f'"{found.backward_key}"', f'"{found.forward_key}"')
            return JoinStep(model, target, mine, column(target, KEY), to_one=False, link=link)
        case _:
            raise TypeError(f"{model.__name__}.{relation} is not a relation")


def foreign_keys(model: Models) -> set[Models]:
    """The models that the rows of this one point at."""
    names = [n for n, f in meta(model).fields_map.items() if isinstance(f, ForeignKeyFieldInstance)]
    return {join_step(model, name).target for name in names}


@cache
def join_steps(model: Models, path: str) -> tuple[JoinStep, ...]:
    """The hops of a path such as `links__account`; none for the empty path."""
    found: list[JoinStep] = []
    for step in filter(None, path.split("__")):
        found.append(join_step(found[-1].target if found else model, step))
    return tuple(found)


def path_target(model: Models, path: str) -> Models:
    """The model that a path leads to."""
    return ([h.target for h in join_steps(model, path)] or [model])[-1]


def is_column(model: Models, name: str) -> bool:
    """Whether a declaration's name is a column, of the row or of one behind to-one relations.

    What the `Occasion` offers comes first, so that its names mean the same everywhere.
    """
    way, _, last = name.rpartition("__")
    if name in PLACEHOLDERS:
        return False
    try:
        return last == KEY or last in meta(path_target(model, way)).fields_db_projection
    except TypeError:
        return False

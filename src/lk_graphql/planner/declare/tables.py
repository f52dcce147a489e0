"""Tables, columns and joins, from the metadata of Tortoise's models once they are open."""

from collections.abc import Mapping, Sequence
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
    """The attributes of Tortoise's `_meta` that the planner uses."""

    db_table: str
    db_pk_column: str
    pk_attr: str
    fields_map: Mapping[str, Any]
    fields_db_projection: Mapping[str, str]
    fields_db_projection_reverse: Mapping[str, str]
    unique_together: Sequence[Sequence[str]]


def meta(model: Models) -> ModelMeta:
    """Tortoise's metadata of a model."""
    tortoise_model: Any = model
    return tortoise_model._meta  # noqa: SLF001 - Tortoise has no public access to a model's fields


def table(model: Models) -> str:
    return f'"{meta(model).db_table}"'


def field(model: Models, name: str) -> Any:
    """Tortoise's field object."""
    return meta(model).fields_map[meta(model).pk_attr if name == KEY else name]


def column(model: Models, name: str) -> str:
    """The quoted column name of a Tortoise field."""
    model_meta = meta(model)
    return f'"{model_meta.db_pk_column if name == KEY else model_meta.fields_db_projection[name]}"'


@cache
def unique_columns(model: Models) -> tuple[frozenset[str], ...]:
    """The sets of quoted columns that are unique together and never null."""
    fields = meta(model).fields_map
    singles = [(name,) for name in meta(model).fields_db_projection if fields[name].unique]
    return tuple(
        frozenset(_own_column(model, name) for name in names)
        for names in (*singles, *meta(model).unique_together)
        if not any(fields[name].null for name in names)
    )


def _own_column(model: Models, name: str) -> str:
    """The quoted column of a field, or of a foreign key by its relation's name."""
    own_field = meta(model).fields_map[name]
    is_relation = isinstance(own_field, ForeignKeyFieldInstance)
    return column(model, str(own_field.source_field) if is_relation else name)


def attribute(model: Models, name: str) -> str:
    """The attribute name of a field, for querysets and rows."""
    return meta(model).pk_attr if name == KEY else name


def column_field(model: Models, name: str) -> Any:
    """Tortoise's field object for a column of the row, or of one behind to-one relations."""
    relations, _, last = name.rpartition("__")
    return field(path_target(model, relations), last)


def python_value(field: Any, value: object) -> object:
    """A column's value as it is passed to the functions of declarations.

    Tortoise drops the trailing zeros of a decimal, which PostgreSQL keeps. They are restored here.
    """
    if isinstance(field, DecimalField) and value is not None:
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places))
    return field.to_python_value(value)


@dataclass(frozen=True)
class JoinStep:
    """One step from a row to the rows of `target` whose `far` column equals its `near`.

    With a link table, `far` is the target's key and `link` holds (table, near's column,
    far's column). With `to_one` there is at most one row.
    """

    origin: Models
    target: Models
    near: str
    far: str
    to_one: bool
    link: tuple[str, str, str] | None = None

    def condition(self, alias: str, near: str) -> str:
        """The condition that joins the row `alias` to the value `near`."""
        if self.link is None:
            return f"{alias}.{self.far} = {near}"
        through, origin_key, target_key = self.link
        rows = f"SELECT {target_key} FROM {through} WHERE {origin_key} = {near}"
        return f"{alias}.{self.far} IN ({rows})"

    @property
    def key(self) -> tuple[str, ...]:
        """A key that is equal for all steps over the same columns, whatever the relation's name."""
        link = self.link or ("", "", "")
        return (table(self.origin), self.near, *link, self.far, table(self.target))

    @property
    def reverse_key(self) -> tuple[str, ...]:
        through, origin_key, target_key = self.link or ("", "", "")
        link = (through, target_key, origin_key)
        return (table(self.target), self.far, *link, self.near, table(self.origin))


def join_step(model: Models, relation: str) -> JoinStep:
    """The step to the rows behind a Tortoise relation. Raises TypeError if it is none."""
    tortoise_field = meta(model).fields_map.get(relation)
    target: Models = getattr(tortoise_field, "related_model", model)
    key = column(model, KEY)
    match tortoise_field:
        case ForeignKeyFieldInstance():
            near = _own_column(model, relation)
            return JoinStep(model, target, near, column(target, KEY), to_one=True)
        case BackwardFKRelation():
            to_one = isinstance(tortoise_field, BackwardOneToOneRelation)
            return JoinStep(
                model, target, key, column(target, tortoise_field.relation_field), to_one
            )
        case ManyToManyFieldInstance():
            link = (
                f'"{tortoise_field.through}"',
                f'"{tortoise_field.backward_key}"',
                f'"{tortoise_field.forward_key}"',
            )
            return JoinStep(model, target, key, column(target, KEY), to_one=False, link=link)
        case _:
            raise TypeError(f"{model.__name__}.{relation} is not a relation")


def foreign_keys(model: Models) -> set[Models]:
    """The models that this one references."""
    names = [n for n, f in meta(model).fields_map.items() if isinstance(f, ForeignKeyFieldInstance)]
    return {join_step(model, name).target for name in names}


@cache
def join_steps(model: Models, path: str) -> tuple[JoinStep, ...]:
    """The steps of a path such as `links__account`; none for the empty path."""
    steps: list[JoinStep] = []
    for name in filter(None, path.split("__")):
        steps.append(join_step(steps[-1].target if steps else model, name))
    return tuple(steps)


def path_target(model: Models, path: str) -> Models:
    """The model at the end of a path."""
    return ([step.target for step in join_steps(model, path)] or [model])[-1]


def is_column(model: Models, name: str) -> bool:
    """True if a name in a declaration is a column, of the row or of one behind to-one relations.

    The names of `RequestInfo.values` never count as columns, so their meaning never depends on the
    model.
    """
    relations, _, last = name.rpartition("__")
    if name in PLACEHOLDERS:
        return False
    try:
        return last == KEY or last in meta(path_target(model, relations)).fields_db_projection
    except TypeError:
        return False

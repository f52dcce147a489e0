"""The words in which a slice says where its GraphQL fields come from.

    @reads(models.Invoice, prefix="inv", owned_through="account__links__user")
    class Invoice(Node):
        '''A bill for one account and one month («счёт»).'''

        period: Period = column("The month that is billed.")
        total: Money = column("To pay for the month.", of="closing_balance")
        account: Account = related("Whose bill it is.")

The annotation is the GraphQL type, the docstring and the first argument of a word are its
descriptions. The attribute's name is the column's or the relation's; `of` says otherwise. A slice
names no table and no key: Tortoise's models know them. Paths are spelled as in its querysets.
"""

# ruff: noqa: B009, B010 - classes get and keep attributes that their types don't know

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from inspect import cleandoc
from typing import Any, TypeVar

import strawberry
from strawberry.types import get_object_definition
from tortoise import Model

from lk_graphql.reads import sources, tables
from lk_graphql.reads.filters import filters_of
from lk_graphql.reads.plain import resolver
from lk_graphql.reads.rows import Item
from lk_graphql.reads.sources import PUBLIC, Declared, Moment, Source, conditions

__all__ = [
    "AFTER_NOW", "PUBLIC", "Node", "Query", "across", "by_id", "by_ids", "choices", "column",
    "derived", "expression", "extends", "gate", "latest", "listed", "one_of", "pages", "part",
    "reads", "recent", "related", "root", "signed_in",
]  # fmt: skip

Class = TypeVar("Class", bound=type[Any])
Choices = TypeVar("Choices", bound=type[Enum])
Only = Mapping[str, object] | None
"""Conditions on rows, all of them: `{"ended_at": None, "expires_at": AFTER_NOW}`."""
AFTER_NOW = Moment.AFTER_NOW
ID = "Opaque; good for `node(id:)`."
EXTENDED: set[type[Any]] = set()
"""The types that `extends` has added fields to."""


@dataclass(frozen=True)
class Word:
    """A field as a slice wrote it; its source may need the attribute's name."""

    description: str
    source: Callable[[str], Source]
    filters: type[Any] | None = None


@strawberry.interface(description="An object with an id.")
class Node:
    id: strawberry.ID = strawberry.field(description=ID)

    @classmethod
    def is_type_of(cls, item: Item, _info: object) -> bool:
        return item.declared is declared(cls)


def column(description: str, *, of: str = "") -> Any:
    """A column, of the row or of one behind to-one relations: `of="account__number"`."""
    return Word(description, lambda name: sources.Column(of or name))


def derived(description: str, python: Callable[..., object]) -> Any:
    """A Python function, run only for those who ask.

    Its parameters name columns (also `account__number`), or `viewer`, `session` (keys or None),
    `now`, `today`, `language`, or what the app lends to the `Reader` as `extras`.
    """
    return Word(description, lambda _: sources.Derived(python))


def expression(description: str, *, sql: str, python: Callable[..., object] | None = None) -> Any:
    """SQL over `{column}`s, `{viewer}`, `{session}`, `{now}` and `{today}`, the company's day.

    `python` is its twin: a function whose parameters name the same things. Give one whenever
    the row is enough for it: then the two paths check each other.
    """
    return Word(description, lambda _: sources.Expression(sql, python))


def across(description: str, *, of: str, sql: str, where: str = "") -> Any:
    """An aggregate over the relation `of`: `sql="count(*)", where="{read_at} IS NULL"`.

    The braces name columns of the related rows, and what expressions may name besides. Rows
    that don't pass their model's gate don't count.
    """
    return Word(description, lambda _: sources.Across(of, sql, where))


def part(description: str) -> Any:
    """Columns of the same row that belong together, as a type of their own."""
    return Word(description, lambda _: sources.Part())


def related(
    description: str,
    *,
    of: str = "",
    order_by: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """What a path of relations leads to, one or many as the annotation says.

    `only` are conditions on the rows: `{"until": None}`; `filters` (see there) is what clients
    may demand of them besides. Where the path may leave what the
    viewer owns, the schema is refused unless `because` argues why that is safe.
    """
    order, wanted = (order_by,) if order_by else (), conditions(only)

    def source(name: str) -> Source:
        return sources.Related(
            of or name, order, only=wanted, because=because, filters=filters_of(filters)
        )

    return Word(description, source, filters)


def latest(description: str, *, of: str, by: str, only: Only = None, because: str = "") -> Any:
    """The newest row of the relation `of`; null before the first."""
    source = sources.Related(of, (f"-{by}",), 1, only=conditions(only), because=because)
    return Word(description, lambda _: source)


def recent(  # noqa: PLR0913 - a declaration's words, all but one by keyword
    description: str,
    *,
    by: str,
    last: int,
    of: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """The newest rows of a relation; clients say how many by `last`, or get as many as here."""
    order, wanted = (f"-{by}",), conditions(only)

    def source(name: str) -> Source:
        return sources.Related(of or name, order, last, True, wanted, because, filters_of(filters))

    return Word(description, source, filters)


def pages(
    description: str,
    *,
    by: str,
    of: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """A relation that grows, as a keyset connection; `by="-taken_on"` puts the newest first.

    The column may not be null; the key decides between equals.
    """
    wanted = conditions(only)
    known = filters_of(filters)
    return Word(
        description, lambda name: sources.Pages(of or name, by, wanted, because, known), filters
    )


def one_of(description: str, *relations: str, because: str = "") -> Any:
    """What the first of these foreign keys leads to that isn't null: a union of types."""
    return Word(description, lambda _: sources.OneOf(relations, because))


def by_id(description: str) -> Any:
    """The object that the argument `id` names, if it is the viewer's."""
    return Word(description, lambda _: sources.ById())


def by_ids(description: str) -> Any:
    """The objects that the argument `ids` names, in its order."""
    return Word(description, lambda _: sources.ByIds())


def signed_in(description: str) -> Any:
    """The viewer's own row; null for a guest."""
    return Word(description, lambda _: sources.SignedIn())


def listed(description: str, *, order_by: str, only: Only = None) -> Any:
    """All rows of a type that is `PUBLIC`: a short, closed list."""
    return Word(description, lambda _: sources.Listed((order_by,), conditions(only)))


def gate(model: type[Model], **only: object) -> None:
    """Say which rows of a model lead on: `gate(models.AccountLink, state="ACTIVE")`.

    A row that doesn't match may be shown, but no path leads through it: not from the viewer to
    what they own, not from one object to another, and it counts in no aggregate.
    """
    tables.set_gate(model, conditions(only))


def choices(cls: Choices, description: str, **values: str) -> Choices:
    """Declare an enum and describe each of its values; raises TypeError if one is left out.

    A type that shows the enum may be declared before: Strawberry has made a definition then, and
    a second one would be a duplicate in the schema. So there is one, and it is described here.
    """
    if set(values) != set(cls.__members__):
        raise TypeError(f"{cls.__name__}: describe {set(values) ^ set(cls.__members__)}")
    if any(member.value != name for name, member in cls.__members__.items()):
        raise TypeError(f"{cls.__name__}: names and stored values must be the same")
    if not hasattr(cls, "__strawberry_definition__"):
        strawberry.enum(cls)
    definition: Any = getattr(cls, "__strawberry_definition__")
    definition.description = description
    for value in definition.values:
        value.description = values[value.name]
    return cls


def reads(
    model: type[Model], *, prefix: str = "", owned_through: str | None = None
) -> Callable[[Class], Class]:
    """Declare a GraphQL type over a model.

    A `Node` must also say its id's prefix and, as a Tortoise path to the user's model, whose it
    is (`""` for the user's own row, `PUBLIC` for everybody's): without that `node(id:)` would
    hand it to anybody. A type without it is part of the row it hangs on.
    """

    def declare(cls: Class) -> Class:
        if issubclass(cls, Node):
            if not prefix or owned_through is None:
                raise TypeError(f"{cls.__name__} is a Node: say its prefix and owned_through")
            cls.__annotations__["id"] = strawberry.ID
            setattr(cls, "id", Word(ID, lambda _: sources.Identity(prefix)))
        setattr(cls, "__reads__", Declared(model, prefix, owned_through))
        return _to_strawberry(cls)

    return declare


def root(cls: Class) -> Class:
    """Declare a type that stands over no row: where queries start."""
    return _to_strawberry(cls)


def extends(target: type[Any]) -> Callable[[Class], Class]:
    """Add the fields of this class to a type of another slice, which needn't know."""

    def extend(cls: Class) -> Class:
        theirs, ours = (
            get_object_definition(c, strict=True) for c in (target, _to_strawberry(cls))
        )
        if twice := {f.name for f in theirs.fields} & {f.name for f in ours.fields}:
            raise TypeError(f"{target.__name__} already has {twice}")
        theirs.fields.extend(ours.fields)  # Strawberry reads the list when it builds the schema
        EXTENDED.add(target)
        return cls

    return extend


def declared(cls: type[Any]) -> Declared:
    return getattr(cls, "__reads__")


def _to_strawberry(cls: Class) -> Class:
    if not cls.__doc__:
        raise TypeError(f"{cls.__name__} needs a docstring: it is the type's description")
    for name, word in list(vars(cls).items()):
        if isinstance(word, Word):
            setattr(cls, name, _field(word.source(name), word))
    return strawberry.type(cls, description=cleandoc(cls.__doc__))


def _field(source: Source, word: Word) -> Any:
    return strawberry.field(
        resolver=resolver(source, word.filters),
        metadata={"source": source},
        description=word.description,
    )


@root
class Query:
    """Where every query starts."""

    node: Node | None = by_id("An object by its id; null if there is none or it isn't yours.")
    nodes: list[Node | None] = by_ids(
        "Objects in the order of their ids; null for those that `node` wouldn't show."
    )

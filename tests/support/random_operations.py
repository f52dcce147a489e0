"""Random valid operations of a schema; equal seeds give equal operations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLSchema,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

from lk_graphql.planner.untyped import get_named_type, get_nullable_type, type_of

COUNTS = (*range(1, 10), *range(1, 10), *range(1, 10), 20, 100, -1, 0, 101)
SIZES = (1, 1, 1, 2, 2, 3)
Pools = Mapping[str, Sequence[object]]
COUNTED = ("first", "last")


class Choice(str):
    """A value of an enum."""

    __slots__ = ()


@dataclass
class OperationGenerator:
    """Generates one operation."""

    random: Random
    schema: GraphQLSchema
    pools: Pools
    deep: tuple[tuple[str, str], ...]
    roots: Collection[str]
    definitions: list[str] = field(default_factory=list[str])
    values: dict[str, object] = field(default_factory=dict[str, object])
    fragments: list[str] = field(default_factory=list[str])
    keys: dict[str, str] = field(default_factory=dict[str, str])

    def operation(self) -> tuple[str, dict[str, object]]:
        assert self.schema.query_type
        rest = self.selection(self.schema.query_type, depth=6)
        parts = [rest[1:-1]]
        for text, type_ in self.deep:
            if self.random.choice([True, False]):
                parts.append(text.replace("{}", self.selection(self.schema.type_map[type_], 3)))
        head = f"({', '.join(self.definitions)})" if self.definitions else ""
        return " ".join([f"query Q{head} {{{' '.join(parts)}}}", *self.fragments]), self.values

    def selection(self, type_: GraphQLNamedType, depth: int) -> str:
        parts = [self.part(type_, depth) for _ in range(self.random.choice(SIZES))]
        return "{ " + " ".join(parts) + " }"

    def part(self, type_: Any, depth: int) -> str:
        kind = self.random.choice(["field"] * 6 + ["inline", "named", "typename"])
        if kind == "typename" or (kind == "field" and not self.choices(type_, depth)):
            kind = "inline" if depth > 0 and self.random.choice([True, False]) else "typename"
        match kind:
            case "field":
                return self.field(type_, depth)
            case "typename":
                return self.maybe_alias("__typename", "") + self.directives()
            case _ if depth <= 0:
                return "__typename"
            case "inline":
                return self.inline(type_, depth)
            case _:
                return self.named(type_, depth)

    def inline(self, type_: Any, depth: int) -> str:
        target = self.random.choice(self.overlapping(type_))
        bare = target == type_.name and self.random.choice([True, False])
        condition = "" if bare else f" on {target}"
        inside = self.schema.type_map[target]
        return f"...{condition}{self.directives()} {self.selection(inside, depth - 1)}"

    def named(self, type_: Any, depth: int) -> str:
        target = self.random.choice(self.overlapping(type_))
        body = self.selection(self.schema.type_map[target], depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {target} {body}")
        spread = f"...{name}{self.directives()}"
        return f"{spread} ...{name}" if self.random.choice([True, False]) else spread

    def overlapping(self, type_: Any) -> list[str]:
        if is_abstract_type(type_):
            return [type_.name, *(t.name for t in self.schema.get_possible_types(type_))]
        return [type_.name, *(i.name for i in type_.interfaces)]

    def choices(self, type_: Any, depth: int) -> list[str]:
        fields: dict[str, GraphQLField] = getattr(type_, "fields", {})
        if type_ is self.schema.query_type and self.roots:
            return [n for n in fields if n in self.roots]
        return [n for n, f in fields.items() if depth > 0 or is_leaf_type(named(f))]

    def field(self, type_: Any, depth: int) -> str:
        name = self.random.choice(self.choices(type_, depth))
        definition: GraphQLField = type_.fields[name]
        arguments = self.arguments(definition)
        inner: Any = named(definition)
        text = self.maybe_alias(name, arguments) + arguments + self.directives()
        if is_composite_type(inner):
            text += " " + self.selection(inner, depth - 1)
        return text

    def maybe_alias(self, name: str, arguments: str) -> str:
        """An alias or none; within an operation, a response key has one name and arguments."""
        aliased = self.random.choice(["", "o", "row", "x"])
        if not aliased and not arguments:
            return name
        key = aliased or "k"
        if key in self.keys.values():
            key += str(len(self.keys))
        key = self.keys.setdefault(f"{aliased} {name}{arguments}", key)
        return f"{key}: {name}"

    def arguments(self, definition: GraphQLField) -> str:
        parts = [
            f"{name}: {self.argument(name, argument)}"
            for name, argument in definition.args.items()
            if (type_text(argument).endswith("!") and name not in COUNTED)
            or self.random.randint(0, 2) == 0
        ]
        return f"({', '.join(parts)})" if parts else ""

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        text = type_text(argument)
        value = self.value(name, getattr(argument, "type"))  # noqa: B009 - partly unknown
        form = self.random.choice(["literal", "variable", "inside"])
        if form == "inside" and isinstance(value, dict):
            return self.with_variables(cast("dict[str, object]", value), argument)
        if form == "literal":
            return literal(value)
        is_required = text.endswith("!") and name not in COUNTED
        return self.variable(text, value, required=is_required)

    def with_variables(self, value: dict[str, object], argument: GraphQLArgument) -> str:
        """An input object in the document, with variables for its fields."""
        fields = named(argument).fields
        parts = [f"{n}: {self.variable(type_text(fields[n]), v)}" for n, v in value.items()]
        return "{" + ", ".join(parts) + "}"

    def value(self, name: str, type_: Any) -> object:
        """A JSON value of `pools`, by the argument's name or type."""
        inner: Any = get_nullable_type(type_)
        text = str(type_)
        if isinstance(inner, GraphQLList):
            size = self.random.randint(0 if name != "ids" else 1, 5)
            item: Any = cast("Any", inner).of_type
            return [self.value(name, item) for _ in range(size)]
        if isinstance(inner, GraphQLInputObjectType):
            fields: dict[str, Any] = inner.fields
            chosen = [n for n in fields if self.random.choice([True, False])]
            return {n: self.value(n, fields[n].type) for n in chosen}
        if name in COUNTED:
            return self.random.choice(COUNTS)
        if not text.endswith("!") and self.random.randint(0, 9) == 0:
            return None
        if isinstance(inner, GraphQLEnumType):
            return Choice(self.random.choice(list(inner.values)))
        return self.random.choice(self.pools.get(name) or self.pools[text.strip("!")])

    def variable(self, type_: str, value: object, *, required: bool = False) -> str:
        name = f"v{len(self.definitions)}"
        forms = ["required", "default"] if required else ["required", "default", "absent"]
        match self.random.choice(forms):
            case "required":
                self.definitions.append(f"${name}: {type_}")
                self.values[name] = value
            case "default":
                self.definitions.append(f"${name}: {type_} = {literal(value)}")
                if self.random.choice([True, False]):
                    self.values[name] = value
            case _:
                self.definitions.append(f"${name}: {type_.rstrip('!')}")
                if self.random.randint(0, 9) == 0:
                    self.values[name] = None
        return f"${name}"

    def directives(self) -> str:
        if self.random.randint(0, 5):
            return ""
        kind, value = self.random.choice(["skip", "include"]), self.random.choice([True, False])
        by_variable = self.random.choice([True, False])
        condition = (
            self.variable("Boolean!", value, required=True) if by_variable else literal(value)
        )
        return f" @{kind}(if: {condition})"


def named(definition: GraphQLField | GraphQLArgument) -> Any:
    return get_named_type(type_of(definition))


def type_text(argument: GraphQLArgument | GraphQLInputField) -> str:
    return str(getattr(argument, "type"))  # noqa: B009 - partly unknown to pyright


def literal(value: Any) -> str:  # noqa: PLR0911 - one for each kind
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case list():
            return "[" + ", ".join(map(literal, cast("list[object]", value))) + "]"
        case dict():
            fields = cast("dict[str, object]", value).items()
            return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in fields) + "}"
        case Choice():
            return value
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case _:
            return str(value)


def operation(
    random: Random,
    schema: GraphQLSchema,
    pools: Pools,
    deep: tuple[tuple[str, str], ...] = (),
    roots: Collection[str] = (),
) -> tuple[str, dict[str, object]]:
    """The text of a query and its variables.

    `pools` holds values by an argument's name or type. `deep` are selections that a random walk
    seldom reaches, with a placeholder `{}` for a selection of the named type. `roots` are the
    root fields to select; empty for all.
    """
    return OperationGenerator(random, schema, pools, deep, roots).operation()

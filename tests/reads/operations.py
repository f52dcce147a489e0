"""Random valid operations, drawn from a schema alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    GraphQLArgument,
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
from hypothesis import strategies as st

from lk_graphql.reads.untyped import get_named_type, get_nullable_type

COUNTS = st.one_of(st.integers(1, 9), st.integers(1, 9), st.sampled_from([-1, 0, 20, 100, 101]))
Pools = Mapping[str, Sequence[object]]
COUNTED = ("first", "last")


class Choice(str):
    """A value of an enum."""

    __slots__ = ()


@dataclass
class Writer:
    """Writes one operation; `pools` holds argument values worth trying, by name.

    `deep` are selections, with braces to fill, that a random walk alone seldom comes to:
    each names the type that fills it.
    """

    draw: Any
    schema: GraphQLSchema
    pools: Pools
    deep: tuple[tuple[str, str], ...]
    definitions: list[str] = field(default_factory=list[str])
    values: dict[str, object] = field(default_factory=dict[str, object])
    fragments: list[str] = field(default_factory=list[str])
    keys: dict[str, str] = field(default_factory=dict[str, str])

    def operation(self) -> tuple[str, dict[str, object]]:
        assert self.schema.query_type
        rest = self.selection(self.schema.query_type, depth=6)
        parts = [rest[1:-1]]
        for text, type_ in self.deep:
            if self.draw(st.booleans()):
                parts.append(text.replace("{}", self.selection(self.schema.type_map[type_], 4)))
        head = f"({', '.join(self.definitions)})" if self.definitions else ""
        return " ".join([f"query Q{head} {{{' '.join(parts)}}}", *self.fragments]), self.values

    def selection(self, type_: GraphQLNamedType, depth: int) -> str:
        parts = [self.part(type_, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def part(self, type_: Any, depth: int) -> str:
        kind = self.draw(st.sampled_from(["field"] * 6 + ["inline", "named", "typename"]))
        if kind == "typename" or (kind == "field" and not self.choices(type_, depth)):
            kind = "inline" if depth > 0 and self.draw(st.booleans()) else "typename"
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
        target = self.draw(st.sampled_from(self.overlapping(type_)))
        bare = target == type_.name and self.draw(st.booleans())
        condition = "" if bare else f" on {target}"
        inside = self.schema.type_map[target]
        return f"...{condition}{self.directives()} {self.selection(inside, depth - 1)}"

    def named(self, type_: Any, depth: int) -> str:
        target = self.draw(st.sampled_from(self.overlapping(type_)))
        body = self.selection(self.schema.type_map[target], depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {target} {body}")
        spread = f"...{name}{self.directives()}"
        return f"{spread} ...{name}" if self.draw(st.booleans()) else spread

    def overlapping(self, type_: Any) -> list[str]:
        if is_abstract_type(type_):
            return [type_.name, *(t.name for t in self.schema.get_possible_types(type_))]
        return [type_.name, *(i.name for i in type_.interfaces)]

    def choices(self, type_: Any, depth: int) -> list[str]:
        fields: dict[str, GraphQLField] = getattr(type_, "fields", {})
        return [n for n, f in fields.items() if depth > 0 or is_leaf_type(named(f))]

    def field(self, type_: Any, depth: int) -> str:
        name = self.draw(st.sampled_from(self.choices(type_, depth)))
        definition: GraphQLField = type_.fields[name]
        arguments = self.arguments(definition)
        inner: Any = named(definition)
        text = self.maybe_alias(name, arguments) + arguments + self.directives()
        if is_composite_type(inner):
            text += " " + self.selection(inner, depth - 1)
        return text

    def maybe_alias(self, name: str, arguments: str) -> str:
        """A response key stands for one name and arguments in the whole operation."""
        aliased = self.draw(st.sampled_from(["", "o", "row", "x"]))
        if not aliased and not arguments:
            return name
        key = aliased or "k"
        if key in self.keys.values():
            key += str(len(self.keys))
        key = self.keys.setdefault(f"{aliased} {name}{arguments}", key)
        return f"{key}: {name}"

    def arguments(self, definition: GraphQLField) -> str:
        given = [
            f"{name}: {self.argument(name, argument)}"
            for name, argument in definition.args.items()
            if (type_text(argument).endswith("!") and name not in COUNTED)
            or self.draw(st.integers(0, 2)) == 0
        ]
        return f"({', '.join(given)})" if given else ""

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        text = type_text(argument)
        value = self.value(name, getattr(argument, "type"))  # noqa: B009 - partly unknown
        form = self.draw(st.sampled_from(["literal", "variable", "inside"]))
        if form == "inside" and isinstance(value, dict):
            return self.with_variables(cast("dict[str, object]", value), argument)
        if form == "literal":
            return literal(value)
        return self.variable(text, value, required=name in ("id", "ids"))

    def with_variables(self, value: dict[str, object], argument: GraphQLArgument) -> str:
        """An input object in the document, with variables for its fields."""
        known = named(argument).fields
        parts = [f"{n}: {self.variable(type_text(known[n]), v)}" for n, v in value.items()]
        return "{" + ", ".join(parts) + "}"

    def value(self, name: str, type_: Any) -> object:
        """A value worth trying, in JSON's terms; `pools` has them by name or by type."""
        inner: Any = get_nullable_type(type_)
        text = str(type_)
        if isinstance(inner, GraphQLList):
            size = self.draw(st.integers(0 if name != "ids" else 1, 5))
            item: Any = cast("Any", inner).of_type
            return [self.value(name, item) for _ in range(size)]
        if isinstance(inner, GraphQLInputObjectType):
            fields: dict[str, Any] = inner.fields
            chosen = [n for n in fields if self.draw(st.booleans())]
            return {n: self.value(n, fields[n].type) for n in chosen}
        if name in COUNTED:
            return self.draw(COUNTS)
        if not text.endswith("!") and self.draw(st.integers(0, 9)) == 0:
            return None
        return self.draw(st.sampled_from(self.pools.get(name) or self.pools[text.strip("!")]))

    def variable(self, type_: str, value: object, *, required: bool = False) -> str:
        name = f"v{len(self.definitions)}"
        forms = ["required", "default"] if required else ["required", "default", "absent"]
        match self.draw(st.sampled_from(forms)):
            case "required":
                self.definitions.append(f"${name}: {type_}")
                self.values[name] = value
            case "default":
                self.definitions.append(f"${name}: {type_} = {literal(value)}")
                if self.draw(st.booleans()):
                    self.values[name] = value
            case _:
                self.definitions.append(f"${name}: {type_.rstrip('!')}")
                if self.draw(st.integers(0, 9)) == 0:
                    self.values[name] = None
        return f"${name}"

    def directives(self) -> str:
        if self.draw(st.integers(0, 5)):
            return ""
        kind, value = self.draw(st.sampled_from(["skip", "include"])), self.draw(st.booleans())
        by_variable = self.draw(st.booleans())
        shown = self.variable("Boolean!", value, required=True) if by_variable else literal(value)
        return f" @{kind}(if: {shown})"


def named(definition: GraphQLField | GraphQLArgument) -> Any:
    return get_named_type(getattr(definition, "type"))  # noqa: B009 - partly unknown to pyright


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
            return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in fields) + "}"
        case Choice():
            return value
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case _:
            return str(value)


@st.composite
def operations(
    draw: Any,
    schema: GraphQLSchema,
    pools: Pools,
    deep: tuple[tuple[str, str], ...] = (),
) -> Any:
    return Writer(draw, schema, pools, deep).operation()

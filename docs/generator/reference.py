"""The reference of the schema: a page per kind of member, customers and staff apart."""

# pyright: basic

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from docs.generator.samples import Sample, made_sample
from lk_graphql.api.audience import is_staff_field

ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
PLUMBING = ("Connection", "Edge", "Payload", "PageInfo")
CODES = re.compile(r"\n*Codes: (`.*`)\.$", re.DOTALL)
BUILT_IN = {"String", "Int", "Boolean", "ID", "Float"}


class Reference:
    """Renders pages; a type that `customers` hasn't is the staff's."""

    def __init__(
        self, schema: GraphQLSchema, customers: GraphQLSchema, samples: Mapping[str, Sample]
    ) -> None:
        self._schema = schema
        self._customers = customers
        self._samples = samples
        self._pages = {name: self._page_of(type_) for name, type_ in schema.type_map.items()}

    def pages(self) -> dict[str, str]:
        """The text of each page by its path below `reference/`."""
        roots = {root: self._schema.type_map[root] for root in ROOTS}
        pages = {
            "queries.md": self._root_page("Queries", roots["Query"], for_staff=False)
            + self._root_fields(roots["Subscription"], for_staff=False),
            "mutations.md": self._root_page("Mutations", roots["Mutation"], for_staff=False),
            "staff.md": "# Queries and mutations of staff\n\n"
            + "".join(self._root_fields(root, for_staff=True) for root in roots.values()),
        }
        titles = {
            "objects.md": "Objects",
            "inputs.md": "Inputs",
            "enums.md": "Enums and scalars",
            "plumbing.md": "Payloads, connections, errors",
            "staff-types.md": "Types of staff",
        }
        for page, title in titles.items():
            types = sorted(n for n, at in self._pages.items() if at == page)
            entries = (self._type(self._schema.type_map[name]) for name in types)
            pages[page] = f"# {title}\n\n" + "".join(entries)
        return {"index.md": self._index(pages), **pages}

    def link(self, type_: Any) -> str:
        """A type as code that leads to its entry."""
        name = get_named_type(type_).name
        page = self._pages.get(name)
        return f"[`{type_}`]({page}#{name})" if page else f"`{type_}`"

    def _index(self, pages: Mapping[str, str]) -> str:
        lines = [
            "# Schema reference\n",
            "Written from the SDL. Download [the whole schema](../schema.graphql), or",
            "[the customers' part](../schema.customer.graphql).\n",
            "| page | entries |",
            "|---|---|",
        ]
        for page, text in pages.items():
            title = text.split("\n", 1)[0].removeprefix("# ")
            lines.append(f"| [{title}]({page}) | {len(re.findall('^## ', text, re.MULTILINE))} |")
        return "\n".join(lines) + "\n"

    def _page_of(self, type_: GraphQLNamedType) -> str | None:
        if type_.name in ROOTS or type_.name.startswith("__") or type_.name in BUILT_IN:
            return None
        if type_.name not in self._customers.type_map:
            return "staff-types.md"
        if type_.name.endswith((*PLUMBING, "Error")):
            return "plumbing.md"
        match type_:
            case GraphQLInputObjectType():
                return "inputs.md"
            case GraphQLEnumType() | GraphQLScalarType():
                return "enums.md"
            case _:
                return "objects.md"

    def _root_page(self, title: str, root: Any, *, for_staff: bool) -> str:
        return f"# {title}\n\n{root.description}\n\n" + self._root_fields(root, for_staff=for_staff)

    def _root_fields(self, root: Any, *, for_staff: bool) -> str:
        return "".join(
            self._root_field(ROOTS[root.name], name, field)
            for name, field in root.fields.items()
            if is_staff_field(name) == for_staff
        )

    def _root_field(self, kind: str, name: str, field: GraphQLField) -> str:
        description = field.description or ""
        codes = CODES.search(description)
        sample = self._samples.get(name) or made_sample(kind, name, field)
        parts = [
            f"## {name} {{#{name}}}",
            f"{kind} · returns {self.link(field.type)}{_access(field)}",
            CODES.sub("", description),
            self._arguments(field),
            self._codes(codes[1], field) if codes else "",
            _code_block("graphql", "Example", sample.operation),
            _code_block("json", "Variables", sample.variables) if sample.variables else "",
        ]
        return "\n\n".join(part for part in parts if part) + "\n\n"

    def _arguments(self, field: GraphQLField) -> str:
        rows = [(f"`{n}`", self.link(a.type), a.description) for n, a in field.args.items()]
        inputs = [get_named_type(argument.type) for argument in field.args.values()]
        if len(inputs) == 1 and isinstance(inputs[0], GraphQLInputObjectType):
            fields = inputs[0].fields.items()
            rows = [(f"`input.{n}`", self.link(f.type), f.description) for n, f in fields]
        return _table(("argument", "type", ""), rows)

    def _codes(self, codes: str, field: GraphQLField) -> str:
        """The codes of a mutation with their descriptions."""
        payload: Any = get_named_type(field.type)
        error: Any = get_named_type(payload.fields["errors"].type)
        code: Any = get_named_type(error.fields["code"].type)
        names = re.findall(r"`(\w+)`", codes)
        rows = [(f"`{name}`", code.values[name].description) for name in names]
        return _table((f"[code](../errors.md#{code.name})", "meaning"), rows)

    def _type(self, type_: Any) -> str:
        marks = " · exactly one field" if getattr(type_, "is_one_of", False) else ""
        interfaces = ", ".join(self.link(of) for of in getattr(type_, "interfaces", ()))
        parts = [
            f"## {type_.name} {{#{type_.name}}}",
            f"{_kind(type_)}{marks}{f' · implements {interfaces}' if interfaces else ''}",
            type_.description or "",
        ]
        if isinstance(type_, GraphQLEnumType):
            values = type_.values.items()
            parts.append(_table(("value", ""), [(f"`{n}`", v.description) for n, v in values]))
        elif isinstance(type_, GraphQLUnionType):
            parts.append("One of " + ", ".join(map(self.link, type_.types)) + ".")
        elif not isinstance(type_, GraphQLScalarType):
            rows = [
                (f"`{name}`{_short_arguments(field)}", self.link(field.type), _note(field))
                for name, field in type_.fields.items()
            ]
            parts.append(_table(("field", "type", ""), rows))
        return "\n\n".join(part for part in parts if part) + "\n\n"


def _kind(type_: Any) -> str:
    kinds: dict[type[Any], str] = {
        GraphQLObjectType: "object",
        GraphQLInterfaceType: "interface",
        GraphQLUnionType: "union",
        GraphQLInputObjectType: "input",
        GraphQLEnumType: "enum",
        GraphQLScalarType: "scalar",
    }
    return kinds[type(type_)]


def _access(field: Any) -> str:
    """The level of `@access`, from the field's definition in the SDL."""
    directives: Iterable[Any] = field.ast_node.directives if field.ast_node else ()
    roles = [
        directive.arguments[0].value.value
        for directive in directives
        if directive.name.value == "access"
    ]
    return f" · for {roles[0]}" if roles else ""


def _short_arguments(field: Any) -> str:
    names = ", ".join(getattr(field, "args", {}))
    return f" ({names})" if names else ""


def _note(field: Any) -> str:
    deprecated = getattr(field, "deprecation_reason", None)
    return f"{field.description or ''}{f' **Deprecated:** {deprecated}' if deprecated else ''}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> str:
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines])


def _cell(text: str | None) -> str:
    return re.sub(r"\s*\n\s*", " ", text or "").replace("|", "\\|")


def _code_block(language: str, title: str, text: str) -> str:
    return f'```{language} title="{title}"\n{text}\n```'

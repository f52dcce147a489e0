"""Settings of GraphQL clients, printed from the SDL: caches, and the codes of mutations.

They cover the types and fields that customers reach. An object without an `id` is a part of the
object around it. Without a setting for it, caches print warnings, and Apollo drops its fields that
another query has read.
"""

from collections.abc import Callable, Iterator, Mapping
from json import dumps
from typing import Any, cast

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_abstract_type,
    is_object_type,
)

from lk_graphql.planner.untyped import get_named_type, get_nullable_type, is_list_type

STAFF = "staff"
"""The prefix of the root fields of staff."""
PAGING = {"first", "after", "last", "before"}
KNOWN_TO_CLIENTS = ("Payload", "Connection", "Edge", "PageInfo")
"""The endings of the names of types for which clients need no settings."""


def customer_types(schema: GraphQLSchema) -> dict[str, GraphQLObjectType]:
    """The object types that are reached without the root fields of staff, by name."""
    types: dict[str, GraphQLObjectType] = {}
    waiting: list[Any] = [schema.query_type, schema.mutation_type, schema.subscription_type]
    while waiting:
        type_ = waiting.pop()
        if not is_object_type(type_):
            waiting += getattr(type_, "types", ())  # members of a union
        elif type_.name not in types:
            types[type_.name] = type_
            fields: Mapping[str, Any] = type_.fields
            waiting += [
                get_named_type(field.type)
                for name, field in fields.items()
                if not name.startswith(STAFF)
            ]
    return dict(sorted(types.items()))


def embedded_types(types: Mapping[str, GraphQLObjectType]) -> list[str]:
    """The names of types without an `id`, except the root types and `KNOWN_TO_CLIENTS`."""
    roots = {"Query", "Mutation", "Subscription"}
    return [
        name
        for name, type_ in types.items()
        if "id" not in type_.fields and name not in roots and not name.endswith(KNOWN_TO_CLIENTS)
    ]


def connections(
    types: Mapping[str, GraphQLObjectType],
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The paged fields of each type, with the arguments that make another list."""
    for name, type_ in types.items():
        fields: Mapping[str, Any] = type_.fields
        paged = {
            field_name: [argument for argument in field.args if argument not in PAGING]
            for field_name, field in fields.items()
            if get_named_type(field.type).name.endswith("Connection")
        }
        if paged:
            yield name, paged


def single_types(types: Mapping[str, GraphQLObjectType]) -> set[str]:
    """The names of types of which some field holds a single object."""
    return {
        get_named_type(field.type).name
        for name, type_ in types.items()
        if not name.endswith(KNOWN_TO_CLIENTS)
        for field in type_.fields.values()
        if not is_list_type(get_nullable_type(field.type))
    }


def possible_types(
    schema: GraphQLSchema, types: Mapping[str, GraphQLObjectType]
) -> Iterator[tuple[str, list[str]]]:
    """The members of each interface and union, by which Apollo matches fragments."""
    for name, type_ in sorted(schema.type_map.items()):
        if is_abstract_type(type_):
            members = [member.name for member in schema.get_possible_types(cast("Any", type_))]
            if reached := sorted(types.keys() & {*members}):
                yield name, reached


def apollo(schema: GraphQLSchema) -> str:
    """Type policies of Apollo's cache."""
    types = customer_types(schema)
    single = single_types(types)
    lines = [f"  {name}: {{ merge: true }}," for name in embedded_types(types) if name in single]
    for name, paged in connections(types):
        fields = ", ".join(
            f"{field}: relayStylePagination({dumps(keys) if keys else ''})"
            for field, keys in paged.items()
        )
        lines.append(f"  {name}: {{ fields: {{ {fields} }} }},")
    members = "\n".join(f"  {name}: {dumps(of)}," for name, of in possible_types(schema, types))
    return _module(
        "apollo",
        "new InMemoryCache({ typePolicies, possibleTypes }); select `edges`: `nodes` aren't merged",
        'import { relayStylePagination } from "@apollo/client/utilities";\n\n'
        "export const typePolicies = {\n" + "\n".join(lines) + "\n};\n\n"
        f"export const possibleTypes = {{\n{members}\n}};",
    )


def graphcache(schema: GraphQLSchema) -> str:
    """Keys and resolvers of urql's normalized cache."""
    types = customer_types(schema)
    keys = "\n".join(f"  {name}: () => null," for name in embedded_types(types))
    resolvers = "\n".join(
        f"  {name}: {{ {', '.join(f'{field}: relayPagination()' for field in paged)} }},"
        for name, paged in connections(types)
    )
    return _module(
        "graphcache",
        "cacheExchange({ schema, keys, resolvers })",
        'import { relayPagination } from "@urql/exchange-graphcache/extras";\n\n'
        f"export const keys = {{\n{keys}\n}};\n\nexport const resolvers = {{\n{resolvers}\n}};",
    )


def refusals(schema: GraphQLSchema) -> str:
    """The codes of each mutation of customers and guests."""
    mutation: Any = schema.mutation_type
    lines = "\n".join(
        f"  {name}: {dumps(codes_of(field))},"
        for name, field in mutation.fields.items()
        if not name.startswith(STAFF)
    )
    return _module(
        "refusals",
        'Refusal<"userActivate"> is the type of its codes',
        f"export const refusals = {{\n{lines}\n}} as const;\n\n"
        "export type Refusal<Mutation extends keyof typeof refusals> =\n"
        "  (typeof refusals)[Mutation][number];",
    )


def codes_of(field: Any) -> list[str]:
    """The codes in the directive of a mutation."""
    return [
        code.value
        for directive in field.ast_node.directives
        if directive.name.value == "refusals"
        for code in directive.arguments[0].value.values
    ]


def _module(kind: str, usage: str, code: str) -> str:
    return f"// Printed by `lk schema client {kind}`. {usage}.\n{code}\n"


PRINTERS: dict[str, Callable[[GraphQLSchema], str]] = {
    "apollo": apollo,
    "graphcache": graphcache,
    "refusals": refusals,
}


def client_config(sdl: str, kind: str) -> str:
    """A TypeScript module with the settings of one kind."""
    return PRINTERS[kind](build_schema(sdl))

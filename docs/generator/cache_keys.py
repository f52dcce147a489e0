"""Settings of client caches, printed from the schema: keys, merges and types of interfaces."""

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from docs.generator.samples import to_json

_ROOTS = ("Query", "Mutation", "Subscription")


def embedded_types(schema: GraphQLSchema) -> list[str]:
    """Object types without an id of their own: caches keep them inside their parent."""
    return sorted(
        name
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        and not name.startswith("__")
        and name not in _ROOTS
        and "id" not in type_.fields
    )


def singletons(schema: GraphQLSchema) -> list[str]:
    """Embedded types of single fields, which Apollo has to merge; pages and payloads are none."""
    embedded = embedded_types(schema)
    returned = {
        str(field.type).rstrip("!")
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.endswith("Payload")
        for field in type_.fields.values()
    }
    plumbing = ("Connection", "Edge", "Payload", "Error", "PageInfo")
    return [name for name in embedded if name in returned and not name.endswith(plumbing)]


def possible_types(schema: GraphQLSchema) -> dict[str, list[str]]:
    return {
        name: sorted(member.name for member in schema.get_possible_types(type_))
        for name, type_ in sorted(schema.type_map.items())
        if isinstance(type_, GraphQLInterfaceType)
    }


def cache_settings(schema: GraphQLSchema) -> str:
    """The Markdown with the settings of Apollo Client and graphcache."""
    policies = {name: {"merge": True} for name in singletons(schema)}
    keys = "\n".join(f"  {name}: () => null," for name in embedded_types(schema))
    return (
        '```ts title="Apollo Client: typePolicies"\n'
        f"export const typePolicies = {to_json(policies)};\n```\n\n"
        '```ts title="Apollo Client: possibleTypes"\n'
        f"export const possibleTypes = {to_json(possible_types(schema))};\n```\n\n"
        '```ts title="urql graphcache: keys"\n'
        f"export const keys = {{\n{keys}\n}};\n```\n"
    )

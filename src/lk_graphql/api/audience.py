"""The customers' view of the schema: `schema.graphql` without the part that only staff reach.

There is one schema. Customers' frontends download its SDL to generate code; that SDL may omit the
staff's part (decision 0236).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    EnumValueDefinitionNode,
    EnumValueNode,
    FieldDefinitionNode,
    FieldNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    build_schema,
    parse,
    validate,
    validate_schema,
)
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lk_graphql.kit.viewer import Audience, Role

_Member = FieldDefinitionNode | EnumValueDefinitionNode
_ROOTS = ("Query", "Mutation", "Subscription")
_HEADERS = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}


def is_staff_field(name: str) -> bool:
    """Whether a root field is for staff. The name decides: guests may call the staff's sign-in."""
    return name.startswith("staff")


def is_staff_document(document: str) -> bool:
    """Whether an operation of the document selects a root field of the staff."""
    return any(
        isinstance(field, FieldNode) and is_staff_field(field.name.value)
        for definition in parse(document).definitions
        if isinstance(definition, OperationDefinitionNode)
        for field in definition.selection_set.selections
    )


def customer_view(sdl: str) -> str:
    """The SDL without the root fields of staff, and without definitions reached only from them.

    Enum values with an access level of staff are removed too. An implementation of an interface
    counts as reached only if a field returns it, so `node` alone adds no types.
    """
    definitions = parse(sdl).definitions
    reached = _reached({_name(definition): definition for definition in definitions})
    unreached = [
        definition
        for definition in definitions
        if isinstance(definition, TypeDefinitionNode) and _name(definition) not in reached
    ]
    members = [
        member
        for definition in definitions
        if _name(definition) in reached
        for member in _members(definition)
        if _is_staff_member(_name(definition), member)
    ]
    return _without(sdl, [*unreached, *members])


def problems(sdl: str, documents: Iterable[str]) -> list[str]:
    """Faults of an SDL, and of the documents against it."""
    schema = build_schema(sdl, assume_valid=True)
    faults = validate_schema(schema)
    invalid = (error for document in documents for error in validate(schema, parse(document)))
    return [error.message for error in faults or invalid]


def routes(sdl: Callable[[Audience | None], str]) -> list[Route]:
    """`/schema.graphql`, for code generators; `?audience=customer` is the customers' view."""

    async def schema_file(request: Request) -> Response:
        name = request.query_params.get("audience")
        if name is not None and name not in [*Audience]:
            audiences = ", ".join(Audience)
            return PlainTextResponse(f"audience is one of: {audiences}.\n", 400, _HEADERS)
        return PlainTextResponse(sdl(Audience(name) if name else None), headers=_HEADERS)

    return [Route("/schema.graphql", schema_file)]


def _reached(definitions: dict[str, DefinitionNode]) -> set[str]:
    """The names of the types that customers reach from the roots, and of the directives' types."""
    directives = [name for name in definitions if name.startswith("@")]
    reached: set[str] = set()
    waiting = [*_ROOTS, *directives]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in reached:
            reached.add(name)
            waiting += _references(name, definitions[name])
    return reached


def _references(name: str, definition: DefinitionNode) -> Iterator[str]:
    for interface in getattr(definition, "interfaces", None) or ():
        yield interface.name.value
    for member in getattr(definition, "types", None) or ():  # of a union
        yield member.name.value
    for argument in getattr(definition, "arguments", None) or ():  # of a directive
        yield _named(argument.type)
    for field in _members(definition):
        if not (isinstance(field, EnumValueDefinitionNode) or _is_staff_member(name, field)):
            yield _named(field.type)
            for argument in getattr(field, "arguments", None) or ():
                yield _named(argument.type)


def _is_staff_member(type_name: str, member: _Member) -> bool:
    """Whether a member is a root field of staff, or has an access level of staff."""
    roles = [
        argument.value.value
        for directive in member.directives or ()
        if directive.name.value == "access"
        for argument in directive.arguments or ()
        if isinstance(argument.value, EnumValueNode)
    ]
    is_staff_root = type_name in _ROOTS and is_staff_field(member.name.value)
    return is_staff_root or any(role in [*Role] for role in roles)


def _members(definition: DefinitionNode) -> Iterator[_Member]:
    yield from getattr(definition, "fields", None) or ()
    yield from getattr(definition, "values", None) or ()


def _name(definition: DefinitionNode) -> str:
    name: str = getattr(definition, "name").value  # noqa: B009 - of all definitions of an SDL
    return f"@{name}" if isinstance(definition, DirectiveDefinitionNode) else name


def _named(type_: TypeNode) -> str:
    while isinstance(type_, ListTypeNode | NonNullTypeNode):
        type_ = type_.type
    return cast("NamedTypeNode", type_).name.value


def _without(sdl: str, nodes: Iterable[Node]) -> str:
    """The text without some definitions, fields and values, in its own layout."""
    parts, at = list[str](), 0
    for start, end in sorted((node.loc.start, node.loc.end) for node in nodes if node.loc):
        parts.append(sdl[at:start].rstrip())
        at = end
    text = "".join([*parts, sdl[at:]]).lstrip()
    return re.sub(r"\{\n\n", "{\n", text)  # where the first field of a block was removed

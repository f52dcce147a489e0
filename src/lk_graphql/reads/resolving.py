"""What resolvers of the plain path know of the field that they answer."""

from typing import Any, Protocol

import strawberry
from strawberry.types import get_object_definition
from strawberry.types.base import StrawberryContainer, StrawberryOptional
from strawberry.types.lazy_type import LazyType

from lk_graphql.reads.rows import Rows
from lk_graphql.reads.sources import Declared, declaration_of


class Request(Protocol):
    """What resolvers need of the API's context."""

    @property
    def rows(self) -> Rows: ...


Info = strawberry.Info[Request, None]


def returned(info: Info) -> Any:
    """The type of the field, without null around it."""
    type_: Any = info.return_type
    return type_.of_type if isinstance(type_, StrawberryOptional) else type_


def declared_in(type_: Any) -> Declared:
    """What `@reads` knows of a field's type, inside a list or a connection too."""
    if isinstance(type_, StrawberryContainer):
        return declared_in(type_.of_type)
    if isinstance(type_, LazyType):
        return declared_in(type_.resolve_type())
    if (found := declaration_of(type_)) is not None:
        return found
    definition = get_object_definition(type_, strict=True)
    nodes = next(field for field in definition.fields if field.python_name == "nodes")
    return declared_in(nodes.resolve_type(type_definition=definition))

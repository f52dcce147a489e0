"""What resolvers of the plain path know of the field that they answer."""

from typing import Any, Protocol

import strawberry

from lk_graphql.reads.catalog import declared_of
from lk_graphql.reads.rows import Rows
from lk_graphql.reads.sources import Declared
from lk_graphql.reads.untyped import get_named_type, get_nullable_type


class Request(Protocol):
    """What resolvers need of the API's context."""

    @property
    def rows(self) -> Rows: ...


Info = strawberry.Info[Request, None]


def returned(info: Info) -> Any:
    """The GraphQL type of the field, without null around it."""
    raw = getattr(info, "_raw_info")  # noqa: B009 - graphql-core's own, private in Strawberry
    return get_nullable_type(raw.return_type)


def declared_in(type_: Any) -> Declared:
    """What `@reads` knows of a field's type, inside a list or a connection too."""
    named = get_named_type(type_)
    if (found := declared_of(named)) is not None:
        return found
    return declared_in(named.fields["nodes"].type)

"""The schema: the one place that lists every slice."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import get_object_definition

from lk_graphql.api.access import Access, open_to
from lk_graphql.api.mutation import Mutation
from lk_graphql.api.subscription import Subscription
from lk_graphql.database import SLICES
from lk_graphql.reads.declare import EXTENDED, Query
from lk_graphql.reads.scalars import SCALARS

open_to(Access.ANYONE)(Query)  # `node` proves ownership for each id by itself

for slice_name in SLICES:  # importing a slice's edges and root fields adds them to the graph
    for part in ("edges", "queries", "mutations", "subscriptions"):
        module = f"lk_graphql.{slice_name}.{part}"
        if find_spec(module):
            import_module(module)


def _by_slice(field: Any) -> int:
    """The place of the field's slice; what no slice has added comes first."""
    slice_name = getattr(field.origin, "__module__", "").removeprefix("lk_graphql.").split(".")[0]
    return SLICES.index(slice_name) if slice_name in SLICES else -1


for extended in EXTENDED:  # whoever was imported first: a customer registers before they link
    get_object_definition(extended, strict=True).fields.sort(key=_by_slice)

_schema = strawberry.Schema(
    Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=SCALARS)
)
graphql_schema: GraphQLSchema = getattr(_schema, "_schema")  # noqa: B009 - there is no other way


def sdl() -> str:
    """The schema as `schema.graphql` holds it, with who may call what."""
    printed: Any = print_schema(_schema)
    # part of the language since 2025: linters ask a definition of it for a description
    return f"{printed}\n".replace("directive @oneOf on INPUT_OBJECT\n\n", "")

"""The GraphQL schema, assembled from the slices."""

from collections import defaultdict
from enum import StrEnum
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import get_object_definition

import lk_graphql.accounts.extensions
import lk_graphql.accounts.mutations
import lk_graphql.accounts.queries
import lk_graphql.accounts.subscriptions
import lk_graphql.appeals.extensions
import lk_graphql.appeals.mutations
import lk_graphql.appeals.queries
import lk_graphql.appeals.subscriptions
import lk_graphql.backoffice.extensions
import lk_graphql.backoffice.mutations
import lk_graphql.backoffice.queries
import lk_graphql.backoffice.subscriptions
import lk_graphql.billing.extensions
import lk_graphql.billing.queries
import lk_graphql.contracts.extensions
import lk_graphql.contracts.mutations
import lk_graphql.contracts.queries
import lk_graphql.identity.mutations
import lk_graphql.identity.queries
import lk_graphql.metering.extensions
import lk_graphql.metering.mutations
import lk_graphql.metering.queries
import lk_graphql.notifications.extensions
import lk_graphql.notifications.mutations
import lk_graphql.notifications.queries
import lk_graphql.notifications.subscriptions
import lk_graphql.payments.extensions
import lk_graphql.payments.mutations
import lk_graphql.payments.queries
import lk_graphql.payments.subscriptions
import lk_graphql.profile.extensions
import lk_graphql.profile.mutations
import lk_graphql.profile.queries
import lk_graphql.profile.subscriptions
import lk_graphql.rules.extensions
import lk_graphql.staff.mutations
import lk_graphql.uploads.extensions
import lk_graphql.uploads.mutations
import lk_graphql.uploads.subscriptions
from lk_graphql.api.audience import customer_view, is_staff_field
from lk_graphql.api.root_fields import (
    Access,
    Mutation,
    RefusalsAsData,
    Subscription,
    mark_codes,
    open_to,
)
from lk_graphql.database import SLICES
from lk_graphql.kit.viewer import Audience
from lk_graphql.planner.declare.scalars import SCALARS
from lk_graphql.planner.types import EXTENDED, Query

open_to(Access.ANYONE)(Query)  # `node` checks the ownership of each id

GRAPH = (
    lk_graphql.identity.queries,
    lk_graphql.identity.mutations,
    lk_graphql.profile.extensions,
    lk_graphql.profile.mutations,
    lk_graphql.profile.queries,
    lk_graphql.profile.subscriptions,
    lk_graphql.uploads.extensions,
    lk_graphql.uploads.mutations,
    lk_graphql.uploads.subscriptions,
    lk_graphql.accounts.extensions,
    lk_graphql.accounts.queries,
    lk_graphql.accounts.mutations,
    lk_graphql.accounts.subscriptions,
    lk_graphql.notifications.extensions,
    lk_graphql.notifications.queries,
    lk_graphql.notifications.mutations,
    lk_graphql.notifications.subscriptions,
    lk_graphql.metering.extensions,
    lk_graphql.metering.mutations,
    lk_graphql.metering.queries,
    lk_graphql.billing.extensions,
    lk_graphql.billing.queries,
    lk_graphql.payments.extensions,
    lk_graphql.payments.queries,
    lk_graphql.payments.mutations,
    lk_graphql.payments.subscriptions,
    lk_graphql.appeals.extensions,
    lk_graphql.appeals.queries,
    lk_graphql.appeals.mutations,
    lk_graphql.appeals.subscriptions,
    lk_graphql.contracts.extensions,
    lk_graphql.contracts.mutations,
    lk_graphql.contracts.queries,
    lk_graphql.rules.extensions,
    lk_graphql.backoffice.extensions,
    lk_graphql.backoffice.queries,
    lk_graphql.backoffice.mutations,
    lk_graphql.backoffice.subscriptions,
    lk_graphql.staff.mutations,
)
"""The GraphQL modules; each import adds fields to root types and to types of other slices."""


def _by_slice(field: Any) -> int:
    """Sort key: the position of the field's slice; fields outside the slices come first."""
    slice_name = getattr(field.origin, "__module__", "").removeprefix("lk_graphql.").split(".")[0]
    return SLICES.index(slice_name) if slice_name in SLICES else -1


for extended in EXTENDED:  # the order of imports must not change the schema
    get_object_definition(extended, strict=True).fields.sort(key=_by_slice)


def _mark_staff_codes() -> None:
    """Mark the codes of customers' error types that no mutation of customers lists."""
    roles: dict[type[StrEnum], dict[str, list[Access]]] = defaultdict(lambda: defaultdict(list))
    of_customers: dict[type[StrEnum], set[str]] = defaultdict(set)
    for field in get_object_definition(Mutation, strict=True).fields:
        (refusals,) = (e for e in field.extensions if isinstance(e, RefusalsAsData))
        for code in refusals.codes:
            if is_staff_field(field.python_name):
                roles[type(code)][code].append(refusals.access)
            else:
                of_customers[type(code)].add(code)
    for enum, customers_codes in of_customers.items():
        least = {code: min(levels, key=[*Access].index) for code, levels in roles[enum].items()}
        mark_codes(
            enum, {code: role for code, role in least.items() if code not in customers_codes}
        )


_mark_staff_codes()

_strawberry = strawberry.Schema(
    Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=SCALARS)
)
# Strawberry has no public name for it
graphql_schema: GraphQLSchema = _strawberry._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]

# Strawberry checks `@oneOf` when it converts a value, which is after validation. graphql-core
# validates literals and variables, with locations, if the type has the flag.
for _type in graphql_schema.type_map.values():
    if isinstance(_type, GraphQLInputObjectType):
        _type.is_one_of = _type.extensions["strawberry-definition"].is_one_of


@cache
def sdl(audience: Audience | None = None) -> str:
    """The SDL as in `schema.graphql`, with access directives; with an `audience`, only its part."""
    if audience is Audience.CUSTOMER:
        return customer_view(sdl())
    text: Any = print_schema(_strawberry)
    # part of GraphQL since 2025; linters would require a description of this definition
    return f"{text}\n".replace("directive @oneOf on INPUT_OBJECT\n\n", "")

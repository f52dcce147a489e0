"""Who may call a root field: shown in the SDL by what enforces it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import strawberry
from strawberry.schema_directive import Location
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField

from lk_graphql.api.context import Context
from lk_graphql.kit.errors import Forbidden
from lk_graphql.kit.viewer import Role
from lk_graphql.planner.types import choices

Class = TypeVar("Class", bound=type[Any])


class Access(StrEnum):
    """Each role of staff may do what the ones above it in this list may."""

    ANYONE = "ANYONE"
    CUSTOMER = "CUSTOMER"
    CLERK = "CLERK"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"

    def require(self, context: Context, *, is_mutation: bool = True) -> None:
        """Raises `NotSignedIn` or `Forbidden`.

        A customer's session never gives a role of staff, nor one of staff's a customer. Staff who
        look at a cabinet as the customer sees it may change nothing at all, and watch what the
        customer watches.
        """
        if is_mutation and context.session is not None and context.session.is_read_only:
            raise Forbidden
        match self:
            case Access.ANYONE:
                pass
            case Access.CUSTOMER:
                _ = context.viewer
            case Access.CLERK | Access.SUPERVISOR | Access.ADMIN:
                _require_role(context, Role(self))


def _require_role(context: Context, role: Role) -> None:
    if context.session is not None and context.staff_session is None:
        raise Forbidden
    if not context.staff.may(role):
        raise Forbidden


choices(
    Access,
    "Who may call a root field.",
    ANYONE="Guests too.",
    CUSTOMER="A signed-in customer («абонент»).",
    CLERK="Staff who answer customers («оператор»).",
    SUPERVISOR="Staff who decide («старший оператор»).",
    ADMIN="Staff who run the cabinet («администратор»).",
)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="access",
    description="Who may call this root field.",
)
class AccessDirective:
    role: Access = strawberry.field(description="The least role that may.")


def open_to(role: Access) -> Callable[[Class], Class]:
    """Show who may use the root fields of a class; stands above `@extends(Query)`.

    It shows only: a query's rows are guarded by the declaration of the types that hold them.
    """

    def show(cls: Class) -> Class:
        for field in get_object_definition(cls, strict=True).fields:
            mark(field, role)
        return cls

    return show


def mark(field: StrawberryField, role: Access) -> None:
    """Give a field the directive, unless it has one."""
    if not any(isinstance(directive, AccessDirective) for directive in field.directives):
        field.directives = [*field.directives, AccessDirective(role=role)]

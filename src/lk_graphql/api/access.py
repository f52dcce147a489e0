"""Access levels of root fields: their enforcement, and the directive that shows them."""

from collections.abc import Callable, Mapping
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
    """An access level. A staff role includes the rights of the roles listed before it."""

    ANYONE = "ANYONE"
    CUSTOMER = "CUSTOMER"
    CLERK = "CLERK"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"

    def require(self, context: Context, *, is_mutation: bool = True) -> None:
        """Check the access level. Raises `NotSignedIn` or `Forbidden`.

        A customer's session has no staff role, and a staff session is no customer's session. A
        read-only session (of staff who view a cabinet) may run subscriptions, but no mutation.
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
    "The access level of a root field or an enum value.",
    ANYONE="Everyone, including guests.",
    CUSTOMER="A signed-in customer («клиент»).",
    CLERK="Staff who answer customers («оператор»).",
    SUPERVISOR="Staff who decide («старший оператор»).",
    ADMIN="Staff who administer the cabinet («администратор»).",
)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.ENUM_VALUE],
    name="access",
    description=(
        "The access level that this root field requires, or that may receive this enum value."
    ),
)
class AccessDirective:
    role: Access = strawberry.field(description="The lowest role with access.")


def open_to(role: Access) -> Callable[[Class], Class]:
    """Add the access directive to the root fields of a class; apply it above `@extends(Query)`.

    The directive only documents: the declarations of the types restrict the rows of a query.
    """

    def decorate(cls: Class) -> Class:
        for field in get_object_definition(cls, strict=True).fields:
            mark(field, role)
        return cls

    return decorate


def mark(field: StrawberryField, role: Access) -> None:
    """Add the directive to a field without one."""
    if not any(isinstance(directive, AccessDirective) for directive in field.directives):
        field.directives = [*field.directives, AccessDirective(role=role)]


def mark_codes(code: type[StrEnum], roles: Mapping[str, Access]) -> None:
    """Add the directive to error codes that only staff get; `roles` has the lowest role by code."""
    enum: Any = code
    for value in enum.__strawberry_definition__.values:
        if value.name in roles:
            value.directives = (AccessDirective(role=roles[value.name]),)

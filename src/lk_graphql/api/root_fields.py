"""Root fields of slices: `@mutation`, `@preview` and `@subscription`, and who may call them."""

import inspect
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from enum import StrEnum
from functools import wraps
from types import NoneType
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

import strawberry
import structlog
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from lk_graphql.api.context import Context, Info
from lk_graphql.kit.errors import Forbidden, Refusal, Refusals, refusals_of
from lk_graphql.kit.languages import Language
from lk_graphql.kit.typed_numbers import UnreadableNumber
from lk_graphql.kit.viewer import Role
from lk_graphql.planner.types import choices

log = structlog.stdlib.get_logger("lk_graphql.api")
Class = TypeVar("Class", bound=type[Any])
T = TypeVar("T")
Resolver = Callable[..., Any]
EventSource = Callable[..., AsyncGenerator[Any, None]]
Input = Annotated[T, strawberry.argument(description="The parameters of the request.")]
"""The one argument of a mutation: `input: Input[NoteWriteInput]`."""


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


@strawberry.type(description="The root of all mutations.")
class Mutation:
    """Slices add their mutations by `@extends(Mutation)`."""


@strawberry.interface(description="A refusal, worded for the customer.")
class UserError:
    message: str = strawberry.field(
        description="The text to show: Russian, or English if `Accept-Language` prefers it."
    )
    path: list[str] = strawberry.field(
        description=(
            "The path of the input field that caused the error, from the input's root; "
            "empty if none did."
        )
    )
    reason: str = strawberry.field(
        description="`code` as text, for clients that handle the errors of all mutations alike."
    )


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="refusals",
    description="The codes that the payload's `errors` may have, from the enum of its error type.",
)
class RefusalsDirective:
    codes: list[str] = strawberry.field(
        description="The codes, as a rule in the order of the checks."
    )


def outcome(description: str) -> Any:
    """Declare a payload's result field; a sentence about null is added to `description`."""
    return strawberry.field(
        default=None, description=f"{description} Null if the request was refused."
    )


def errors() -> Any:
    """Declare a payload's `errors`; the annotation sets the error type."""
    return strawberry.field(
        default_factory=list, description="The reasons for a refusal; empty if there was none."
    )


def mutation(
    *, access: Access, codes: Iterable[StrEnum] | None = None, deprecated: str | None = None
) -> Callable[[Resolver], Any]:
    """Declare a use case, whose refusals become data of the payload.

    `deprecated` is the reason of its deprecation, if any.

    The description is the docstring, followed by the list of `codes` (default: all codes of the
    error type). The annotation of the payload's `errors` sets the error type: a `UserError` with
    `code`, and with a field for each of the refusal's `details` to expose.
    """

    def declare(resolver: Resolver) -> Any:
        options = _options(resolver, _hints(resolver)["return"], access, codes)
        return strawberry.mutation(
            resolver=resolver,
            deprecation_reason=deprecated,
            **options,
        )

    return declare


def preview(*, access: Access, codes: Iterable[StrEnum]) -> Callable[[Resolver], Any]:
    """Declare a query that has the input and the payload of a mutation, but saves nothing.

    Its type is nullable, so that an error in it doesn't affect the rest of the query.
    """

    def declare(resolver: Resolver) -> Any:
        members = get_args(_hints(resolver)["return"])
        (payload,) = (type_ for type_ in members if type_ is not NoneType)
        return strawberry.field(
            resolver=resolver,
            **_options(resolver, payload, access, codes),
        )

    return declare


def _options(
    resolver: Resolver, payload: Any, access: Access, codes: Iterable[StrEnum] | None
) -> dict[str, Any]:
    """Strawberry's options of a field whose payload has `errors`."""
    (error,) = get_args(_hints(payload)["errors"])
    declared_codes = tuple(codes if codes is not None else _hints(error)["code"])
    codes_in_sdl = [code.value for code in dict.fromkeys(declared_codes)]
    return {
        "description": _description(resolver, declared_codes),
        "directives": [AccessDirective(role=access), RefusalsDirective(codes=codes_in_sdl)],
        "extensions": [RefusalsAsData(access, payload, error, frozenset(declared_codes))],
    }


class RefusalsAsData(FieldExtension):
    """Checks the access level, turns refusals into the payload's `errors`, and adds the viewer.

    The payload of a customer's mutation gets its `viewer`, if it has such a field.
    """

    def __init__(
        self, access: Access, payload: type[Any], error: type[Any], codes: frozenset[StrEnum]
    ) -> None:
        self.access = access
        self.codes = codes
        self._payload = payload
        self._error = error
        self._viewer = _viewer_type(payload) if access is Access.CUSTOMER else None
        self._code: Callable[[str], StrEnum] = _hints(error)["code"]
        definition = get_object_definition(error, strict=True)
        self._extras = {f.python_name for f in definition.fields} - {
            "code",
            "message",
            "path",
            "reason",
        }

    async def resolve_async(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        self.access.require(info.context)
        try:
            self._require_numbers(kwargs.get("input"))
            return self._with_viewer(await next_(source, info, **kwargs), info.context)
        except (Refusal, Refusals) as error:
            refusals = refusals_of(error)
        language = info.context.client.language
        return self._payload(errors=[self._error_of(refusal, language) for refusal in refusals])

    def _with_viewer(self, payload: Any, context: Context) -> Any:
        if self._viewer is not None:
            payload.viewer = context.rows.by_key(self._viewer, context.viewer.id)
        return payload

    def _require_numbers(self, input_: object) -> None:
        """Refuse malformed numbers in the input. Raises `Refusals` with one for each."""
        refusals: list[Refusal] = [
            number.refusal(*path, strange=number.strange)
            for path, number in malformed_numbers(input_)
        ]
        if refusals:
            raise Refusals(refusals)

    def _error_of(self, refusal: Refusal, language: Language) -> Any:
        code = self._code(refusal.code)
        if code not in self.codes:
            log.warning("a mutation doesn't list one of its codes", code=code)
        extras: Mapping[str, object] = {
            name: value for name, value in refusal.details.items() if name in self._extras
        }
        return self._error(
            code=code,
            message=refusal.text(language),
            path=list(refusal.path),
            reason=code.value,
            **extras,
        )


def _viewer_type(payload: type[Any]) -> type[Any] | None:
    """The type of the payload's field `viewer`, if it has one."""
    members = get_args(_hints(payload).get("viewer"))
    return members[0] if members else None


def malformed_numbers(
    value: object, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], UnreadableNumber]]:
    """The numbers of an input object that couldn't be read, with the paths of their fields."""
    if isinstance(value, UnreadableNumber):
        yield path, value
    elif isinstance(value, strawberry.Some):
        yield from malformed_numbers(cast("Any", value).value, path)
    elif isinstance(value, list):
        for number, item in enumerate(cast("list[object]", value)):
            yield from malformed_numbers(item, (*path, str(number)))
    elif definition := get_object_definition(value):
        for field in definition.fields:
            name = field.graphql_name or to_camel_case(field.python_name)
            yield from malformed_numbers(getattr(value, field.python_name), (*path, name))


def _hints(annotated: Any) -> dict[str, Any]:
    return get_type_hints(annotated, include_extras=False)


def _description(resolver: Resolver, codes: Iterable[StrEnum] = ()) -> str:
    description = inspect.getdoc(resolver)
    if not description:
        raise TypeError(f"{resolver.__qualname__} needs a docstring, the description in the schema")
    code_list = ", ".join(f"`{code}`" for code in codes)
    return f"{description}\n\nCodes: {code_list}." if code_list else description


@strawberry.type(description="The root of all subscriptions, over WebSocket or Server-Sent Events.")
class Subscription:
    """Slices add their subscriptions by `@extends(Subscription)`."""


def subscription(*, access: Access) -> Callable[[EventSource], Any]:
    """Declare a root field that yields an object at once and after each change of it.

        @subscription(access=Access.CUSTOMER)
        async def account_changed(
            self, info: Info, account_id: Id
        ) -> AsyncGenerator[Account | None]:
            '''An account, and again after each change of it.'''
            ctx, key = info.context, key_of(account_id, "acc")
            async for _ in ctx.ports.pubsub.changes("account", key):
                yield ctx.rows.by_key(Account, key)

    A resolver yields the object's key. One statement reads each result, under the subscriber's
    session at that moment. The first result is sent at once, so a client that reconnects misses no
    change. A null result (the object is deleted, or no longer belongs to the subscriber) ends the
    subscription. The docstring is the description.
    """

    def declare(source: EventSource) -> Any:
        description = _description(source)

        @wraps(source)
        async def guarded(root: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
            access.require(info.context, is_mutation=False)
            async with aclosing(source(root, info, **arguments)) as events:
                async for ref in events:
                    yield ref

        return strawberry.subscription(
            resolver=guarded, description=description, directives=[AccessDirective(role=access)]
        )

    return declare

"""Conventions of the GraphQL schema, checked for every type."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
    parse,
    value_from_ast_untyped,
)

from lk_graphql.api.request_errors import Code
from lk_graphql.planner.catalog import type_declaration
from lk_graphql.planner.untyped import get_named_type
from lk_graphql.schema import graphql_schema, sdl

SCALARS = {
    "String", "Int", "Boolean", "ID",
    "Date", "DateTime", "Period", "Money", "Quantity", "Url",
}  # fmt: skip
SUFFIXES = ("Input", "Payload", "Error", "ErrorCode", "Connection", "Edge")
ROOTS = ("Query", "Mutation", "Subscription")

TYPES: dict[str, Any] = {
    name: type_ for name, type_ in graphql_schema.type_map.items() if not name.startswith("__")
}
MUTATIONS: dict[str, Any] = TYPES["Mutation"].fields


def fields_of(*kinds: type[Any]) -> Iterator[tuple[str, str, Any]]:
    """All fields of the types of these kinds, as (type name, field name, field)."""
    for type_name, type_ in TYPES.items():
        if isinstance(type_, kinds):
            yield from ((type_name, name, field) for name, field in type_.fields.items())


def descriptions() -> Iterator[tuple[str, str | None]]:
    """The descriptions of all schema elements, by schema coordinate."""
    for name, type_ in TYPES.items():
        if name not in ("String", "Int", "Boolean", "ID", "Float"):
            yield name, type_.description
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{name}.{v}", value.description) for v, value in type_.values.items())
    for type_name, name, field in fields_of(GraphQLObjectType, GraphQLInterfaceType):
        yield f"{type_name}.{name}", field.description
        yield from ((f"{type_name}.{name}({a}:)", arg.description) for a, arg in field.args.items())
    for type_name, name, field in fields_of(GraphQLInputObjectType):
        yield f"{type_name}.{name}", field.description


def test_the_exported_sdl_is_the_code_s():
    exported = Path(__file__).parents[1] / "schema.graphql"
    assert exported.read_text() == sdl(), "run `make schema`"


def test_mutations_come_as_a_customer_meets_them():
    names = list(MUTATIONS)
    story = [
        *("captchaCreate", "userRegister", "userActivate", "activationResend"),
        *("sessionCreate", "sessionEnd", "passwordChange", "emailChangeRequest"),
        *("accountLinkPreview", "accountLink", "accountRename"),
    ]
    assert [name for name in names if name in story] == story


def test_the_order_of_imports_changes_nothing():
    """Tests and jobs import parts of the graph before the schema is built."""
    parts = [
        *("billing.extensions", "accounts.types.objects", "accounts.mutations"),
        *("identity.types.payloads", "identity.mutations", "metering.extensions"),
    ]
    code = (
        "import importlib, sys\n"
        f"for part in {parts}: importlib.import_module('lk_graphql.' + part)\n"
        "from lk_graphql.schema import sdl; sys.stdout.write(sdl())"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == sdl()


def test_everything_is_described():
    assert [name for name, text in descriptions() if not (text or "").strip()] == []


def test_descriptions_open_with_a_noun_or_a_verb():
    pronouns = re.compile(r"(What|Who|Whom|Whose|Where|How|When|Why|Since)\b")
    assert [name for name, text in descriptions() if pronouns.match(text or "")] == []


def test_descriptions_are_of_things_and_not_of_you():
    assert [
        name for name, text in descriptions() if re.search(r"\b[Yy]ours?\b|\b[Yy]ou\b", text or "")
    ] == []


def test_the_codes_of_errors_are_listed():
    description = graphql_schema.query_type and graphql_schema.query_type.description
    assert re.findall("`([A-Z_]+)`", description or "") == [*Code]


def test_viewer_and_node_are_nullable_for_guests():
    assert str(TYPES["Query"].fields["viewer"].type) == "User"
    assert str(TYPES["Query"].fields["node"].type) == "Node"


def test_a_mutation_has_an_input_and_a_payload():
    for name, field in MUTATIONS.items():
        pascal = name[0].upper() + name[1:]
        assert {n: str(a.type) for n, a in field.args.items()} == {"input": f"{pascal}Input!"}
        assert str(field.type) == f"{pascal}Payload!"


def test_a_payload_is_nullable_but_for_its_errors():
    for name, field in MUTATIONS.items():
        fields = dict(field.type.of_type.fields)
        assert re.fullmatch(r"\[\w+Error!\]!", str(fields.pop("errors").type)), name
        assert [n for n, f in fields.items() if isinstance(f.type, GraphQLNonNull)] == [], name


def test_a_mutation_lists_its_codes():
    """The description names at least one code, and existing codes only."""
    for name, field in MUTATIONS.items():
        error = str(field.type.of_type.fields["errors"].type).strip("[]!")
        codes = TYPES[f"{error}Code"]
        codes_named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", field.description or ""))
        assert codes_named, name
        assert codes_named <= set(codes.values), name


def directives(name: str) -> dict[str, Any]:
    """The arguments of a directive in the SDL, by the coordinate of what has it."""
    document: Any = parse(sdl())
    return {
        f"{definition.name.value}.{node.name.value}": {
            argument.name.value: value_from_ast_untyped(argument.value)
            for argument in directive.arguments or ()
        }
        for definition in document.definitions
        for kind in ("fields", "values")
        for node in getattr(definition, kind, None) or ()
        for directive in node.directives or ()
        if directive.name.value == name
    }


def fields_with_codes() -> dict[str, Any]:
    """Mutations, and queries whose payload has `errors`, by their coordinates."""
    queries = TYPES["Query"].fields
    previews = {f"Query.{name}": field for name, field in queries.items() if has_errors(field)}
    return previews | {f"Mutation.{name}": field for name, field in MUTATIONS.items()}


def has_errors(field: Any) -> bool:
    return "errors" in getattr(get_named_type(field.type), "fields", ())


def test_a_directive_has_the_codes_of_its_field_s_description():
    codes_in_sdl = directives("refusals")

    for coordinate, field in fields_with_codes().items():
        _, _, listed = (field.description or "").rpartition("\n\nCodes: ")
        codes = codes_in_sdl.pop(coordinate)["codes"]
        assert codes == list(dict.fromkeys(re.findall("`([A-Z_]+)`", listed))), coordinate
    assert codes_in_sdl == {}


def test_codes_that_customers_never_meet_are_marked():
    """In the enums that customers meet; others belong to staff altogether."""
    marked = {name for name in directives("access") if "ErrorCode." in name}
    codes_of: dict[str, set[str]] = {"customers": set(), "staff": set()}
    for coordinate, arguments in directives("refusals").items():
        payload: Any = get_named_type(fields_with_codes()[coordinate].type)
        error = str(payload.fields["errors"].type).strip("[]!")
        side = "staff" if coordinate.startswith("Mutation.staff") else "customers"
        codes_of[side] |= {f"{error}Code.{code}" for code in arguments["codes"]}

    shared = {coordinate.partition(".")[0] for coordinate in codes_of["customers"]}
    of_staff = codes_of["staff"] - codes_of["customers"]
    assert marked == {code for code in of_staff if code.partition(".")[0] in shared}
    said = {n for n, text in descriptions() if "Returned to staff only" in (text or "")}
    assert said == marked


WITHOUT_VIEWER = {
    **dict.fromkeys(
        ("accountLinkPreview", "paymentPreview", "profileUpdatePreview", "readingsPreview"),
        "a preview saves nothing, so no cache is stale",
    ),
    "sessionEnd": "nobody is signed in any more: the whole cache goes",
}
"""Mutations of customers whose payload has no `viewer`, with the reason."""


def test_the_payload_of_a_customer_s_mutation_has_the_viewer_for_caches():
    """Guests' payloads reveal nothing but the outcome: only a sign-in tells who it is."""
    have_viewer = {n for n, f in MUTATIONS.items() if "viewer" in f.type.of_type.fields}
    access = {
        coordinate.removeprefix("Mutation."): arguments["role"]
        for coordinate, arguments in directives("access").items()
        if coordinate.startswith("Mutation.")
    }
    of_customers = {name for name, role in access.items() if role == "CUSTOMER"}
    of_guests = {name for name, role in access.items() if role == "ANYONE"}

    assert set(access) == set(MUTATIONS)
    assert of_customers - have_viewer == set(WITHOUT_VIEWER)
    assert of_guests & have_viewer == {"sessionCreate"}
    assert {str(MUTATIONS[n].type.of_type.fields["viewer"].type) for n in have_viewer} == {"User"}


def test_every_error_is_a_user_error_with_a_code():
    errors = [t for n, t in TYPES.items() if n.endswith("Error") and n != "UserError"]
    assert errors
    for error in errors:
        assert isinstance(error, GraphQLObjectType)
        assert [i.name for i in error.interfaces] == ["UserError"]
        assert str(error.fields["code"].type) == f"{error.name}Code!"


def test_lists_hold_no_nulls():
    nullable = [
        f"{type_name}.{name}: {field.type}"
        for type_name, name, field in fields_of(
            GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType
        )
        if re.search(r"[^!]\]", str(field.type))
        and f"{type_name}.{name}" != "Query.nodes"  # Relay: an unknown id gives null
    ]
    assert nullable == []


def test_connections_are_relay_s():
    for name, type_ in TYPES.items():
        if name.endswith("Connection"):
            node = name.removesuffix("Connection")
            fields = {n: str(f.type) for n, f in type_.fields.items()}
            assert fields["edges"] == f"[{node}Edge!]!"
            assert fields["nodes"] == f"[{node}!]!"
            assert fields["pageInfo"] == "PageInfo!"


def test_fields_that_give_connections_take_first_and_after():
    for type_name, name, field in fields_of(GraphQLObjectType):
        if str(field.type).endswith("Connection!"):
            arguments = {n: str(a.type) for n, a in field.args.items()}
            assert {"first", "after"} <= set(arguments), f"{type_name}.{name}"
            first = field.args["first"]
            assert (str(first.type), first.default_value) == ("Int", Undefined)
            assert "; 20 by default" in first.description


def test_last_is_an_argument_of_connections_only():
    """Elsewhere `first` says how many, so that `last` can't mean the newest."""
    lasts = {
        str(field.type)
        for _, _, field in fields_of(GraphQLObjectType, GraphQLInterfaceType)
        if "last" in field.args
    }
    assert lasts
    assert all(type_.endswith("Connection!") for type_ in lasts), lasts


def test_subscriptions_show_one_nullable_object_over_rows():
    """Resolvers yield keys; null means that the object is gone or not the subscriber's any more."""
    for name, field in TYPES["Subscription"].fields.items():
        assert isinstance(field.type, GraphQLObjectType), name
        assert type_declaration(field.type), name


def test_scalars_are_a_closed_set():
    scalars = {n for n, t in TYPES.items() if isinstance(t, GraphQLScalarType)}
    assert scalars <= SCALARS


def test_suffixes_of_types_agree_with_their_kinds():
    for name, type_ in TYPES.items():
        assert name.endswith("Input") == isinstance(type_, GraphQLInputObjectType), name
        if name.endswith("ErrorCode"):
            assert isinstance(type_, GraphQLEnumType), name
    for suffix in ("DTO", "Response", "Result", "Data", "Object"):
        assert [n for n in TYPES if n.endswith(suffix)] == [], suffix


def test_root_fields_have_the_directive_access():
    text = sdl()
    for root in ROOTS:
        body = re.search(rf"^type {root} .*?^}}", text, re.DOTALL | re.MULTILINE)
        if root in TYPES:
            assert body is not None
            fields = TYPES[root].fields
            assert len(re.findall(r"@access\(role: [A-Z]+\)", body[0])) == len(fields), root


def test_deprecations_have_a_replacement_and_days():
    form = r"Use `[\w.]+`\. Deprecated \d{4}-\d\d-\d\d, removed after \d{4}-\d\d-\d\d\."
    for type_name, name, field in fields_of(
        GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType
    ):
        if field.deprecation_reason:
            assert re.fullmatch(form, field.deprecation_reason), f"{type_name}.{name}"

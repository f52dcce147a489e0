"""The customers' view of the schema: what it leaves out, and where it is served."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    parse,
    validate,
)
from starlette.applications import Starlette

from lk_graphql.api.audience import customer_view, is_staff_document, problems, routes
from lk_graphql.kit.viewer import Audience
from lk_graphql.schema import graphql_schema, sdl
from lk_graphql.staff.errors import StaffErrorCode

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "operations").glob("*.graphql"))
OF_STAFF = {"13-staff", "14-import"}

SMALL = '''"""Of a field."""
directive @access(role: Role!) on FIELD_DEFINITION | ENUM_VALUE

enum Role {
  CUSTOMER
  CLERK
}

type Query {
  """For staff."""
  staff: Staff @access(role: CLERK)

  """For all."""
  shop: Shop! @access(role: CUSTOMER)
}

"""Of customers."""
interface Node {
  id: ID!
}

type Shop implements Node {
  id: ID!
  state(where: FilterInput): State!
}

input FilterInput {
  """How many."""
  most: Int
}

enum State {
  OPEN

  """Said to staff."""
  RAIDED @access(role: CLERK)
}

type Staff {
  order: Order!
}

type Order implements Node {
  id: ID!
}
'''


@pytest.fixture(scope="module")
def view() -> str:
    return sdl(Audience.CUSTOMER)


def reached(schema: GraphQLSchema) -> set[str]:
    """The names of the types that operations reach, by graphql-core's schema."""
    names = set[str]()
    waiting: list[GraphQLNamedType] = [
        type_
        for type_ in (schema.query_type, schema.mutation_type, schema.subscription_type)
        if type_
    ]
    while waiting:
        type_: Any = waiting.pop()
        if type_.name in names:
            continue
        names.add(type_.name)
        if is_object_type(type_) or is_interface_type(type_) or is_input_object_type(type_):
            waiting += getattr(type_, "interfaces", ())
            for field in type_.fields.values():
                arguments = getattr(field, "args", {}).values()
                waiting += [get_named_type(of.type) for of in (field, *arguments)]
    return names


def test_fields_of_staff_go_with_all_that_only_they_reach():
    expected = SMALL.replace('  """For staff."""\n  staff: Staff @access(role: CLERK)\n\n', "")
    expected = expected.replace('\n\n  """Said to staff."""\n  RAIDED @access(role: CLERK)', "")
    assert customer_view(SMALL) == expected[: expected.index("\ntype Staff")]
    assert problems(customer_view(SMALL), ["{ shop { id state } }"]) == []
    assert problems(customer_view(SMALL), ["{ staff { order { id } } }"]) == [
        "Cannot query field 'staff' on type 'Query'."
    ]


def test_customers_reach_every_type_of_their_view(view: str):
    schema = build_schema(view)
    scalars = {"Boolean", "Float", "ID", "Int", "String"}
    named = {name for name in schema.type_map if not name.startswith("__")} - scalars
    assert named - reached(schema) == {"Access"}  # of the directive `@access`


def test_customers_lose_nothing_of_their_own(view: str):
    """Its types have all fields and values of the whole, but for root fields and codes of staff."""
    schema = build_schema(view)
    lost = [
        f"{name}.{member}"
        for name, type_ in schema.type_map.items()
        for kind in ("fields", "values")
        for member in getattr(graphql_schema.type_map[name], kind, {})
        if member not in getattr(type_, kind)
    ]
    assert sorted(member for member in lost if ".staff" not in member) == [
        "AppealErrorCode.APPEAL_TAKEN",
        "AppealErrorCode.COLLEAGUE_NOT_FOUND",
        "AppealErrorCode.TERM_INVALID",
        "AppealErrorCode.TOPIC_FIXED",
        "AppealErrorCode.TOPIC_KNOWN",
        "ContractErrorCode.APPLICATION_TAKEN",
        "ContractErrorCode.COLLEAGUE_NOT_FOUND",
        "ReadingErrorCode.CALLER_INVALID",
        "ReadingErrorCode.REASON_INVALID",
    ]
    assert not [name for name in schema.type_map if name.startswith("Staff")]


def test_root_fields_of_staff_have_the_prefix_staff():
    """`staff…` decides what customers don't see, as guests may call `staffSessionCreate`."""
    fields = r"^  (\w+)(?:\([^()]*\))?: \S+ @access\(role: (?:CLERK|SUPERVISOR|ADMIN)\)"
    names = re.findall(fields, sdl().replace("(s)", "s"), re.MULTILINE)
    assert len(names) > 40
    assert [name for name in names if not name.startswith("staff")] == []


def test_an_enum_of_staff_alone_has_no_marks():
    enum: Any = StaffErrorCode
    assert is_enum_type(graphql_schema.type_map["StaffErrorCode"])
    assert [v.name for v in enum.__strawberry_definition__.values if v.directives] == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_of_customers_are_valid_in_their_view(file: Path, view: str):
    document = file.read_text()
    assert is_staff_document(document) == (file.stem in OF_STAFF)
    assert (validate(build_schema(view), parse(document)) == []) == (file.stem not in OF_STAFF)


async def test_both_views_are_served(view: str):
    transport = httpx.ASGITransport(Starlette(routes=routes(sdl)))
    async with httpx.AsyncClient(transport=transport, base_url="http://lk") as client:
        whole, customers, unknown = [
            await client.get(f"/schema.graphql{query}")
            for query in ("", "?audience=customer", "?audience=staff")
        ]
    assert (whole.text, customers.text) == (sdl(), view)
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert (unknown.status_code, unknown.text) == (400, "audience is one of: customer.\n")

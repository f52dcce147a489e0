"""`lk schema client`: settings of clients, compared with the schema and with the examples."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType

from lk_graphql.cli.client_config import PRINTERS, client_config
from lk_graphql.schema import graphql_schema, sdl
from tests.support.cli_process import lk

EXAMPLES = Path(__file__).parents[2] / "examples" / "client"

SDL = """
directive @refusals(codes: [String!]!) on FIELD_DEFINITION
type Query { viewer: User settings: Settings! staff: Staff }
type Mutation {
  nameSet(input: String!): NameSetPayload! @refusals(codes: ["NAME_INVALID", "NAME_TAKEN"])
  staffNote: NameSetPayload! @refusals(codes: ["REASON_REQUIRED"])
}
type NameSetPayload { viewer: User errors: [NameError!]! }
type NameError { code: String! }
type User { id: ID! home: Home about: Subject news(first: Int, where: String): NewsConnection!
  steps(first: Int): StepConnection! }
union Subject = User | Home
type Home { address: String! rooms: [Room!]! }
type Room { size: Int! }
type Settings { longest: Int! }
type News { id: ID! }
type Step { text: String! }
type NewsConnection { nodes: [News!]! edges: [NewsEdge!]! pageInfo: PageInfo! }
type NewsEdge { node: News! }
type StepConnection { nodes: [Step!]! edges: [StepEdge!]! pageInfo: PageInfo! }
type StepEdge { node: Step! }
type PageInfo { hasNextPage: Boolean! }
type Staff { me: StaffMember }
type StaffMember { name: String! }
"""
APOLLO = """\
// Printed by `lk schema client apollo`. new InMemoryCache({ typePolicies, possibleTypes }); \
select `edges`: `nodes` aren't merged.
import { relayStylePagination } from "@apollo/client/utilities";

export const typePolicies = {
  Home: { merge: true },
  Settings: { merge: true },
  User: { fields: { news: relayStylePagination(["where"]), steps: relayStylePagination() } },
};

export const possibleTypes = {
  Subject: ["Home", "User"],
};
"""
GRAPHCACHE = """\
// Printed by `lk schema client graphcache`. cacheExchange({ schema, keys, resolvers }).
import { relayPagination } from "@urql/exchange-graphcache/extras";

export const keys = {
  Home: () => null,
  NameError: () => null,
  Room: () => null,
  Settings: () => null,
  Step: () => null,
};

export const resolvers = {
  User: { news: relayPagination(), steps: relayPagination() },
};
"""
REFUSALS = """\
// Printed by `lk schema client refusals`. Refusal<"userActivate"> is the type of its codes.
export const refusals = {
  nameSet: ["NAME_INVALID", "NAME_TAKEN"],
} as const;

export type Refusal<Mutation extends keyof typeof refusals> =
  (typeof refusals)[Mutation][number];
"""


@pytest.mark.parametrize(
    ("kind", "module"), [("apollo", APOLLO), ("graphcache", GRAPHCACHE), ("refusals", REFUSALS)]
)
def test_a_client_s_configuration_leaves_out_the_types_of_staff(kind: str, module: str):
    assert client_config(SDL, kind) == module


def test_every_object_of_a_customer_has_an_id_or_a_key():
    """Without either, graphcache warns of each row."""
    keys = set(
        re.findall(r"^  (\w+): \(\) => null", client_config(sdl(), "graphcache"), re.MULTILINE)
    )
    types: dict[str, Any] = graphql_schema.type_map
    for name in keys:
        assert isinstance(types[name], GraphQLObjectType)
        assert "id" not in types[name].fields, name
    assert {"PublicSettings", "AccountBalance", "MonthlyConsumption", "ReadingWindow"} <= keys
    assert [name for name in keys if name.startswith("Staff")] == []


@pytest.mark.parametrize("kind", PRINTERS)
def test_the_examples_equal_the_output_of_the_command(kind: str):
    printed = lk("schema", "client", kind)

    assert printed.returncode == 0, printed.stderr
    assert (EXAMPLES / f"{kind}.ts").read_text() == printed.stdout, "run `make schema`"

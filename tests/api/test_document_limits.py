"""The cost of documents before their execution, and refusals before their validation."""

from dataclasses import replace
from pathlib import Path

import pytest
from graphql import (
    SelectionSetNode,
    get_introspection_query,
    parse,
    validate,
)

from lk_graphql.api import document_limits
from lk_graphql.api.complexity import Complexity
from lk_graphql.api.document_limits import DocumentSize, text_points
from lk_graphql.api.request_errors import TooComplex
from lk_graphql.planner.documents import Documents, Operation
from lk_graphql.schema import graphql_schema
from tests.api.endpoint_client import OPTIONS, TOKEN, EndpointClient, MakeClient, rate_limit

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples/operations").glob("*.graphql"))


def measured(query: str) -> DocumentSize:
    return OPTIONS.limits.check(graphql_schema, parse(query))


def chain(count: int, *, scalars: str = "id") -> str:
    """A chain of fragments, each of which spreads the next."""
    links = " ".join(f"fragment F{n} on User {{ {scalars} ...F{n + 1} }}" for n in range(count - 1))
    return f"{{ viewer {{ ...F0 }} }} {links} fragment F{count - 1} on User {{ {scalars} }}"


def spread_together(count: int, scalars: str = "email firstName lastName id") -> str:
    spreads = " ".join(f"...F{n}" for n in range(count))
    fragments = " ".join(f"fragment F{n} on User {{ {scalars} }}" for n in range(count))
    return f"{{ viewer {{ {spreads} }} }} {fragments}"


def fan_out(levels: int, width: int = 2) -> str:
    """A document of linear length with `width` ** `levels` spreads."""
    links = " ".join(
        f"fragment F{n} on User {{ {f'...F{n + 1} ' * width} }}" for n in range(levels)
    )
    return f"{{ viewer {{ ...F0 }} }} {links} fragment F{levels} on User {{ id }}"


def nested(copies: int) -> str:
    """Four levels of fields, each of them repeated."""
    text = "amount " * copies
    for name in ("lines", "invoices", "accounts"):
        text = f"{name} {{ {text} }} " * copies
    return f"{{ viewer {{ {text} }} }}"


REFUSED = {
    "inline fragments around one field": (
        "{ viewer {" + "...{email}" * 120 + "} }",
        "repetitions",
    ),
    "more inline fragments": ("{ viewer {" + "...{email}" * 480 + "} }", "fragments"),
    "named fragments beside each other": (spread_together(120), "repetitions"),
    "a fan-out": (fan_out(40), "fields"),
    "a wide fan-out": (fan_out(5, width=4), "fields"),
    "a long chain": (chain(60), "repetitions"),
    "repetitions of repetitions": (nested(4), "repetitions"),
    "a field with other arguments each time": (
        "{ viewer { accounts {"
        + "".join(f"...{{invoices(first:{n}){{id}}}}" for n in range(60))
        + "} } }",
        "repetitions",
    ),
    "an unused fragment": (
        "{ __typename } fragment F on User {" + "...{email}" * 120 + "}",
        "repetitions",
    ),
    "unused fragments of each other": (
        "{ __typename }" + fan_out(40).partition("}")[2].partition("}")[2],
        "fields",
    ),
    "fields that don't exist": ("{" + " zz{a}" * 300 + "}", "fields"),
    "deep fields": ("{" + "a{" * 30 + "b" + "}" * 31, "depth"),
    "very deep fields": ("{" + "a{" * 190 + "b" + "}" * 191, "depth"),
    "a list of values": ("{ nodes(ids: [" + '"" ' * 600 + "]) { id } }", "values"),
    "an object of values": (
        "{ viewer { appeals(where: {" + "a:1 " * 600 + "}) { nodes { id } } } }",
        "values",
    ),
    "a default of values": ("query Q($a: [ID!] = [" + '"" ' * 600 + "]) { id }", "values"),
    "arguments": ("{ viewer(" + " ".join(f"a{n}:1" for n in range(300)) + ") { id } }", "argum"),
    "directives": ("{ viewer { email" + "@skip(if:true)" * 60 + "} }", "directives"),
    "directives of a variable": ("query Q($a: Int" + " @a" * 60 + ") { id }", "directives"),
    "variables": (
        "query Q(" + " ".join(f"$a{n}:Int" for n in range(60)) + ") { __typename }",
        "variables",
    ),
    "operations": (" ".join(f"query Q{n} {{a}}" for n in range(60)), "operations"),
    "operations with one large fragment": (
        " ".join(f"query Q{n} {{viewer{{...F}}}}" for n in range(50))
        + "fragment F on User { id email firstName lastName phone language"
        " accounts { id number address } }",
        "fields",
    ),
    "aliases": (
        "{ viewer {" + " ".join(f"a{n}:receiptUrl" for n in range(60)) + "} }",
        "aliases",
    ),
}


@pytest.mark.parametrize(("query", "word"), REFUSED.values(), ids=[*REFUSED])
def test_documents_that_are_slow_to_validate_are_refused_before_validation(query: str, word: str):
    with pytest.raises(TooComplex) as refusal:
        measured(query)
    assert word in refusal.value.message


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_far_from_the_limits(example: Path):
    size = measured(example.read_text())

    limits = OPTIONS.limits
    assert size.comparisons * 4 <= limits.comparisons
    for name in document_limits.OF_DOCUMENT:
        assert getattr(size.complexity, name) * 2 <= getattr(limits, name), name


@pytest.mark.parametrize(
    "options",
    [
        {},  # of GraphiQL, codegen and IDEs
        {
            "specified_by_url": True,
            "directive_is_repeatable": True,
            "schema_description": True,
            "input_value_deprecation": True,
            "one_of": True,
        },
    ],
)
def test_introspection_passes(options: dict[str, bool]):
    size = measured(get_introspection_query(**options))
    assert size.complexity.cost < OPTIONS.limits.cost


def test_twenty_components_may_select_the_same_fields():
    query = spread_together(20, "__typename id")
    assert measured(query).comparisons == 20 * 19 // 2 + 2 * (20 * 19 // 2)
    assert validate(graphql_schema, parse(query)) == []


@pytest.mark.parametrize(
    ("query", "comparisons"),
    [
        ("{ a b c }", 0),
        ("{ a a a }", 3),
        ("{ a ...{a} ...{...{a}} }", 3),
        ("{ a ...F } fragment F on Query { a }", 1),
        ("{ ...F ...F } fragment F on Query { a }", 1 + 1),
        ("{ x: a x: b }", 1),
        ("{ a { b c } a { b c } }", 1 + 2),
        ("{ a { b { c } b { c } } a { b { c } } }", 1 + 3 + 3),
        ("{ a { ...F } a { ...F } } fragment F on A { b }", 1 + 1 + 1),
        ("{ a } fragment F on A { b b ...G } fragment G on A { b }", 3),
        ("{ ...F } fragment F on Query { a ...F }", 1),
        (
            "{ ...F } fragment F on Query { a ...G } fragment G on Query { a { x x } ...F }",
            3 + 1 + 1,
        ),
        ("query A { a a } query B { a a }", 2),
        ("{ ...Nowhere ...Nowhere }", 1),
    ],
)
def test_comparisons_are_the_pairs_of_one_key_and_of_spreads(query: str, comparisons: int):
    assert measured(query).comparisons == comparisons


@pytest.mark.parametrize("width", [1, 2, 4])
def test_a_document_is_measured_in_linear_time(width: int, monkeypatch: pytest.MonkeyPatch):
    """The sets that are walked for comparisons are at most those that the limits admit."""
    walked = 0
    collected = document_limits.ComparisonCounter.collected

    def counting(
        self: document_limits.ComparisonCounter, sets: list[SelectionSetNode]
    ) -> document_limits.Collected:
        nonlocal walked
        result = collected(self, sets)
        walked += len(sets)
        return result

    monkeypatch.setattr(document_limits.ComparisonCounter, "collected", counting)
    limits = replace(OPTIONS.limits, comparisons=10**9)
    for levels in range(1, 60):
        walked = 0
        try:
            size = limits.check(graphql_schema, parse(fan_out(levels, width)))
        except TooComplex:
            assert walked == 0  # nothing is walked of what the memoised counts refuse
        else:
            whole = size.complexity
            assert walked <= whole.fields + whole.spreads + 2
    assert walked == (0 if width > 1 else 62)


def test_points_follow_from_the_text_and_its_elements():
    query = (
        '{ viewer { ...F email @skip(if: false) } node(id: "a") { id } } fragment F on User { id }'
    )

    size = measured(query)

    assert size.complexity._replace(depth=0, cost=0, roots=0) == Complexity(
        fields=5, spreads=1, arguments=2, values=2, directives=1
    )
    assert size.points == 6 * (5 + 1 + 2 + 2 + 1)
    assert text_points(query) == 300 + len(query) // 4


async def compiled(client: EndpointClient, query: str, **rest: object) -> tuple[int, int]:
    """The points of an answer: for compiling, and in all."""
    before = (await client.ask("{ __typename }", token=TOKEN))["extensions"]["cost"]["remaining"]
    cost = (await client.ask(query, token=TOKEN, **rest))["extensions"]["cost"]
    return cost["compile"], before - cost["remaining"]


@pytest.fixture
async def slow_bucket(make_client: MakeClient) -> EndpointClient:
    """A client whose bucket hardly refills."""
    client = await make_client(rate_limit=rate_limit(10_000, 0.001))
    await client.ask("{ viewer { id } }", token=TOKEN)
    await client.ask("{ __typename }", token=TOKEN)
    return client


async def test_a_document_is_compiled_once(slow_bucket: EndpointClient):
    query = "{ viewer { email firstName } }"
    points = 300 + 30 // 4 + 6 * 3

    assert await compiled(slow_bucket, query) == (points, points + 1)
    assert await compiled(slow_bucket, query) == (0, 1)
    assert await compiled(slow_bucket, query + " ") == (points, points + 1)


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{", 300),
        ("{ viewer { emali } }", 300 + 20 // 4 + 6 * 2),
        ("{ viewer {" + " id" * 60 + "} }", 300 + 195 // 4),  # refused before its validation
        ("query A { caller } query B { caller }", 300 + 37 // 4 + 6 * 2),  # which of the two?
        ("", 300),
        ("#" * 30_001, 10 * 29),
    ],
)
async def test_refused_documents_are_charged_each_time(
    slow_bucket: EndpointClient, query: str, points: int
):
    for _ in range(2):
        assert await compiled(slow_bucket, query) == (points, points)


async def test_an_empty_bucket_pays_for_no_parsing(make_client: MakeClient):
    client = await make_client(rate_limit=rate_limit(450, 0.01))
    first = await client.post("{ viewer { id } }", token=TOKEN)
    await client.post("{ viewer { id } }", token=TOKEN)  # with a bucket of its own
    second = await client.post("{ viewer { id firstName } }", token=TOKEN)
    third = await client.post("{", token=TOKEN)
    known = await client.post("{ viewer { id } }", token=TOKEN)

    assert [answer.status_code for answer in (first, second, third, known)] == [200, 200, 429, 200]
    assert third.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    cost = third.json()["extensions"]["cost"]
    assert (cost["requested"], cost["compile"]) == (0, 0)


async def test_the_validation_is_charged_before_it_begins(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
):
    validated: list[str] = []

    def valid(_: Documents, text: str, name: str | None) -> Operation:
        validated.append(text)
        raise AssertionError(name)

    client = await make_client(rate_limit=rate_limit(900, 0.01))
    query = "{ viewer { " + " ".join(f"a{n}: id" for n in range(40)) + " } }"
    await client.ask("{ viewer { id } }")  # the bucket isn't full any more
    monkeypatch.setattr(Documents, "valid", valid)

    answer = await client.ask(query)

    assert answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert answer["extensions"]["cost"]["compile"] == text_points(query)
    assert validated == []


async def test_a_full_bucket_is_enough_for_any_document(make_client: MakeClient):
    client = await make_client(rate_limit=rate_limit(100, 0.01))
    answer = await client.ask("{", token=TOKEN)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert answer["extensions"]["cost"]["compile"] == 100
    assert answer["extensions"]["cost"]["remaining"] == 0


async def test_a_full_bucket_is_enough_for_all_steps_of_a_request(make_client: MakeClient):
    """Text, elements and execution cost more than it holds; the rest is owed."""
    client = await make_client(rate_limit=rate_limit(320, 0.01))
    query = "{ viewer { " + " ".join(f"a{n}: id" for n in range(40)) + " } }"

    first, second = await client.ask(query), await client.ask(query)

    assert first["data"] == {"viewer": None}
    cost = first["extensions"]["cost"]
    assert (cost["compile"] + cost["requested"], cost["remaining"]) == (320 + 6 * 41 + 41, 0)
    assert second["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_another_plan_of_a_cached_document_is_charged(slow_bucket: EndpointClient):
    query = "query Q($a: Boolean!) { viewer { email @include(if: $a) id } }"
    points = 300 + len(query) // 4 + 6 * 7

    for flag, expected in ((True, points), (True, 0), (False, points), (False, 0), (True, 0)):
        assert await compiled(slow_bucket, query, variables={"a": flag}) == (
            expected,
            expected + 1,
        )


async def test_values_and_bytes_of_a_request_cost_a_little(slow_bucket: EndpointClient):
    query = "{ caller }"
    await slow_bucket.ask(query, token=TOKEN)

    few = await compiled(slow_bucket, query, variables={"a": [1] * 3})
    many = await compiled(slow_bucket, query, variables={"a": [1] * 500})
    long = await compiled(slow_bucket, query, variables={"a": "x" * 10_000})

    assert few == (0, 1)
    assert many == (100 + 10, 100 + 10 + 1)
    assert long == (9 * 10, 9 * 10 + 1)


async def test_a_query_for_the_resolvers_is_charged_when_it_is_parsed_again(
    slow_bucket: EndpointClient, monkeypatch: pytest.MonkeyPatch
):
    query = "{ caller }"
    points = 300 + 10 // 4 + 6
    assert await compiled(slow_bucket, query) == (points, points + 1)
    assert await compiled(slow_bucket, query) == (0, 1)

    def forgotten(_: Documents, text: str) -> bool:
        return not text

    monkeypatch.setattr(Documents, "has_parsed", forgotten)

    assert await compiled(slow_bucket, query) == (points, points + 1)


@pytest.mark.parametrize("query", ["query Q($n: Int!) { small(number: $n) }", "{ persisted }"])
async def test_a_refused_request_costs_forty_points_at_least(
    slow_bucket: EndpointClient, query: str
):
    """Invalid variables of a remembered document, and an unknown hash."""
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    rest = {"extensions": extensions} if "persisted" in query else {"variables": {"n": "x"}}
    text = "" if "persisted" in query else query
    await slow_bucket.ask(text, token=TOKEN, **rest)

    answer = await slow_bucket.ask(text, token=TOKEN, **rest)

    cost = answer["extensions"]["cost"]
    assert "data" not in answer
    assert cost["requested"] + cost["compile"] == 40


async def test_thousands_of_values_are_refused(client: EndpointClient):
    answer = await client.ask("{ caller }", variables={"a": [[1] * 100] * 25})
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"
    assert "data" not in answer

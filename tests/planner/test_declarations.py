"""Declarations that would give wrong answers or expose other users' rows are refused."""

import re
from datetime import datetime
from typing import Any

import pytest
import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.checks import declarations
from lk_graphql.planner.declare import sources
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.scalars import SCALARS, Money
from lk_graphql.planner.types import (
    PUBLIC,
    Node,
    RowPolicy,
    aggregate,
    choices,
    column,
    derived,
    expression,
    gate,
    listed,
    pages,
    part,
    policy,
    reads,
    reference,
    related,
    root,
    signed_in,
    unrestricted,
)
from tests.planner import mini_models as models
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_schema import Club, Event, Membership, Note, Person, Tag, graphql_schema


def schema_with(annotation: Any, spec: Any, model: Any = models.Event) -> GraphQLSchema:
    """A schema with one more type over `model`, with one field besides its id."""
    attributes = {"__doc__": "Odd.", "__annotations__": {"field": annotation}, "field": spec}
    path = {
        models.Event: "club__memberships__person",
        models.Club: "memberships__person",
        models.Membership: "person",
        models.Tag: PUBLIC,
        models.Person: "",
    }[model]
    odd_type = reads(model, prefix="odd", owned_through=path)(type("Odd", (Node,), attributes))

    class Roots:
        """Where queries start."""

        viewer: Person | None = signed_in("Who.")

    Roots.__annotations__["odd"] = odd_type | None
    Roots.odd = strawberry.field(resolver=lambda: None, description="Odd.")  # type: ignore[attr-defined]
    schema = strawberry.Schema(root(Roots), config=StrawberryConfig(scalar_map=SCALARS))
    return getattr(schema, "_schema")  # noqa: B009 - Strawberry has no public access to it


@reads(models.Person, prefix="bdg", owned_through="memberships__club__memberships__person")
class Badge(Node):
    """What all members of a club see of each other."""

    email: str = column("Where to write.")


def half(total: int) -> int:
    return total


def halves(fee: int) -> None:
    return None


REFUSED = {
    "a misspelt column": (str, column("…", of="titel"), models.Event),
    "null where there must be a value": (str, column("…", of="motto"), models.Club),
    "an Int too small": (int, column("…", of="fee"), models.Event),
    "a function of something unknown": (int, derived("…", half), models.Event),
    "a misspelt column in what is given": (int, derived("…", half, total="{titel}"), models.Event),
    "a function that makes rows": (Event | None, derived("…", halves, fee="{fee}"), models.Event),
    "a misspelt column in SQL": (int, expression("…", sql="{titel}"), models.Event),
    "a language in SQL": (int, expression("…", sql="{language}"), models.Event),
    "a misspelt column across": (int, aggregate("…", of="notes", sql="sum({n})"), models.Event),
    "a part of another model": (Club, part("…"), models.Event),
    "a relation that isn't there": (Club, related("…", of="clubb"), models.Event),
    "a relation to another model": (Club, related("…", of="notes"), models.Event),
    "a gate ahead, and no null": (Club, related("…", of="club"), models.Membership),
    "a child that may be missing, and no null": (
        Membership,
        related("…", of="memberships", unsafe_reason="a test"),
        models.Club,
    ),
    "pages by what may be null": (
        Connection[Membership],
        pages("…", of="memberships", by="nickname"),
        models.Person,
    ),
    "an order by nothing": (list[Tag], related("…", of="tags", order_by="x"), models.Event),
    "others' memberships": (list[Membership], related("…", of="memberships"), models.Club),
    "the other members": (list[Person], related("…", of="memberships__person"), models.Club),
    "through rows with a policy": (list[Tag], related("…", of="events__tags"), models.Club),
    "a reference by nothing": (Club | None, reference("…", of="clubb"), models.Event),
    "a reference that isn't null": (Club, reference("…", of="club_id"), models.Event),
    "a reference to what has no owner": (Note | None, reference("…", of="id"), models.Event),
    "a reference to a type of another prefix": (
        Club | None,
        reference("…", of="id", by="title", prefixes={"x": "evt"}),
        models.Event,
    ),
    "a part with another owner": (Badge, part("…"), models.Person),
    "from everybody's to somebody's": (list[Event], related("…", of="events"), models.Tag),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_an_unsound_declaration_is_refused_by_its_field(both_paths: BothPaths, reason: str) -> None:
    assert both_paths.engine
    schema = schema_with(*REFUSED[reason])
    with pytest.raises(declarations.InvalidDeclaration, match=r"Odd\.field: "):
        declarations.check(Catalog(schema), ["signer"])


WITH_REASON = (
    list[Person],
    related("…", of="memberships__person", unsafe_reason="a test"),
    models.Club,
)


@pytest.mark.parametrize(
    ("annotation", "spec", "model"),
    [
        WITH_REASON,
        (Club | None, related("…", of="club"), models.Membership),
        (list[Club], related("…", of="memberships__club", order_by="title"), models.Person),
        (list[Tag], related("…", of="tags", order_by="name"), models.Event),
        (Money, column("…", of="club__wealth"), models.Event),
        (Club | None, reference("…", of="club_id"), models.Event),
        (datetime, column("…", of="founded_at"), models.Club),
    ],
)
def test_a_sound_declaration_is_accepted(
    both_paths: BothPaths, annotation: Any, spec: Any, model: Any
) -> None:
    assert both_paths.engine
    declarations.check(Catalog(schema_with(annotation, spec, model)), ["signer"])


def test_a_node_must_declare_its_owner() -> None:
    with pytest.raises(TypeError, match="owned_through"):

        @reads(models.Event, prefix="evt")
        class Ownerless(Node):  # pyright: ignore[reportUnusedClass]
            """Nobody's."""


def test_a_type_must_be_described() -> None:
    with pytest.raises(TypeError, match="docstring"):

        @reads(models.Event)
        class Mute:  # pyright: ignore[reportUnusedClass]
            title: str = column("…")


def test_an_enum_must_be_described_to_the_last_value() -> None:
    with pytest.raises(TypeError, match="DUE"):
        choices(models.EventState, "…", PAID="Yes.", OVERDUE="Too late.")


def test_a_model_has_one_gate() -> None:
    gate(models.Membership, state="ACTIVE")  # the same again
    with pytest.raises(TypeError, match="another gate"):
        gate(models.Membership, state="SUSPENDED")


def test_a_model_has_one_policy() -> None:
    unrestricted(models.Club, "the same again")
    with pytest.raises(TypeError, match="another policy"):
        policy(models.Club, RowPolicy("{is_open}", ("is_open",), bool))
    with pytest.raises(TypeError, match="state why"):
        unrestricted(models.Person, "")


POLICIES: dict[str, dict[Any, RowPolicy | None]] = {
    "Club: declare its `policy`": {
        models.Event: RowPolicy("true", (), lambda: True), models.Rulebook: None,
    },
    "Rulebook: declare its `policy`": {
        models.Event: RowPolicy("true", (), lambda: True), models.Club: None,
    },
    "Note: declare its `policy`": dict.fromkeys((models.Club, models.Event, models.Rulebook)),
    "Event: its policy's feee isn't a column": {
        models.Event: RowPolicy("{feee} > 0", ("feee",), bool),
        **dict.fromkeys((models.Club, models.Rulebook)),
    },
}  # fmt: skip


@pytest.mark.parametrize("problem", POLICIES)
def test_a_model_owned_through_a_gate_needs_a_policy_and_so_do_its_parts(
    both_paths: BothPaths, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    assert both_paths.engine
    monkeypatch.setattr(sources, "_policies", POLICIES[problem])
    with pytest.raises(declarations.InvalidDeclaration, match=re.escape(problem)):
        declarations.check(Catalog(graphql_schema), ["signer"])


def test_a_derived_part_of_the_root_may_use_values_of_the_request_only(
    both_paths: BothPaths,
) -> None:
    assert both_paths.engine

    @root
    class Settings:
        """No row."""

        name: float = derived("…", half)
        club: Event = derived("…", halves)

    class Roots:
        """Where queries start."""

        settings: Settings = part("…")

    schema: Any = strawberry.Schema(root(Roots), config=StrawberryConfig(scalar_map=SCALARS))
    with pytest.raises(declarations.InvalidDeclaration) as refused:
        declarations.check(Catalog(getattr(schema, "_schema")), ["signer"])  # noqa: B009 - as above
    name, club, rows = str(refused.value).split("\n")
    assert name == "Settings.name: total is not a value of the request"
    assert club == "Settings.club: fee is not a value of the request"
    assert rows.startswith("Settings.club: the result of a function can't contain declared types")


def test_only_public_types_can_be_listed(both_paths: BothPaths) -> None:
    assert both_paths.engine

    class Roots:
        """Where queries start."""

        events: list[Event] = listed("Everybody's.", order_by="title")

    schema: Any = strawberry.Schema(root(Roots), config=StrawberryConfig(scalar_map=SCALARS))
    with pytest.raises(declarations.InvalidDeclaration, match="PUBLIC"):
        declarations.check(Catalog(getattr(schema, "_schema")), ["signer"])  # noqa: B009 - as above

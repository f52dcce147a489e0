"""No field leads from customer types to staff types or back, whatever its `unsafe_reason`."""

from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from lk_graphql.kit.viewer import Role
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.checks import declarations
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.scalars import SCALARS
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    all_rows,
    column,
    current_staff,
    lookup,
    part,
    reads,
    related,
    root,
    signed_in,
)
from tests.planner import mini_models as models
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_schema import Event, Note, Person, Tag

CLERK, SUPERVISOR = StaffOnly(Role.CLERK), StaffOnly(Role.SUPERVISOR)


def declared_type(type_name: str, model: Any, owned_through: Any, **fields: tuple[Any, Any]) -> Any:
    """A declared type with these fields, each an annotation and a declaration."""
    annotations = {field: annotation for field, (annotation, _) in fields.items()}
    specs = {field: spec for field, (_, spec) in fields.items()}
    body = {"__doc__": "Odd.", "__annotations__": annotations, **specs}
    return reads(model, prefix=type_name.lower(), owned_through=owned_through)(
        type(type_name, (Node,), body)
    )


def check(staff: Any = None, viewer: Any = Person, *, root_source: Any = current_staff) -> None:
    class Roots:
        """Where queries start."""

        viewer: Any = signed_in("Who.")

    Roots.__annotations__["viewer"] = viewer | None
    if staff is not None:
        Roots.__annotations__["staff"] = staff | None
        Roots.staff = root_source("Who works here.")  # type: ignore[attr-defined]
    schema = strawberry.Schema(root(Roots), config=StrawberryConfig(scalar_map=SCALARS))
    declarations.check(Catalog(getattr(schema, "_schema")), ["signer"])  # noqa: B009 - as above


StaffTag = declared_type("StaffTag", models.Tag, SUPERVISOR, name=(str, column("The word.")))


ClerksTag = declared_type("ClerksTag", models.Tag, CLERK, name=(str, column("The word.")))
StaffClub = declared_type("StaffClub", models.Club, CLERK, title=(str, column("Its name.")))


def staff_event(**fields: tuple[Any, Any]) -> Any:
    return declared_type("Desk", models.Event, CLERK, **fields)


def test_staff_types_may_have_owned_parts_and_public_rows(both_paths: BothPaths):
    check(
        staff_event(
            club=(StaffClub, related("Whose.")),
            clubs=(Connection[StaffClub], all_rows("All.", of=models.Club, by="title")),
            tag=(ClerksTag | None, lookup("One.", of=models.Tag, by="code")),
            notes=(list[Note], related("Remarks.")),
            tags=(list[Tag], related("Words.")),
        )
    )


REFUSED: dict[str, tuple[dict[str, tuple[Any, Any]], str]] = {
    "a customer's type": (
        {"customers": (list[Person], related("…", of="club__memberships__person"))},
        "Desk.customers: leads to what a customer owns",
    ),
    "a customer's type, argued for": (
        {"same": (Event, part("…"))},
        "Desk.same: leads to what a customer owns",
    ),
    "a higher role's": (
        {"tags": (list[StaffTag], related("…", unsafe_reason="a test"))},
        "Desk.tags: leads to a type of a higher role",
    ),
    "everything of a customer's type": (
        {"all": (Connection[Person], all_rows("…", of=models.Person, by="name"))},
        "Desk.all: shows all rows of a type that isn't `StaffOnly`",
    ),
    "one of all rows of a customer's type": (
        {"one": (Person | None, lookup("…", of=models.Person, by="name"))},
        "Desk.one: shows all rows of a type that isn't `StaffOnly`",
    ),
    "one that may be several": (
        {"one": (StaffClub | None, lookup("…", of=models.Club, by="title"))},
        "Desk.one: title isn't unique",
    ),
    "one that may be none": (
        {"one": (ClerksTag, lookup("…", of=models.Tag, by="code"))},
        "Desk.one: may be null",
    ),
    "everything of another model": (
        {"all": (Connection[StaffTag], all_rows("…", of=models.Club, by="title"))},
        "Desk.all: its type is declared over another model",
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_an_invalid_staff_declaration_is_refused(both_paths: BothPaths, reason: str):
    fields, fault = REFUSED[reason]
    with pytest.raises(declarations.InvalidDeclaration) as raised:
        check(staff_event(**fields))
    assert fault in str(raised.value)


def test_a_nullable_part_may_be_of_a_higher_role(both_paths: BothPaths):
    above = declared_type("Above", models.Event, SUPERVISOR, title=(str, column("Its name.")))
    check(staff_event(above=(above | None, part("Null for clerks."))))
    with pytest.raises(declarations.InvalidDeclaration, match="leads to a type of a higher role"):
        check(staff_event(above=(above, part("It must be there."))))


def test_a_path_from_customers_to_a_staff_type_is_refused(both_paths: BothPaths):
    path = "memberships__person"
    tags = (list[StaffTag], related("…", of="events__tags", unsafe_reason="a test"))
    odd_type = declared_type("Odd", models.Club, path, tags=tags)
    viewer_type = declared_type(
        "Me", models.Person, "", clubs=(list[odd_type], related("…", of="memberships__club"))
    )
    with pytest.raises(declarations.InvalidDeclaration, match=r"Odd.tags: leads to a staff type"):
        check(viewer=viewer_type)


def test_staff_types_are_reached_from_the_staff_root_only(both_paths: BothPaths):
    with pytest.raises(
        declarations.InvalidDeclaration, match=r"Query.staff: staff types, and no others,"
    ):
        check(staff_event(title=(str, column("…"))), root_source=signed_in)
    with pytest.raises(
        declarations.InvalidDeclaration, match=r"Query.staff: staff types, and no others,"
    ):
        check(Person)


def test_only_staff_types_may_be_audited():
    body = {"__doc__": "Odd.", "__annotations__": {"name": str}, "name": column("…")}
    with pytest.raises(TypeError, match="`audits` is for StaffOnly types"):
        reads(models.Person, prefix="odd", owned_through="", audits="")(type("Odd", (Node,), body))

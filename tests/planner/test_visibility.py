"""No field leads from what customers see to what staff see, nor back; no `because` helps."""

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


def declared(type_name: str, model: Any, owned: Any, **fields: tuple[Any, Any]) -> Any:
    """A type with these fields, each an annotation and a word."""
    annotations = {field: annotation for field, (annotation, _) in fields.items()}
    words = {field: word for field, (_, word) in fields.items()}
    body = {"__doc__": "Odd.", "__annotations__": annotations, **words}
    return reads(model, prefix=type_name.lower(), owned_through=owned)(
        type(type_name, (Node,), body)
    )


def checked(staff: Any = None, viewer: Any = Person, *, starts: Any = current_staff) -> None:
    class Roots:
        """Where queries start."""

        viewer: Any = signed_in("Who.")

    Roots.__annotations__["viewer"] = viewer | None
    if staff is not None:
        Roots.__annotations__["staff"] = staff | None
        Roots.staff = starts("Who works here.")  # type: ignore[attr-defined]
    schema = strawberry.Schema(root(Roots), config=StrawberryConfig(scalar_map=SCALARS))
    declarations.check(Catalog(getattr(schema, "_schema")), ["signer"])  # noqa: B009 - private, the only way


StaffTag = declared("StaffTag", models.Tag, SUPERVISOR, name=(str, column("The word.")))


def desk(**fields: tuple[Any, Any]) -> Any:
    return declared("Desk", models.Event, CLERK, **fields)


def test_staff_see_what_is_theirs_and_parts_and_what_is_public(both_paths: BothPaths):
    club = declared("StaffClub", models.Club, CLERK, title=(str, column("Its name.")))
    checked(
        desk(
            club=(club, related("Whose.")),
            clubs=(Connection[club], all_rows("All.", of=models.Club, by="title")),
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
        "Desk.tags: leads to a higher role's",
    ),
    "everything of a customer's type": (
        {"all": (Connection[Person], all_rows("…", of=models.Person, by="name"))},
        "Desk.all: shows everything of a type that isn't staff's",
    ),
    "everything of another model": (
        {"all": (Connection[StaffTag], all_rows("…", of=models.Club, by="title"))},
        "Desk.all: its type stands over another model",
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_refused_to_staff(both_paths: BothPaths, reason: str):
    fields, fault = REFUSED[reason]
    with pytest.raises(declarations.InvalidDeclaration) as broken:
        checked(desk(**fields))
    assert fault in str(broken.value)


def test_a_part_may_hide_what_is_a_higher_role_s(both_paths: BothPaths):
    above = declared("Above", models.Event, SUPERVISOR, title=(str, column("Its name.")))
    checked(desk(above=(above | None, part("Null for clerks."))))
    with pytest.raises(declarations.InvalidDeclaration, match="leads to a higher role's"):
        checked(desk(above=(above, part("It must be there."))))


def test_refused_to_customers(both_paths: BothPaths):
    path = "memberships__person"
    words = (list[StaffTag], related("…", of="events__tags", unsafe_reason="a test"))
    odd = declared("Odd", models.Club, path, tags=words)
    member = declared(
        "Me", models.Person, "", clubs=(list[odd], related("…", of="memberships__club"))
    )
    with pytest.raises(declarations.InvalidDeclaration, match=r"Odd.tags: leads to what staff see"):
        checked(viewer=member)


def test_staff_start_where_staff_do(both_paths: BothPaths):
    with pytest.raises(
        declarations.InvalidDeclaration, match=r"Query.staff: staff's types start where"
    ):
        checked(desk(title=(str, column("…"))), starts=signed_in)
    with pytest.raises(
        declarations.InvalidDeclaration, match=r"Query.staff: staff's types start where"
    ):
        checked(Person)


def test_only_what_staff_see_is_noted():
    body = {"__doc__": "Odd.", "__annotations__": {"name": str}, "name": column("…")}
    with pytest.raises(TypeError, match="only what staff see is noted"):
        reads(models.Person, prefix="odd", owned_through="", audits="")(type("Odd", (Node,), body))

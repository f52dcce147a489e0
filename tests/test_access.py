"""Who may do what: each root field, mutation and type of object, asked by everybody there is.

docs/access.md holds the answers; `ACCESS=write pytest tests/test_access.py` writes them anew.
"""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filled import filled
from given_accounts import given_session
from given_staff import given_desk
from test_ownership import CATALOG, NODE, World, world

from lk_graphql.api.access import Access
from lk_graphql.backoffice.models import StaffMember
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import prefix_of
from lk_graphql.schema import graphql_schema, sdl

__all__ = ["world"]

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
PEOPLE = ("guest", "demo", "stranger", "clerk", "supervisor", "admin")
"""By their names in `World`: a customer, another one without anything in common, and staff."""
HEAD = """# Who may do what

Written by `ACCESS=write .venv/bin/pytest tests/test_access.py`, which asks the API itself, as each
of these people; the same test compares it. «Another» is a customer who has nothing in common with
the first.

- ✓ answered (a mutation's business rules may still refuse), · null or nothing, `401`
  UNAUTHENTICATED, `403` FORBIDDEN.
- Staff who look at a cabinet as the customer does read what the customer reads, by subscriptions
  too, and get `403` from every mutation (`tests/backoffice/test_staff_customers.py`).
"""
COLUMNS = ("guest", "customer", "another", "clerk", "supervisor", "admin")
SIGNS = {"UNAUTHENTICATED": "`401`", "FORBIDDEN": "`403`"}
TYPES = graphql_schema.type_map
MUTATIONS: dict[str, Any] = getattr(TYPES["Mutation"], "fields")  # noqa: B009 - a type unknown


def table(title: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    lines = [f"## {title}", "", "| | " + " | ".join(COLUMNS) + " |", "|---" * 7 + "|"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join([*lines, ""])


async def token_of(name: str) -> str:
    """A new session: some mutations end the one that calls them."""
    if name == "guest":
        return ""
    member = await StaffMember.get_or_none(email=f"{name}@example.com")
    if member is not None:
        return await given_desk(member)
    return await given_session(await User.get(email=f"{name}@example.com"), datetime.now(UTC))


async def asked(world: World, text: str, read: Callable[[Any], str], **values: Any) -> list[str]:
    """What everybody is told."""
    told: list[str] = []
    for name in PEOPLE:
        answer = await world.cabinet.post(text, await token_of(name), **values)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        told.append(next((SIGNS[code] for code in codes if code in SIGNS), None) or read(answer))
    return told


def sign(answer: Any) -> str:
    """Of a query with one root field: whether there is anything."""
    (found,) = (answer["data"] or {"": None}).values()
    return "✓" if found and found != [None] else "·"


async def queries(world: World) -> list[tuple[str, list[str]]]:
    """Where one needs an id, it is one of the first customer's."""
    fields: dict[str, Any] = getattr(TYPES["Query"], "fields")  # noqa: B009 - a type unknown
    found: list[tuple[str, list[str]]] = []
    for name, field in fields.items():
        kinds = {n: str(getattr(argument, "type")) for n, argument in field.args.items()}  # noqa: B009
        needed = {n: kind for n, kind in kinds.items() if kind.endswith("!")}
        values = {n: [mine] if "[" in kind else mine for n, kind in needed.items()
                  for mine in [min(world.seen["demo"])]}  # fmt: skip
        declared = ", ".join(f"${n}: {kind}" for n, kind in needed.items())
        given = ", ".join(f"{n}: ${n}" for n in needed)
        text = f"{{ {name}{f'({given})' if given else ''} {{ __typename }} }}"
        whole = f"query ({declared}) {text}" if declared else text
        found.append((f"`{name}`", await asked(world, whole, sign, **values)))
    return found


async def mutations(world: World) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for name, field in MUTATIONS.items():
        kind = getattr(field.args["input"], "type")  # noqa: B009 - a type unknown
        text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ __typename }} }}"
        told = await asked(world, text, lambda _: "✓", input=filled(kind))
        found.append((f"`{name}`", told))
    return found


async def types(world: World) -> list[tuple[str, list[str]]]:
    samples = {prefix_of(id_): id_ for name in ("admin", "demo") for id_ in world.seen[name]}
    return [
        (f"`{CATALOG.node_types[prefix].name}`", await asked(world, NODE, sign, id=samples[prefix]))
        for prefix in sorted(CATALOG.node_types, key=lambda p: CATALOG.node_types[p].name)
    ]


async def test_the_page_says_what_the_api_does(world: World) -> None:
    page = "\n".join(
        [
            HEAD,
            table("Queries", await queries(world)),
            table("Objects by id (`node`), the first customer's or staff's", await types(world)),
            table("Mutations", await mutations(world)),
        ]
    )
    if os.environ.get("ACCESS") == "write":
        PAGE.write_text(page)
    assert PAGE.read_text() == page


ALLOWED = {
    Access.ANYONE: ["✓"] * 6,
    Access.CUSTOMER: ["`401`", "✓", "✓", "`401`", "`401`", "`401`"],
    Access.CLERK: ["`401`", "`403`", "`403`", "✓", "✓", "✓"],
    Access.SUPERVISOR: ["`401`", "`403`", "`403`", "`403`", "✓", "✓"],
    Access.ADMIN: ["`401`", "`403`", "`403`", "`403`", "`403`", "✓"],
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_page_agrees_with_the_schema_s_directive(name: str) -> None:
    """What a mutation declares, what it shows in the SDL, and what it does are one."""
    declared = sdl().split(f"  {name}(", 1)[1].split("@access(role: ", 1)[1].split(")", 1)[0]
    line = next(one for one in PAGE.read_text().splitlines() if one.startswith(f"| `{name}` |"))
    assert line == f"| `{name}` | {' | '.join(ALLOWED[Access(declared)])} |"

"""Who may do what: each root field, mutation and type of object, asked by everybody there is.

docs/access.md holds the answers; `ACCESS=write pytest tests/test_access.py` writes them anew.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from lk_graphql.api.access import Access
from lk_graphql.appeals.models import AppealTopic
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import prefix_of
from lk_graphql.schema import graphql_schema, sdl
from lk_graphql.server import ServerOptions, uvicorn_config
from lk_graphql.staff.models import StaffMember
from tests.factories.accounts import given_session
from tests.factories.staff import given_staff_session
from tests.support.sample_input import sample_input
from tests.test_ownership import CATALOG, NODE, OwnershipData, ownership

__all__ = ["ownership"]

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
PEOPLE = ("guest", "demo", "stranger", "clerk", "supervisor", "admin")
"""By their names in `World`: a customer, another one without anything in common, and staff."""
HEAD = """# Access matrix

Written by `ACCESS=write .venv/bin/pytest tests/test_access.py`, which sends every request to the
API as each of these people. The same test compares the page. «Another» is a customer who shares
nothing with the first.

- ✓ answered (a mutation's business rules may still refuse), · null or nothing, `401`
  UNAUTHENTICATED, `403` FORBIDDEN.
- Staff who view a cabinet as the customer read what the customer reads, subscriptions included,
  and get `403` from every mutation (`tests/backoffice/test_staff_customers.py`).
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
    """A new session's."""
    if name == "guest":
        return ""
    member = await StaffMember.get_or_none(email=f"{name}@example.com")
    if member is not None:
        return await given_staff_session(member)
    return await given_session(await User.get(email=f"{name}@example.com"), datetime.now(UTC))


async def asked(
    ownership: OwnershipData,
    text: str,
    read: Callable[[Any], str],
    tokens: dict[str, str],
    **values: Any,
) -> list[str]:
    """What everybody is told."""
    told: list[str] = []
    for name in PEOPLE:
        answer = await ownership.api.post(text, tokens[name], **values)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        told.append(next((SIGNS[code] for code in codes if code in SIGNS), None) or read(answer))
    return told


def sign(answer: Any) -> str:
    """Of a query with one root field: whether there is anything."""
    (found,) = (answer["data"] or {"": None}).values()
    return "✓" if found and found != [None] else "·"


async def queries(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    """Where one needs an id, it is one of the first customer's."""
    fields: dict[str, Any] = getattr(TYPES["Query"], "fields")  # noqa: B009 - a type unknown
    found: list[tuple[str, list[str]]] = []
    for name, field in fields.items():
        kinds = {n: str(getattr(argument, "type")) for n, argument in field.args.items()}  # noqa: B009
        needed = {n: kind for n, kind in kinds.items() if kind.endswith("!")}
        values = {n: [mine] if "[" in kind else mine for n, kind in needed.items()
                  for mine in [min(ownership.seen["demo"])]}  # fmt: skip
        declared = ", ".join(f"${n}: {kind}" for n, kind in needed.items())
        given = ", ".join(f"{n}: ${n}" for n in needed)
        text = f"{{ {name}{f'({given})' if given else ''} {{ __typename }} }}"
        whole = f"query ({declared}) {text}" if declared else text
        found.append((f"`{name}`", await asked(ownership, whole, sign, ownership.tokens, **values)))
    return found


async def mutations(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for name, field in MUTATIONS.items():
        kind = getattr(field.args["input"], "type")  # noqa: B009 - a type unknown
        text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ __typename }} }}"
        tokens = {name: await token_of(name) for name in PEOPLE}  # some end the caller's session
        told = await asked(ownership, text, lambda _: "✓", tokens, input=sample_input(kind))
        found.append((f"`{name}`", told))
    await AppealTopic.filter(title="x").delete()  # topics outlive a test, this one mustn't
    return found


async def types(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    samples = {prefix_of(id_): id_ for name in ("admin", "demo") for id_ in ownership.seen[name]}
    names = sorted((type_.name, prefix) for prefix, type_ in CATALOG.node_types.items())
    return [
        (f"`{name}`", await asked(ownership, NODE, sign, ownership.tokens, id=samples[prefix]))
        for name, prefix in names
    ]


ABOUT = {
    "accountId": "acc",
    "appealId": "apl",
    "exportRunId": "exp",
    "importRunId": "imp",
    "paymentId": "pay",
}
"""The prefixes of what subscriptions are about."""


@asynccontextmanager
async def served(ownership: OwnershipData, dsn: str) -> AsyncGenerator[httpx.AsyncClient]:
    """By a real server: streams that go on can't be read otherwise."""
    server = uvicorn.Server(uvicorn_config(ownership.api.app, ServerOptions("127.0.0.1", 0)))
    async with ownership.api.state.ports.pubsub.connected(dsn):
        running = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5
        ) as http:
            yield http
        server.should_exit = True
        await running


async def first_event(http: httpx.AsyncClient, token: str, body: dict[str, Any]) -> Any:
    """What an event stream says first, or the refusal in its stead."""
    headers = {"accept": "text/event-stream"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    async with http.stream("POST", "/graphql", json=body, headers=headers) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                return orjson.loads(line.removeprefix("data: "))
    raise AssertionError(response)


async def subscriptions(ownership: OwnershipData, dsn: str) -> list[tuple[str, list[str]]]:
    """Over an event stream: what the first event says of the first customer's, or of staff's."""
    fields: dict[str, Any] = getattr(TYPES["Subscription"], "fields")  # noqa: B009 - a type unknown
    samples = {prefix_of(id_): id_ for name in ("admin", "demo") for id_ in ownership.seen[name]}
    found: list[tuple[str, list[str]]] = []
    async with served(ownership, dsn) as http:
        for name, field in fields.items():
            about = next(argument for argument in field.args if argument in ABOUT)
            text = f"subscription ($id: ID!) {{ {name}({about}: $id) {{ __typename }} }}"
            body = {"query": text, "variables": {"id": samples[ABOUT[about]]}}
            told: list[str] = []
            for person in PEOPLE:
                answer = await first_event(http, ownership.tokens[person], body)
                codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
                told.append(SIGNS[codes[0]] if codes else sign(answer))
            found.append((f"`{name}`", told))
    return found


async def test_the_page_says_what_the_api_does(ownership: OwnershipData, dsn: str) -> None:
    page = "\n".join(
        [
            HEAD,
            table("Queries", await queries(ownership)),
            table(
                "Objects by id (`node`), the first customer's or staff's", await types(ownership)
            ),
            table("Subscriptions", await subscriptions(ownership, dsn)),
            table("Mutations", await mutations(ownership)),
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


@pytest.fixture(scope="module")
def printed() -> str:
    """The SDL, for all: to print it takes as long as ten tests."""
    return sdl()


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_page_agrees_with_the_schema_s_directive(printed: str, name: str) -> None:
    """What a mutation declares, what it shows in the SDL, and what it does are one."""
    declared = printed.split(f"  {name}(", 1)[1].split("@access(role: ", 1)[1].split(")", 1)[0]
    line = next(one for one in PAGE.read_text().splitlines() if one.startswith(f"| `{name}` |"))
    assert line == f"| `{name}` | {' | '.join(ALLOWED[Access(declared)])} |"

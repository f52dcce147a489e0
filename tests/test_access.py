"""The access matrix: each root field, mutation and object type, requested by each kind of user.

docs/access.md holds the matrix; `ACCESS=write pytest tests/test_access.py` writes it anew.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from lk_graphql.api.root_fields import Access
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
"""Names in `OwnershipData`: a guest, a customer, an unrelated customer, and staff."""
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
    """The token of a new session."""
    if name == "guest":
        return ""
    member = await StaffMember.get_or_none(email=f"{name}@example.com")
    if member is not None:
        return await given_staff_session(member)
    return await given_session(await User.get(email=f"{name}@example.com"), datetime.now(UTC))


async def cells_of(
    ownership: OwnershipData,
    text: str,
    read: Callable[[Any], str],
    tokens: dict[str, str],
    **values: Any,
) -> list[str]:
    """The cells of a row: the result of an operation for each person."""
    cells: list[str] = []
    for name in PEOPLE:
        answer = await ownership.api.post(text, tokens[name], **values)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        cells.append(next((SIGNS[code] for code in codes if code in SIGNS), None) or read(answer))
    return cells


def cell_of(answer: Any) -> str:
    """The cell for a result with one root field: whether it has data."""
    (value,) = (answer["data"] or {"": None}).values()
    return "✓" if value and value != [None] else "·"


def allowed(_: Any) -> str:
    """The cell for a result that has no error."""
    return "✓"


IDS = {
    "account": "acc_",
    "appeal": "apl_",
    "contractApplication": "cap_",
    "invoice": "inv_",
    "meter": "mtr_",
    "payment": "pay_",
}
"""Prefixes of the ids that root fields of one type take."""


async def queries(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    """The rows of queries; required ids are the first customer's."""
    fields: dict[str, Any] = getattr(TYPES["Query"], "fields")  # noqa: B009 - a type unknown
    rows: list[tuple[str, list[str]]] = []
    for name, field in fields.items():
        kinds = {n: str(getattr(argument, "type")) for n, argument in field.args.items()}  # noqa: B009
        required = {n: kind for n, kind in kinds.items() if kind.endswith("!")}
        id_ = min(id_ for id_ in ownership.seen["demo"] if id_.startswith(IDS.get(name, "")))
        values = {n: [id_] if "[" in kind else id_ for n, kind in required.items()}
        if "input" in required:
            values["input"] = sample_input(getattr(field.args["input"], "type"))  # noqa: B009
        declared = ", ".join(f"${n}: {kind}" for n, kind in required.items())
        arguments = ", ".join(f"{n}: ${n}" for n in required)
        text = f"{{ {name}{f'({arguments})' if arguments else ''} {{ __typename }} }}"
        query = f"query ({declared}) {text}" if declared else text
        of_mail = set(required) == {"token"}  # whoever has the mail may; the sample is no token
        cell = allowed if of_mail else cell_of
        rows.append(
            (f"`{name}`", await cells_of(ownership, query, cell, ownership.tokens, **values))
        )
    return rows


async def mutations(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    """The rows of mutations, each called with a sample input."""
    rows: list[tuple[str, list[str]]] = []
    for name, field in MUTATIONS.items():
        kind = getattr(field.args["input"], "type")  # noqa: B009 - a type unknown
        text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ __typename }} }}"
        tokens = {name: await token_of(name) for name in PEOPLE}  # some mutations end the session
        cells = await cells_of(ownership, text, lambda _: "✓", tokens, input=sample_input(kind))
        rows.append((f"`{name}`", cells))
    await AppealTopic.filter(title="x").delete()  # the reset between tests leaves topics
    return rows


async def types(ownership: OwnershipData) -> list[tuple[str, list[str]]]:
    samples = {prefix_of(id_): id_ for name in ("admin", "demo") for id_ in ownership.seen[name]}
    names = sorted((type_.name, prefix) for prefix, type_ in CATALOG.node_types.items())
    return [
        (
            f"`{name}`",
            await cells_of(ownership, NODE, cell_of, ownership.tokens, id=samples[prefix]),
        )
        for name, prefix in names
    ]


ABOUT = {
    "accountId": "acc",
    "appealId": "apl",
    "exportRunId": "exp",
    "importRunId": "imp",
    "paymentId": "pay",
    "uploadId": "upl",
}
"""Prefixes of the ids that subscriptions take."""


@asynccontextmanager
async def serve(ownership: OwnershipData, dsn: str) -> AsyncGenerator[httpx.AsyncClient]:
    """Run a real server, as an endless stream can't be read in process."""
    server = uvicorn.Server(uvicorn_config(ownership.api.app, ServerOptions("127.0.0.1", 0)))
    async with ownership.api.state.ports.pubsub.connected(dsn):
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5
        ) as http:
            yield http
        server.should_exit = True
        await task


async def first_event(http: httpx.AsyncClient, token: str, body: dict[str, Any]) -> Any:
    """The first event of a stream, or the response's errors; null where there is none to come."""
    headers = {"accept": "text/event-stream"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    with suppress(TimeoutError):
        async with (
            asyncio.timeout(3),
            http.stream("POST", "/graphql", json=body, headers=headers) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    return orjson.loads(line.removeprefix("data: "))
    return {"data": {"nothing": None}}


async def subscriptions(ownership: OwnershipData, dsn: str) -> list[tuple[str, list[str]]]:
    """The rows of subscriptions, by the first event of an event stream."""
    fields: dict[str, Any] = getattr(TYPES["Subscription"], "fields")  # noqa: B009 - a type unknown
    samples = {prefix_of(id_): id_ for name in ("admin", "demo") for id_ in ownership.seen[name]}
    rows: list[tuple[str, list[str]]] = []
    async with serve(ownership, dsn) as http:
        for name, field in fields.items():
            about = next((argument for argument in field.args if argument in ABOUT), None)
            text = f"subscription {{ {name} {{ __typename }} }}"
            if about:
                text = f"subscription ($id: ID!) {{ {name}({about}: $id) {{ __typename }} }}"
            body = {"query": text, "variables": {"id": samples[ABOUT[about]] if about else ""}}
            cells: list[str] = []
            for person in PEOPLE:
                answer = await first_event(http, ownership.tokens[person], body)
                codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
                cells.append(SIGNS[codes[0]] if codes else cell_of(answer))
            rows.append((f"`{name}`", cells))
    return rows


async def test_the_page_agrees_with_the_api(ownership: OwnershipData, dsn: str) -> None:
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
def printed_sdl() -> str:
    """The SDL, printed once for all tests."""
    return sdl()


def test_the_page_agrees_with_the_schema_s_directive(printed_sdl: str) -> None:
    """The directive in the SDL agrees with the results."""
    lines = PAGE.read_text().splitlines()
    for name in MUTATIONS:
        after = printed_sdl.split(f"  {name}(", 1)[1].split("@access(role: ", 1)[1]
        line = next(line for line in lines if line.startswith(f"| `{name}` |"))
        allowed = ALLOWED[Access(after.split(")", 1)[0])]
        assert line == f"| `{name}` | {' | '.join(allowed)} |"

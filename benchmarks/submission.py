"""Sending two readings by hand, by the ways to the database that `readingsSubmit` goes.

The peers' own statements (`operations/submit/steps`), two of them as one, and what the schema
promises besides: everybody who has the account linked is told, and the payload is read again after
the commit, by who may see it. Only the rules are left out that look at earlier months. So this is
the floor of a submission in Python: nothing stands between the statements (decision 0180).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from asyncpg import Connection

STEPS = {
    file.stem: file.read_text()
    for file in (Path(__file__).parent / "operations/submit/steps").glob("*.sql")
}
VALUE = "40000"


class Refused(Exception):
    """Readings that break a rule."""


async def submit(connection: Connection, token_hash: bytes, asked: Mapping[str, str]) -> bytes:
    """The answer's `data`."""
    account, *registers = (UUID(asked[name][-32:]) for name in ("account", "day", "night"))
    entries = [(register, Decimal(VALUE)) for register in registers]

    async def step(name: str, *arguments: object) -> list[Any]:
        return await connection.fetch(STEPS[name], *arguments)

    ((user,),) = await step("session", token_hash)
    async with connection.transaction():
        body_hash = sha256(orjson.dumps(asked)).digest()
        ((call,),) = await step("claim", user, asked["key"], body_hash)
        if not await step("own_account", account, user):
            raise Refused
        today = _checked(entries, {row["id"]: row for row in await step("known", account)})
        period = today.replace(day=1)
        kept = await step("replace", *map(list, zip(*entries, strict=True)), today, period, user)
        keys = [key for (key,) in kept]
        await step("notice", account, f"readings/{call}", period)
        await step("outcome", call, orjson.dumps([key.hex for key in keys]).decode())
    ((shown,),) = await step("payload", keys, user)
    return b'{"readingsSubmit":{"entries":%b,"errors":[]}}' % shown


def _checked(entries: list[tuple[UUID, Decimal]], known: Mapping[UUID, Any]) -> date:
    """The company's today. Raises `Refused`."""
    today = date.min
    for register, value in entries:
        found = known.get(register)
        if found is None:
            raise Refused
        today = date.fromisoformat(found["today"])
        if not found["first_day"] <= today.day <= found["last_day"]:
            raise Refused
        if value >= 10 ** found["digits"] or value < Decimal(found["last"]):
            raise Refused
    return today

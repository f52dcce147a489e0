"""A hand-written submission of two readings, with the round trips of `readingsSubmit`.

It runs the peers' statements (`operations/submit/steps`), two of them merged, notifies all holders
of the account, and reads the payload after the commit with its ownership condition. Only the rules
about earlier months are left out. So this is the lower bound of a submission in Python (decision
0180).
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


class ReadingRefused(Exception):
    """Readings that break a rule."""


async def submit(connection: Connection, token_hash: bytes, variables: Mapping[str, str]) -> bytes:
    """Submit readings; returns the answer's `data`."""
    account, *registers = (UUID(variables[name][-32:]) for name in ("account", "day", "night"))
    entries = [(register, Decimal(VALUE)) for register in registers]

    async def step(name: str, *arguments: object) -> list[Any]:
        return await connection.fetch(STEPS[name], *arguments)

    ((user,),) = await step("session", token_hash)
    async with connection.transaction():
        body_hash = sha256(orjson.dumps(variables)).digest()
        ((call,),) = await step("claim", user, variables["key"], body_hash)
        if not await step("own_account", account, user):
            raise ReadingRefused
        today = _check(entries, {row["id"]: row for row in await step("known", account)})
        period = today.replace(day=1)
        reading_keys = await step(
            "replace", *map(list, zip(*entries, strict=True)), today, period, user
        )
        keys = [key for (key,) in reading_keys]
        await step("notice", account, f"readings/{call}", period)
        await step("outcome", call, orjson.dumps([key.hex for key in keys]).decode())
    ((payload,),) = await step("payload", keys, user)
    return b'{"readingsSubmit":{"entries":%b,"errors":[]}}' % payload


def _check(entries: list[tuple[UUID, Decimal]], registers: Mapping[UUID, Any]) -> date:
    """Check the readings; returns the current day in the company's zone.

    Raises `ReadingRefused`.
    """
    today = date.min
    for key, value in entries:
        register = registers.get(key)
        if register is None:
            raise ReadingRefused
        today = date.fromisoformat(register["today"])
        if not register["first_day"] <= today.day <= register["last_day"]:
            raise ReadingRefused
        if value >= 10 ** register["digits"] or value < Decimal(register["last"]):
            raise ReadingRefused
    return today

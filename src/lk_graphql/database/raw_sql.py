"""Hand-written SQL on Tortoise's connection (decision 0180)."""

from typing import Any

from tortoise.context import require_context


async def fetch(sql: str, *arguments: object) -> list[Any]:
    """Execute a statement, in the current transaction if there is one.

    Returns asyncpg's records and raises its exceptions. The text should be constant, because
    connections cache prepared statements by their text.
    """
    client: Any = require_context().connections.get("default")
    async with client.acquire_connection() as connection:
        return await connection.fetch(sql, *arguments)

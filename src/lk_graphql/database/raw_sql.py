"""Run SQL of our own on Tortoise's connection."""

from typing import Any

from tortoise.context import require_context


async def fetch(sql: str, *arguments: object) -> list[Any]:
    """The rows of a statement, in the running transaction if there is one.

    They are asyncpg's records, and so are its exceptions. The text should be always the same: a
    connection remembers the plans of those that it has heard.
    """
    client: Any = require_context().connections.get("default")
    async with client.acquire_connection() as connection:
        return await connection.fetch(sql, *arguments)

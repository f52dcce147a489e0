"""The numbers under which appeals are registered."""

from datetime import date
from typing import Any

from tortoise.connection import get_connection


async def next_number(today: date) -> str:
    """«О-2026-000123»: never given twice; a refused appeal may leave a gap."""
    connection: Any = get_connection("default")  # its rows are untyped
    (row,) = await connection.execute_query_dict("SELECT nextval('appeal_number') AS number")
    return f"О-{today.year}-{row['number']:06}"

"""Up to where an account is billed."""

from datetime import date
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection


async def billed_through(account_id: UUID) -> date | None:
    """The last month that has a bill; None before the first."""
    connection: Any = get_connection("default")  # its rows are untyped
    query = "SELECT max(period) AS period FROM invoice WHERE account_id = $1"
    (row,) = await connection.execute_query_dict(query, [account_id])
    return row["period"]

"""The numbers under which appeals are registered."""

from datetime import date

from lk_graphql import engine


async def next_number(today: date) -> str:
    """«О-2026-000123»: never given twice; a refused appeal may leave a gap."""
    (row,) = await engine.fetch("SELECT nextval('appeal_number') AS number")
    return f"О-{today.year}-{row['number']:06}"

"""What the registers of an account last showed."""

from decimal import Decimal
from uuid import UUID

from lk_graphql import engine

# Not Tortoise's querysets: "the newest of each" is one LATERAL here and a query per register there.
_LAST_READINGS = """
SELECT newest.value
FROM meter JOIN register ON register.meter_id = meter.id
CROSS JOIN LATERAL (
    SELECT value FROM reading
    WHERE reading.register_id = register.id AND state = 'ACCEPTED'
    ORDER BY taken_on DESC, id DESC LIMIT 1
) newest
WHERE meter.account_id = $1 AND meter.removed_on IS NULL"""


async def last_readings(account_id: UUID) -> list[Decimal]:
    """Of each register of the meters in use, the last accepted value in kWh.

    One statement; nothing for an account that isn't there.
    """
    rows = await engine.fetch(_LAST_READINGS, account_id)
    return [row["value"] for row in rows]

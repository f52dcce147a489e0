"""Monthly partitions of the audit log: added before they are needed, dropped after their term.

The database functions for this run as the owner of the tables, because the application's role owns
none (docs/decisions/0278-audit-log-by-month.md).
"""

from datetime import UTC, date, datetime

import structlog

from lk_graphql.database import raw_sql
from lk_graphql.kit.metrics import DROPPED_PARTITIONS

MONTHS_AHEAD = 3
"""Number of partitions that are added in advance.

If no worker has run for as many months, entries go to the default partition, so none is lost.
"""

_log = structlog.get_logger(__name__)


async def maintain(*, months_kept: int | None, now: datetime) -> None:
    """Add the partitions of the coming months; drop those older than `months_kept`, if it is given.

    Months are in UTC. Raises `Unavailable` if the log is in use for longer than 300 ms.
    """
    today = now.astimezone(UTC).date()
    for name in await _names("add_audit_partitions", today, MONTHS_AHEAD):
        _log.info("audit.partition_added", partition=name)
    if months_kept is not None:
        for name in await _names("drop_audit_partitions", today, months_kept):
            _log.warning("audit.partition_dropped", partition=name)
            DROPPED_PARTITIONS.labels("audit_entry").inc()


async def _names(function: str, today: date, months: int) -> list[str]:
    """Call a function of the database, which returns the names of the partitions it has changed."""
    rows = await raw_sql.fetch(f"SELECT name FROM {function}($1, $2) name", today, months)  # noqa: S608 - our own names
    return [row["name"] for row in rows]

"""Deletion of old rows in batches (docs/decisions/0277-retention-in-batches.md).

Each batch is a separate transaction. So a table with millions of old rows is cleaned without a long
transaction, locks are held only briefly, and an interrupted run keeps its finished batches.
"""

from dataclasses import dataclass
from datetime import datetime

from lk_graphql.database import raw_sql
from lk_graphql.kit.metrics import DELETED_ROWS

BATCH = 5_000


@dataclass(frozen=True)
class OldRows:
    """Rows of `table` whose `column` is before a moment, and that meet `condition`, an SQL text.

    An index must begin with `column`, so that each batch starts at the oldest row.
    """

    table: str
    column: str
    condition: str = "true"
    key: str = "id"

    @property
    def delete_batch(self) -> str:
        """SQL that deletes up to $2 rows before $1, and returns their number.

        Rows that another transaction has locked are skipped; the next run deletes them.
        """
        return f"""
WITH deleted AS (
    DELETE FROM "{self.table}" WHERE {self.key} = ANY(ARRAY(
        SELECT {self.key} FROM "{self.table}" WHERE {self.column} < $1 AND {self.condition}
        ORDER BY {self.column} LIMIT $2 FOR UPDATE SKIP LOCKED
    )) RETURNING 1
) SELECT count(*) AS count FROM deleted"""  # noqa: S608 - constant names and SQL


async def delete(rows: OldRows, *, before: datetime, batch: int = BATCH) -> int:
    """Delete the rows, batch by batch, and return their number.

    Call it outside a transaction, because a transaction would include all batches.
    """
    total, count = 0, batch
    while count == batch:
        (row,) = await raw_sql.fetch(rows.delete_batch, before, batch)
        count = row["count"]
        total += count
        count_deleted(rows.table, count)
    return total


def count_deleted(table: str, number: int) -> None:
    """Count rows of a table as deleted, in the metrics."""
    DELETED_ROWS.labels(table).inc(number)

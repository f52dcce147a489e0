"""What customers have sent, as files for the billing system.

A row is written again until billing has answered it (`lk import readings`, reading_answers), and
when it changes after that: at least once, with a key that never changes.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from asyncpg import Connection

from lk_graphql.exchange.models import ExportFormat, ExportKind


@dataclass(frozen=True)
class Sent:
    """`query` finds what was sent since $1; with $2, what is answered, too."""

    says: str
    query: str


_READINGS = """
SELECT g.id AS reading, a.number AS account, m.serial AS meter, r.zone, g.value, g.taken_on,
    g.taken_at, g.received_at, to_char(g.period, 'YYYY-MM') AS period, g.state
FROM reading g
JOIN register r ON r.id = g.register_id JOIN meter m ON m.id = r.meter_id
JOIN account a ON a.id = m.account_id
LEFT JOIN acknowledgement k ON k.subject_id = g.id
WHERE g.source = 'CUSTOMER' AND g.received_at >= $1 AND CASE
    WHEN $2 THEN g.state <> 'NEEDS_CONFIRMATION'
    WHEN k.id IS NULL THEN g.state IN ('ACCEPTED', 'ON_REVIEW')
    ELSE g.state NOT IN ('NEEDS_CONFIRMATION', 'REJECTED') AND g.state <> k.subject_state END
ORDER BY g.id
"""

# A refund is a row of its own, below zero. Billing acknowledges a row by posting it: a payment with
# its number as `external_id` (`lk import payments`).
_PAYMENTS = """
SELECT w.number AS external_id, a.number AS account,
    round(w.amount::numeric / 100, 2) AS amount, to_char(w.period, 'YYYY-MM') AS period,
    w.happened_at
FROM registry_row w JOIN account a ON a.id = w.account_id
WHERE w.happened_at >= $1 AND ($2 OR w.posted_at IS NULL)
ORDER BY w.id
"""

SENT: dict[ExportKind, Sent] = {
    ExportKind.READINGS: Sent("Readings that customers have sent", _READINGS),
    ExportKind.PAYMENTS: Sent("Payments in the cabinet, and refunds", _PAYMENTS),
}
_BATCH = 5000


async def exported(
    connection: Connection,
    kind: ExportKind,
    form: ExportFormat,
    *,
    since: datetime,
    everything: bool = False,
) -> AsyncIterator[list[bytes]]:
    """Lines in batches, the first of a CSV's being its columns; memory doesn't grow with them."""
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(SENT[kind].query, since, everything)
        if form is ExportFormat.CSV:
            described = await connection.prepare(SENT[kind].query)
            yield [_csv([column.name for column in described.get_attributes()])]
        while rows := await cursor.fetch(_BATCH):
            yield [_json(row) if form is ExportFormat.JSONL else _csv(row.values()) for row in rows]


def _json(row: Any) -> bytes:
    return orjson.dumps({name: _plain(value) for name, value in row.items()}) + b"\n"


def _csv(values: Any) -> bytes:
    return (";".join(_cell(_plain(value)) for value in values) + "\n").encode()


def _plain(value: Any) -> str | None:
    """Numbers as they are, moments with their offset."""
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    return '"' + text.replace('"', '""') + '"' if {*text} & {*';"\r\n'} else text

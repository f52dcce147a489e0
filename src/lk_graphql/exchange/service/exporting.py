"""What customers have sent, as files for the billing system: `sent` says which rows."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import orjson
from asyncpg import Connection

from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.sent import SENT

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

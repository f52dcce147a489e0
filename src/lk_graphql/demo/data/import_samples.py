"""examples/import: some of the demo's accounts as files that `lk import` reads."""

from pathlib import Path

import asyncpg

from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.exports import dump
from lk_graphql.exchange.service.records import ImportFormat, Records

_SINCE = "'2026-09-01'"
_BY_TABLE = {
    "reading": "t.period >= '2026-07-01'",
    "invoice": f"t.period >= {_SINCE}",
    "received_payment": f"t.paid_on >= {_SINCE}",
    "tariff": "t.valid_from >= '2026-01-01'",
    "acknowledgement": "false",
}
"""Which rows, where not all of them; parts of bills go with their bills.

No answers to messages: in another cabinet nobody has sent those.
"""


async def write_samples(dsn: str, folder: Path) -> list[Path]:
    """Write all kinds of files; the database holds a demo of a few accounts."""
    connection = await asyncpg.connect(dsn)
    try:
        written: list[Path] = []
        for kind in KINDS.values():
            for records in kind.records:
                path = folder / f"{records.name}.csv"
                await dump(connection, records, path, _where(kind, records))
                written.append(path)
        return written
    finally:
        await connection.close()


def _where(kind: ImportFormat, records: Records) -> str:
    if records.part_of and (of := _BY_TABLE.get(kind.by_name[records.part_of.parent].table)):
        table = kind.by_name[records.part_of.parent].table
        mine = f"SELECT t.id FROM {table} t WHERE {of}"  # noqa: S608 - names of our own
        return f"t.{records.part_of.target} IN ({mine})"
    return _BY_TABLE.get(records.table, "true")

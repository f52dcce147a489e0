"""examples/import: some of the demo's accounts as files that `lk import` reads."""

from pathlib import Path

from lk_graphql.database.connections import connect
from lk_graphql.exchange.service.exports import dump
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.records import ImportFormat, Records

_SINCE = "'2026-09-01'"
_BY_TABLE = {
    "reading": "t.period >= '2026-07-01'",
    "invoice": f"t.period >= {_SINCE}",
    "received_payment": f"t.paid_on >= {_SINCE}",
    "tariff": "t.valid_from >= '2026-01-01'",
    "acknowledgement": "false",
}
"""SQL conditions of tables whose rows aren't all written; parts of bills follow their bills.

Acknowledgements are omitted, because another cabinet has not sent the acknowledged messages.
"""


async def write_samples(dsn: str, folder: Path) -> list[Path]:
    """Write files of all kinds from a demo with a few accounts."""
    connection = await connect(dsn)
    try:
        paths: list[Path] = []
        for kind in KINDS.values():
            for records in kind.records:
                path = folder / f"{records.name}.csv"
                await dump(connection, records, path, _where(kind, records))
                paths.append(path)
        return paths
    finally:
        await connection.close()


def _where(kind: ImportFormat, records: Records) -> str:
    if records.part_of and (condition := _BY_TABLE.get(kind.by_name[records.part_of.parent].table)):
        table = kind.by_name[records.part_of.parent].table
        parents = f"SELECT t.id FROM {table} t WHERE {condition}"  # noqa: S608 - constant names
        return f"t.{records.part_of.target} IN ({parents})"
    return _BY_TABLE.get(records.table, "true")

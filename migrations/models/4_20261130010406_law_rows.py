"""The rows that law sets for all suppliers, from the files of `migrations/law`."""

import csv
from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

LAW = Path(__file__).parents[1] / "law"
TABLES = {
    "vat_rates": "vat_rate",
    "penalty_rates": "penalty_rate",
    "penalty_shares": "penalty_share",
    "due_rules": "due_rule",
    "estimate_rules": "estimate_rule",
    "calendar_days": "calendar_day",
}
COLUMNS = {"decision": "reference"}


def law_rows() -> str:
    """INSERT statements of the files' rows; a row that an operator has entered before stays."""
    return "".join(_insert(LAW / f"{name}.csv", table) for name, table in TABLES.items())


def _insert(path: Path, table: str) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    columns = ", ".join(COLUMNS.get(name, name) for name in header)
    values = ",\n    ".join(f"(new_key(), {', '.join(map(_literal, row))})" for row in rows)
    return f'\nINSERT INTO "{table}" (id, {columns}) VALUES\n    {values}\nON CONFLICT DO NOTHING;'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if value else "NULL"


async def upgrade(db: BaseDBAsyncClient) -> str:
    return law_rows()


async def downgrade(db: BaseDBAsyncClient) -> str:
    """The rows go with their tables; those of older tables stay, as nobody can tell whose they are."""
    return "SELECT"

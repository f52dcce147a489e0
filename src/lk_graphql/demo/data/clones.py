"""Copies of computed accounts, made in PostgreSQL by one statement per table.

The n-th account of a large demo is a copy of a template; copy 0 is the template itself. Only
templates are sent to the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import asyncpg

_SHARED = {"document_id"}  # keys of rows that have no copies
_NUMBERED = "pg_temp.account_number({n}) || substr({column}, 11)"
_OWN = {
    ("account", "number"): _NUMBERED,
    ("account", "contract_number"): _NUMBERED,
    ("account", "unified_number"): "pg_temp.unified_number({n})",
    ("account", "address"): "pg_temp.next_door(address, copy)",
    ("meter", "serial"): "pg_temp.another(serial, copy, 10000000)",
    ("meter", "seal_number"): "pg_temp.another(seal_number, copy, 1000000)",
    ("invoice", "number"): _NUMBERED,
    ("invoice", "gis_document_id"): "pg_temp.unified_number({n}) || substr({column}, 11)",
    ("received_payment", "external_id"): _NUMBERED,
    ("user", "email"): "'customer' || {n} || '@example.com'",
    ("user", "email_key"): "'customer' || {n} || '@example.com'",
    ("user", "phone"): "'+79' || lpad({n}::text, 9, '0')",
}
"""The columns, besides keys, that differ from the template's; `{n}` is the account's number."""


@dataclass(frozen=True)
class TemplateRows:
    """Rows of one table, each with the ordinal of its template, starting at 1."""

    table: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, tuple[Any, ...]]]


@dataclass(frozen=True)
class TemplateSpread:
    """The template of each account after `after`: n and n + `every` have the same template."""

    after: int
    every: int

    def copy(self, n: int) -> int:
        """The copy number of the n-th account."""
        return (n - self.after - 1) // self.every

    @property
    def number(self) -> str:
        """The account's number, n, as SQL over `copy` and `ordinal`."""
        return f"({self.after}::bigint + copy * {self.every} + ordinal)"


async def prepare(connection: asyncpg.Connection) -> None:
    """Create the temporary functions that the statements of `cloning` use."""
    sql = resources.files("lk_graphql.demo.data").joinpath("clones.sql").read_text("utf-8")
    await connection.execute(sql)


async def add(connection: asyncpg.Connection, template: TemplateRows) -> None:
    """Copy rows of templates into a temporary table."""
    await connection.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS template_{template.table} "  # noqa: S608 - constant names
        f'AS SELECT *, 0 AS ordinal FROM "{template.table}" LIMIT 0'
    )
    await connection.copy_records_to_table(
        f"template_{template.table}",
        records=[(*row, ordinal) for ordinal, row in template.rows],
        columns=(*template.columns, "ordinal"),
    )


def cloning(table: str, columns: Sequence[str], spread: TemplateSpread) -> str:
    """The statement that copies a table's rows, in chronological order.

    $1 and $2 are the copy numbers of the first and the last account, $3 and $4 these accounts.
    """
    values = ", ".join(_value(table, column, spread.number) for column in columns)
    return (
        f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {values} '  # noqa: S608 - as above
        f"FROM (SELECT * FROM template_{table} ORDER BY id) template, "
        f"generate_series($1::bigint, $2) copy WHERE {spread.number} BETWEEN $3 AND $4"
    )


def _value(table: str, column: str, n: str) -> str:
    own = _OWN.get((table, column))
    if own:
        return own.format(n=n, column=column)
    is_key = column == "id" or column.endswith("_id")
    return f"pg_temp.copied({column}, copy)" if is_key and column not in _SHARED else column

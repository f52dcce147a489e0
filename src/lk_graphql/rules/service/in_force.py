"""Rows of dated rules that are in force on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lk_graphql.database import raw_sql
from lk_graphql.exchange.service.exports import select_rows
from lk_graphql.import_formats.service.records import Records
from lk_graphql.import_formats.service.rules import RULES

_STARTS = ("valid_from", "from_period", "from_day")
_SETS = {"range_limits": ("category",), "norms": ("category",), "penalty_shares": ()}
"""Tables in which rows of one start replace all earlier ones, each with the columns of a series."""


@dataclass(frozen=True)
class RulesInForce:
    """Rows of one table, as texts, by the columns of its import file."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


async def rules_on(day: date) -> list[RulesInForce]:
    """Return the rows of each table in force on a day; of moved days, those of the day's year."""
    return [
        RulesInForce(
            records.name,
            records.names,
            tuple(
                tuple("" if value is None else str(value) for value in row)
                for row in await _fetch(records, day)
            ),
        )
        for records in RULES.records
    ]


async def _fetch(records: Records, day: date) -> list[Any]:
    start = next((name for name in records.key if name in _STARTS), None)
    order = ", ".join(f"t.{name}" for name in records.key)
    if start is None:
        condition = "date_trunc('year', t.day) = date_trunc('year', $1::date)"
    else:
        series = _SETS.get(records.name, tuple(name for name in records.key if name != start))
        same = "".join(f" AND m.{name} = t.{name}" for name in series)
        holds = "".join(
            f" AND (m.{column.name} IS NULL OR m.{column.name} >= $1::date)"
            for column in records.columns
            if column.name == "valid_to"
        )
        newest = f'SELECT max(m.{start}) FROM "{records.table}" m WHERE m.{start} <= $1::date'  # noqa: S608
        condition = f"t.{start} = ({newest}{holds}{same})"
    return await raw_sql.fetch(f"{select_rows(records)} WHERE {condition} ORDER BY {order}", day)

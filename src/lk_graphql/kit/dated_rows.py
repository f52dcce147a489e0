"""Choice among dated rows: of the rows in force on a day, the one with the newest start wins.

Tariffs, rates, terms and windows are rows that are in force from a day on. A row without an end is
in force until a newer row starts. Rows may overlap and come in any order.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class DatedRow(Protocol):
    """A row that is in force from `valid_from` on, through its `valid_to` if it has one."""

    @property
    def valid_from(self) -> date: ...


Row = TypeVar("Row", bound=DatedRow)


def holds_on(row: DatedRow, day: date) -> bool:
    end: date | None = getattr(row, "valid_to", None)
    return row.valid_from <= day and (end is None or day <= end)


def newest_set(rows: Iterable[Row], day: date) -> list[Row]:
    """The rows in force on a day with the newest start, such as all ranges of one order."""
    candidates = [row for row in rows if holds_on(row, day)]
    start = max((row.valid_from for row in candidates), default=None)
    return [row for row in candidates if row.valid_from == start]


def newest(rows: Iterable[Row], day: date) -> Row | None:
    """The row in force on a day, or None. Starts are unique within one series of rows."""
    return next(iter(newest_set(rows, day)), None)


def newest_sql(  # noqa: PLR0913 - the clauses of a statement, by keyword
    columns: str,
    table: str,
    day: str,
    *,
    where: str = "true",
    start: str = "valid_from",
    end: str = "",
    held_on: str = "",
) -> str:
    """SQL of the same choice: `columns` of the row of `table` that is in force on `day`.

    `start` and `end` are the table's columns; `end` is empty for a table without one. With
    `held_on`, a day before `day`, the row may have ended between the two days.
    """
    bound = f" AND ({end} IS NULL OR {end} >= {held_on or day})" if end else ""
    rows = f"{table} WHERE {start} <= {day}{bound} AND {where}"
    return f"SELECT {columns} FROM {rows} ORDER BY {start} DESC LIMIT 1"  # noqa: S608 - constants

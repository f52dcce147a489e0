"""Sets of days, and a column with one: PostgreSQL's `datemultirange`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from asyncpg import Range
from tortoise.fields import Field

DayRange = tuple[date | None, date | None]
"""From a first day to the day after the last; None is unbounded."""
DayRanges = tuple[DayRange, ...]


def contains(ranges: DayRanges, day: date) -> bool:
    return any(
        (since is None or since <= day) and (until is None or day < until)
        for since, until in ranges
    )


class DayRangesField(Field[DayRanges], tuple[DayRange, ...]):  # noqa: SLOT001 - a field
    """A set of days, as a tuple of ranges."""

    SQL_TYPE = "DATEMULTIRANGE"

    def to_db_value(self, value: Any, instance: object) -> Any:  # noqa: ARG002 - of the base class
        if value is None:
            return None
        return [
            Range(since, until, lower_inc=since is not None, upper_inc=False)
            for since, until in value
        ]

    def to_python_value(self, value: Iterable[Any] | None) -> DayRanges | None:
        return None if value is None else tuple(map(_day_range, value))


def _day_range(value: Any) -> DayRange:
    return (value.lower, value.upper) if hasattr(value, "lower") else value

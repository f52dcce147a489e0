"""Sets of days, as ranges from a first day to the day after the last; None is unbounded."""

from datetime import date

DayRange = tuple[date | None, date | None]
DayRanges = tuple[DayRange, ...]


def contains(ranges: DayRanges, day: date) -> bool:
    return any(
        (since is None or since <= day) and (until is None or day < until)
        for since, until in ranges
    )

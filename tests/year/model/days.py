"""Months, written as their first day, and the working days of law."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=7), "Asia/Novokuznetsk")
"""The company's time (domain.md 5)."""

HOLIDAYS = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
"""Non-working holidays, month and day (ТК РФ, ст. 112)."""
MOVED_TO = {date(2026, 1, 9), date(2026, 12, 31)}
"""Days off that the government has moved; in 2026 the Saturday 3 and the Sunday 4 January."""


def month_of(day: date) -> date:
    return day.replace(day=1)


def later(period: date, months: int) -> date:
    """`period` and so many months, which may be below zero."""
    number = period.year * 12 + period.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_day(period: date) -> date:
    return period.replace(day=monthrange(period.year, period.month)[1])


def end_of(period: date) -> datetime:
    """The moment at which the month is over."""
    return start_of(later(period, 1))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE)


def days_between(first: date, last: date) -> Iterator[date]:
    """Both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def is_working(day: date) -> bool:
    """Neither weekend nor holiday.

    A holiday that falls on a weekend moves to the next working day, but for those of January
    (ТК РФ, ст. 112).
    """
    if is_free(day):
        return False
    before = day - timedelta(days=1)
    while is_free(before):
        if is_moving(before):
            return False
        before -= timedelta(days=1)
    return True


def is_free(day: date) -> bool:
    return day.weekday() >= 5 or (day.month, day.day) in HOLIDAYS or day in MOVED_TO


def is_moving(day: date) -> bool:
    return day.weekday() >= 5 and (day.month, day.day) in HOLIDAYS and day.month != 1


def working_day(day: date) -> date:
    """`day`, or the next working day (ГК РФ, ст. 193)."""
    while not is_working(day):
        day += timedelta(days=1)
    return day

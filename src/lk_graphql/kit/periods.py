"""Billing months («расчётный период»), each represented by the date of its first day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> date:
    """The period of a day."""
    return day.replace(day=1)


def shift(period: date, months: int) -> date:
    """The period `months` later, or earlier for a negative number."""
    year, month = divmod(period.year * 12 + period.month - 1 + months, 12)
    return date(year, month + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """The number of months from one period to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def last_day(period: date) -> date:
    return period.replace(day=monthrange(period.year, period.month)[1])


def last_day_sql(period: str) -> str:
    """SQL of a period's last day."""
    return f"({period} + interval '1 month' - interval '1 day')"


def months(first: date, last: date) -> Iterator[date]:
    """The periods from `first` to `last`, inclusive."""
    while first <= last:
        yield first
        first = shift(first, 1)

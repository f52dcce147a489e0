"""Russia's working days: weekends, holidays, and the days that the government moves each year.

The government decides on a year's moved days (both new days off and working Saturdays) in the
autumn before; the `holidays` package learns of them with a release, so it has to be kept current.
"""

from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays


def is_working_day(day: date) -> bool:
    return _russia().is_working_day(day)


def next_working_day(day: date) -> date:
    """The day itself where it is a working one, else the first that is (ГК РФ, ст. 193)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _russia() -> HolidayBase:
    return country_holidays("RU")

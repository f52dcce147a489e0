"""Working days in Russia: weekends, holidays, and the government's yearly transfers.

The government decides on a year's transfers (days off and working Saturdays) in the preceding
autumn. They come with releases of the `holidays` package, which must therefore be kept up to date.
"""

from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays


def is_working_day(day: date) -> bool:
    return _russia().is_working_day(day)


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the next one (ГК РФ, ст. 193)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _russia() -> HolidayBase:
    return country_holidays("RU")

"""Working days in Russia: weekends, holidays, and the government's yearly transfers.

The government decides on a year's transfers (days off and working Saturdays) in the preceding
autumn. Releases of the `holidays` package contain them; until such a release, dated rows correct
the package.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from holidays import HolidayBase, country_holidays

Transfers = Mapping[date, bool]
"""Days that are working days (true) or days off (false) regardless of the calendar."""
NO_TRANSFERS: Transfers = MappingProxyType({})


def is_working_day(day: date, transfers: Transfers = NO_TRANSFERS) -> bool:
    transferred = transfers.get(day)
    return _russia().is_working_day(day) if transferred is None else transferred


def next_working_day(day: date, transfers: Transfers = NO_TRANSFERS) -> date:
    """The day itself if it is a working day, otherwise the next working day (ГК РФ, ст. 193)."""
    while not is_working_day(day, transfers):
        day += timedelta(days=1)
    return day


@cache
def _russia() -> HolidayBase:
    return country_holidays("RU")

"""When the clock's notices are told: in the day, and again for what was missed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

EVERY_HOUR = "11 * * * *"
"""The clock of jobs knows UTC only: they come every hour, and ask `is_time_to_tell`."""

LONGEST = timedelta(hours=1)
"""For a job that tells everybody: one statement for a million accounts takes minutes."""

_HOURS = (10, 14, 18)


def is_time_to_tell(now: datetime, zone: ZoneInfo) -> bool:
    """Three hours of the company's day.

    Telling twice is telling once, so what a stopped worker missed in the morning is told in the
    afternoon, and what began after the morning's import too.
    """
    return now.astimezone(zone).hour in _HOURS

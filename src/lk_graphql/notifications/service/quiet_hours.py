"""Quiet hours («тихие часы») in the company's zone."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lk_graphql.notifications.errors import QuietHoursInvalid

_TIME_PATTERN = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class QuietHours:
    """The hours from `start` until just before `end`, on the next day if `end` is earlier."""

    start: time
    end: time

    def ends_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The end of the quiet hours if `now` is in them; else None."""
        local = now.astimezone(zone)
        clock = local.time()
        is_overnight = self.end < self.start
        is_late, is_early = clock >= self.start, clock < self.end
        if not (is_late or is_early if is_overnight else is_late and is_early):
            return None
        day = local.date() + timedelta(days=1 if is_overnight and is_late else 0)
        return datetime.combine(day, self.end, zone)


def minutes_of(clock: time) -> int:
    """Minutes after midnight, the form of the column."""
    return clock.hour * 60 + clock.minute


def of_minutes(start: int, end: int) -> QuietHours:
    return QuietHours(time(*divmod(start, 60)), time(*divmod(end, 60)))


DEFAULT = QuietHours(time(22), time(8))
"""For users without settings."""


def parse(start: str, end: str) -> QuietHours:
    """Parse times such as `22:00` and `08:00`. Raises `QuietHoursInvalid`."""
    if not (_TIME_PATTERN.fullmatch(start) and _TIME_PATTERN.fullmatch(end)) or start == end:
        raise QuietHoursInvalid("quietHours")
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end))

"""Chance that comes out the same every time."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

_EPOCH = date(1970, 1, 1)
ZONE = ZoneInfo("Asia/Novokuznetsk")


def seeded_random(*about: object) -> Random:
    """Dice that fall the same way for the same subject, whatever else was thrown before."""
    return Random("/".join(map(str, about)))  # noqa: S311 - to be repeated, not to be secret


class Keys:
    """UUIDv7s as of given days, the same every time; of one day's, the later made is greater."""

    def __init__(self, *about: object) -> None:
        self._dice = seeded_random("keys", *about)
        self._made = 0

    def new(self, day: date) -> UUID:
        milliseconds = (day - _EPOCH).days * 86_400_000
        self._made = (self._made + 1) % 4096  # RFC 9562: the bits before the variant may count
        random = self._dice.getrandbits(62)
        return UUID(int=milliseconds << 80 | 7 << 76 | self._made << 64 | 2 << 62 | random)


def moment(day: date, dice: Random) -> datetime:
    """Some time of a day in Novokuznetsk when people are awake, in UTC."""
    awake = time(dice.randint(8, 22), dice.randint(0, 59), dice.randint(0, 59))
    return datetime.combine(day, awake, ZONE).astimezone(UTC)


def evening(day: date) -> datetime:
    """When billing ends its day's work, in UTC."""
    return datetime.combine(day, time(23, 30), ZONE).astimezone(UTC)


def some_day(first: date, last: date, dice: Random) -> date:
    """A day between the two, both included; `first` when `last` comes before it."""
    return first + timedelta(days=dice.randint(0, max(0, (last - first).days)))

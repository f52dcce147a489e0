"""Reproducible random numbers and keys."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

_EPOCH = date(1970, 1, 1)
ZONE = ZoneInfo("Asia/Novokuznetsk")


def seeded_random(*about: object) -> Random:
    """A random generator seeded by its subject."""
    return Random("/".join(map(str, about)))  # noqa: S311 - reproducible, not secret


class Keys:
    """Reproducible UUIDv7s of given days, ascending within a day."""

    def __init__(self, *about: object) -> None:
        self._rng = seeded_random("keys", *about)
        self._made = 0

    def new(self, day: date) -> UUID:
        milliseconds = (day - _EPOCH).days * 86_400_000
        self._made = (self._made + 1) % 4096  # RFC 9562 permits a counter before the variant
        random = self._rng.getrandbits(62)
        return UUID(int=milliseconds << 80 | 7 << 76 | self._made << 64 | 2 << 62 | random)


def moment(day: date, rng: Random) -> datetime:
    """A random time from 8:00 to 22:59 in Novokuznetsk, in UTC."""
    local = time(rng.randint(8, 22), rng.randint(0, 59), rng.randint(0, 59))
    return datetime.combine(day, local, ZONE).astimezone(UTC)


def evening(day: date) -> datetime:
    """23:30 in Novokuznetsk, the end of billing's day, in UTC."""
    return datetime.combine(day, time(23, 30), ZONE).astimezone(UTC)


def some_day(first: date, last: date, rng: Random) -> date:
    """A random day from `first` to `last`, both inclusive; `first` if `last` is earlier."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))

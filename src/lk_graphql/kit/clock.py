"""The clock of requests, commands and jobs; tests pass a fixed one."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The system clock."""
    return datetime.now(UTC)


def end_of_millisecond(moment: datetime) -> datetime:
    """The last moment that clients know by this time: their times end with milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000 + 999)

"""The last day of a window and the days that are left, which the product computes in SQL."""

from datetime import date

from lk_graphql.metering.service.rules import SubmissionWindow


def closes_on(window: SubmissionWindow, closed_on: date | None = None) -> date:
    """The last of the consecutive days on which an account may use its window."""
    return min(window.last_on, closed_on or date.max)


def days_left(today: date, window: SubmissionWindow | None, closed_on: date | None = None) -> int:
    """The number of consecutive days from today on which readings are taken.

    0 while it is closed.
    """
    if window is None or not window.is_open(today):
        return 0
    return (closes_on(window, closed_on) - today).days + 1

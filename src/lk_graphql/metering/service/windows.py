"""When readings are taken («период приёма показаний»), and for which month they count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lk_graphql.kit.periods import last_day, month_of, shift
from lk_graphql.metering.models import LatePolicy


@dataclass(frozen=True)
class WindowTerms:
    """A dated row: see `WindowRule`."""

    from_period: date
    first_day: int
    last_day: int
    late_policy: LatePolicy
    offline_days: int


@dataclass(frozen=True)
class Window:
    """The days on which readings are taken for a month, both included.

    `is_late`: it hasn't begun, but what comes after the window before it counts for it.
    """

    period: date
    opens_on: date
    closes_on: date
    is_late: bool = False

    def is_open(self, today: date) -> bool:
        return self.is_late or self.opens_on <= today


class Closed(StrEnum):
    """Why no reading is taken today."""

    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    NO_METER = "NO_METER"
    METERS_REPORT_THEMSELVES = "METERS_REPORT_THEMSELVES"
    NOT_ANNOUNCED = "NOT_ANNOUNCED"
    NOT_YET_OPEN = "NOT_YET_OPEN"
    ENDED = "ENDED"


def window_on(today: date, rows: Iterable[WindowTerms]) -> Window | None:
    """The window that a day lies in or comes before; None where no rule reaches."""
    rules, missed = list(rows), False
    for period in (month_of(today), shift(month_of(today), 1)):
        terms = terms_for(period, rules)
        if terms is None:
            continue
        opens, closes = (_day(period, day) for day in (terms.first_day, terms.last_day))
        if today <= closes:
            return Window(period, opens, closes, is_late=missed)
        missed = terms.late_policy is LatePolicy.NEXT_PERIOD
    return None


def terms_for(period: date, rows: Iterable[WindowTerms]) -> WindowTerms | None:
    known = [row for row in rows if row.from_period <= period]
    return max(known, key=lambda row: row.from_period, default=None)


def closed_because(today: date, window: Window | None) -> Closed | None:
    """By the calendar alone; None while it is open."""
    if window is None:
        return Closed.NOT_ANNOUNCED
    if window.is_open(today):
        return None
    return Closed.NOT_YET_OPEN if window.period == month_of(today) else Closed.ENDED


def days_left(today: date, window: Window | None) -> int:
    """How many days readings are taken for its month, today included; 0 while it is closed."""
    if window is None or not window.is_open(today):
        return 0
    return (window.closes_on - today) // timedelta(days=1) + 1


def _day(period: date, number: int) -> date:
    return min(period + timedelta(days=number - 1), last_day(period))


CLOSED = """CASE WHEN is_late OR opens_on <= {today} THEN 'OPEN'
WHEN period > {today} THEN 'ENDED' ELSE 'NOT_YET_OPEN' END"""
# Of generate_series PostgreSQL expects a thousand rows where it doesn't know the day yet: it would
# never find one plan for all days cheap enough.
_MONTHS = """SELECT month::date AS period,
  extract(day FROM month + interval '1 month - 1 day')::int AS days
FROM (VALUES (date_trunc('month', {today}::timestamp)),
  (date_trunc('month', {today}::timestamp) + interval '1 month')) two (month)"""
_WINDOW = f"""SELECT period, opens_on, closes_on, coalesce(missed = 'NEXT_PERIOD', false) AS is_late
FROM (
  SELECT period, period + least(first_day, days) - 1 AS opens_on,
    period + least(last_day, days) - 1 AS closes_on,
    lag(late_policy) OVER (ORDER BY period) AS missed
  FROM ({_MONTHS}) months CROSS JOIN LATERAL (
    SELECT first_day, last_day, late_policy FROM window_rule
    WHERE from_period <= period ORDER BY from_period DESC LIMIT 1
  ) rule
) window_of
WHERE closes_on >= {{today}} ORDER BY period LIMIT 1"""  # noqa: S608 - texts of our own
DAYS_LEFT = "closes_on - {today} + 1"


def in_sql(value: str) -> str:
    """A field of `Window`, `CLOSED` or `DAYS_LEFT`, as the read side asks for it."""
    return f"(SELECT {value} FROM ({_WINDOW}) one)"  # noqa: S608 - as above

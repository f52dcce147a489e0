"""Days of an account that customers may see, and its last day.

Customers see only what belongs to the present holder's time (152-ФЗ). A bill and a month's
consumption belong to the last day of the month, a reading to the day on which it was taken, a
payment to its own day. The same rules exist as SQL, for statements and for the row policies of the
GraphQL types.

`closed_on` is the last day of the account, in the company's zone, and the last day on which a
reading is accepted. A day in the future has no effect yet. After the last day, bills, debts
and links stay.
"""

from datetime import date

from lk_graphql.accounts.models import Account
from lk_graphql.database.day_ranges import DayRanges, contains
from lk_graphql.kit.periods import last_day

IS_VISIBLE_SQL = "coalesce({days} @> {day}, true)"
"""`is_visible` in SQL.

PostgreSQL estimates that half of the rows pass. With `IS NOT FALSE` it would estimate one in two
hundred, and would read and sort all rows to find the newest.
"""
MONTH_END_SQL = "({period} + interval '1 month - 1 day')::date"


def is_visible(visible_days: DayRanges | None, day: date) -> bool:
    """Return True for a day of the present holder and of their household.

    `visible_days` is the account's column.
    """
    return visible_days is None or contains(visible_days, day)


def is_month_visible(visible_days: DayRanges | None, period: date) -> bool:
    return is_visible(visible_days, last_day(period))


def visible_sql(day: str, *, account: str = "account") -> str:
    """The SQL of `is_visible`; `account` is the alias of the row of `account`."""
    return IS_VISIBLE_SQL.format(days=f"{account}.visible_days", day=day)


def month_visible_sql(period: str, *, account: str = "account") -> str:
    return visible_sql(MONTH_END_SQL.format(period=period), account=account)


def supplied_days(account: Account, period: date) -> tuple[date, date]:
    """The first and the last day of a month on which an account is supplied.

    These are the days of its contract; the whole month if none of them is in it.
    """
    end = last_day(period)
    first, last = max(period, account.contract_signed_on), min(end, account.closed_on or end)
    return (first, last) if first <= last else (period, end)


def is_closed(closed_on: date | None, today: date) -> bool:
    return closed_on is not None and closed_on < today


def is_open_sql(today: str, *, account: str = "account") -> str:
    """The negation of `is_closed` as SQL; `account` is the alias of the row of `account`."""
    return f"({account}.closed_on < {today}) IS NOT TRUE"

"""Days of an account: whose they are, and the last one.

Customers see what is of the present holder's time (152-ФЗ). A bill and a month's consumption are of
the month's last day, a reading is of the day on which it was taken, a payment of the day of the
payment. The same rules in SQL are for statements, and for the row policies of the GraphQL types.

`closed_on` is the last day, in the company's zone: on it the last reading is taken, and a day in
the future changes nothing yet. Afterwards no reading is taken; bills, debts and links stay.
"""

from datetime import date

from lk_graphql.kit.day_ranges import DayRanges, contains
from lk_graphql.kit.periods import last_day

CATEGORY_SQL = """
coalesce((SELECT h.tariff_category FROM account_history h
    WHERE h.account_id = {account} AND h.last_period >= {period}
    ORDER BY h.last_period LIMIT 1), {today})"""
"""The tariff category of an account in a month; `today` is that of today."""
IN_SQL = "coalesce({days} @> {day}, true)"
"""`is_visible` in SQL.

PostgreSQL expects half of the rows to pass. With `IS NOT FALSE` it expects one of two hundred, and
for the newest row reads and sorts all of them.
"""
MONTH_END = "({period} + interval '1 month - 1 day')::date"


def is_visible(visible_days: DayRanges | None, day: date) -> bool:
    """Return True for a day of the present holder and of their household.

    `visible_days` is the account's column.
    """
    return visible_days is None or contains(visible_days, day)


def is_month_visible(visible_days: DayRanges | None, period: date) -> bool:
    return is_visible(visible_days, last_day(period))


def visible_sql(day: str, *, account: str = "account") -> str:
    """The SQL of `is_visible`; `account` is the alias of the row of `account`."""
    return IN_SQL.format(days=f"{account}.visible_days", day=day)


def month_visible_sql(period: str, *, account: str = "account") -> str:
    return visible_sql(MONTH_END.format(period=period), account=account)


def is_closed(closed_on: date | None, today: date) -> bool:
    return closed_on is not None and closed_on < today


def is_open_sql(today: str, *, account: str = "account") -> str:
    """The SQL of not `is_closed`; `account` is the alias of the row of `account`."""
    return f"({account}.closed_on < {today}) IS NOT TRUE"

"""By when a bill is issued and paid (ЖК РФ, ст. 155): dated rules, moved to a working day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lk_graphql.kit.periods import shift
from lk_graphql.kit.working_days import next_working_day


class NoDueTerms(LookupError):
    """No rule reaches back to this month: an operator's fault, not the customer's."""


@dataclass(frozen=True)
class DueTerms:
    """A dated row: for months from `from_period` on, days of the month that follows."""

    from_period: date
    document_day: int
    due_day: int


def terms_for(period: date, rows: Iterable[DueTerms]) -> DueTerms:
    """The rule for a billed month. Raises `NoDueTerms`."""
    known = [row for row in rows if row.from_period <= period]
    if not known:
        raise NoDueTerms(f"No due rule for {period:%Y-%m}")
    return max(known, key=lambda row: row.from_period)


def issue_by(period: date, rows: Iterable[DueTerms]) -> date:
    """The last day to issue the bill of a month; the law doesn't move it to a working day."""
    return shift(period, 1).replace(day=terms_for(period, rows).document_day)


def due_on(period: date, rows: Iterable[DueTerms]) -> date:
    """The last day to pay the bill of a month, a working day (ГК РФ, ст. 193)."""
    return next_working_day(shift(period, 1).replace(day=terms_for(period, rows).due_day))

"""Rules of the penalty («пеня») that receipts print: shares of the key rate, and its cap.

The supplier's billing system computes the penalties themselves.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lk_graphql.billing.models import PenaltyRate, PenaltyShare
from lk_graphql.kit.dated_rows import newest, newest_set


@dataclass(frozen=True)
class Step:
    """A dated row: the divisor from this day of delay on; with None, nothing accrues.

    `reference` is the law that sets it.
    """

    days_late: int
    divisor: int | None
    valid_from: date
    reference: str = ""


async def steps_on(day: date) -> tuple[Step, ...]:
    """Return the shares of the key rate in force on a day, by the day of delay."""
    rows = newest_set(await PenaltyShare.all().order_by("days_late"), day)
    return tuple(Step(row.days_late, row.divisor, row.valid_from, row.reference) for row in rows)


async def rate_cap_on(day: date) -> Decimal | None:
    """Return the cap on the key rate in percent a year; None if there is none on the day."""
    cap = newest(await PenaltyRate.filter(is_cap=True), day)
    return cap and cap.percent

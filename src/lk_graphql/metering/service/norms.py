"""What a household is reckoned to use where nobody measures («норматив потребления»)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class NormTerms:
    """A dated row of one tariff category: for so many residents, or more up to the next row's."""

    residents: int
    kwh_per_person: Decimal
    from_period: date


def norm_kwh(residents: int, period: date, rows: Iterable[NormTerms]) -> Decimal | None:
    """A month of the household; None where no order says it.

    Of the orders in force the newest counts alone: its rows replace those before.
    """
    people = max(residents, 1)
    known = [row for row in rows if row.from_period <= period]
    newest = max((row.from_period for row in known), default=None)
    fitting = [row for row in known if row.from_period == newest and row.residents <= people]
    if not fitting:
        return None
    return max(fitting, key=lambda row: row.residents).kwh_per_person * people

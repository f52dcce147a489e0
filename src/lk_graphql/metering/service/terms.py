"""The dated rows about readings, as the arithmetic takes them."""

from datetime import date

from lk_graphql.metering.models import EstimateRule, WindowRule
from lk_graphql.metering.service.estimates import EstimateTerms
from lk_graphql.metering.service.windows import WindowTerms


async def window_terms() -> list[WindowTerms]:
    """All rows: a supplier changes its window once in years."""
    return [
        WindowTerms(row.from_period, row.first_day, row.last_day, row.late_policy, row.offline_days)
        for row in await WindowRule.all()
    ]


async def estimate_terms(period: date) -> EstimateTerms | None:
    row = await EstimateRule.filter(from_period__lte=period).order_by("-from_period").first()
    return row and EstimateTerms(
        row.average_months, row.least_months, row.longest_run, row.raising_factor
    )

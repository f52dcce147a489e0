"""The dated rows about readings, as the arithmetic takes them."""

from lk_graphql.metering.models import WindowRule
from lk_graphql.metering.service.windows import WindowTerms


async def window_terms() -> list[WindowTerms]:
    """All rows: a supplier changes its window once in years."""
    return [
        WindowTerms(row.from_period, row.first_day, row.last_day, row.late_policy, row.offline_days)
        for row in await WindowRule.all()
    ]

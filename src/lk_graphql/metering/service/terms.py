"""The dated rows about readings, as the arithmetic takes them."""

from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import Account
from lk_graphql.metering.models import AnomalyRule, EstimateRule, Norm, WindowRule
from lk_graphql.metering.service.anomalies import AnomalyTerms
from lk_graphql.metering.service.estimates import EstimateTerms
from lk_graphql.metering.service.norms import NormTerms, norm_kwh
from lk_graphql.metering.service.windows import WindowTerms


async def window_terms() -> list[WindowTerms]:
    """All rows: a supplier changes its window once in years."""
    return [
        WindowTerms(row.from_period, row.first_day, row.last_day, row.late_policy, row.offline_days)
        for row in await WindowRule.all()
    ]


async def anomaly_terms(period: date) -> AnomalyTerms | None:
    row = await AnomalyRule.filter(from_period__lte=period).order_by("-from_period").first()
    return row and AnomalyTerms(row.usual_times, row.usual_months, row.least_months, row.allowed_kw)


async def estimate_terms(period: date) -> EstimateTerms | None:
    row = await EstimateRule.filter(from_period__lte=period).order_by("-from_period").first()
    return row and EstimateTerms(
        row.average_months, row.least_months, row.longest_run, row.raising_factor
    )


async def norm_of(account: Account, period: date) -> Decimal | None:
    """Of the household for a month; of one person where nobody knows how many live there."""
    rows = await Norm.filter(category=account.tariff_category, from_period__lte=period)
    known = [NormTerms(row.residents, row.kwh_per_person, row.from_period) for row in rows]
    return norm_kwh(account.residents or 1, period, known)

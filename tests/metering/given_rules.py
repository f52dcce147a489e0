"""The dated rows about readings that tests begin with."""

from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.metering.models import (
    AnomalyRule,
    EstimateRule,
    LatePolicy,
    Norm,
    WindowRule,
)

LONG_AGO = date(2020, 1, 1)


async def given_window(
    first_day: int = 15,
    last_day: int = 25,
    late_policy: LatePolicy = LatePolicy.REFUSED,
    *,
    offline_days: int = 0,
    from_period: date = LONG_AGO,
) -> WindowRule:
    return await WindowRule.create(
        from_period=from_period,
        first_day=first_day,
        last_day=last_day,
        late_policy=late_policy,
        offline_days=offline_days,
        reference="a test",
    )


async def given_rules() -> None:
    """A norm of 100 kWh for one person, thrice the average of a year, 15 kW; and a window."""
    await given_window()
    await AnomalyRule.create(
        from_period=LONG_AGO,
        usual_times=Decimal(3),
        usual_months=12,
        least_months=3,
        allowed_kw=Decimal(15),
        reference="a test",
    )
    await EstimateRule.create(
        from_period=LONG_AGO,
        average_months=6,
        least_months=3,
        longest_run=3,
        raising_factor=Decimal("1.5"),
        reference="a test",
    )
    await Norm.create(
        category=TariffCategory.URBAN_GAS,
        residents=1,
        kwh_per_person=Decimal(100),
        from_period=LONG_AGO,
        order_reference="a test",
    )

"""How much a household uses in a month."""

from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.demo.chance import chance
from lk_graphql.demo.household import Household
from lk_graphql.metering.models import Zone

# January to December: dark evenings in the city; heating where electricity heats
_LIGHT = (1.18, 1.1, 1.05, 0.98, 0.92, 0.86, 0.82, 0.86, 0.94, 1.03, 1.1, 1.16)
_HEATING = (1.75, 1.6, 1.3, 0.95, 0.7, 0.55, 0.5, 0.55, 0.75, 1.05, 1.4, 1.65)
_SEASONS = {
    TariffCategory.URBAN_GAS: _LIGHT,
    TariffCategory.URBAN_ELECTRIC: tuple(
        (a + b) / 2 for a, b in zip(_LIGHT, _HEATING, strict=True)
    ),
    TariffCategory.RURAL: _HEATING,
}


def used(house: Household, period: date) -> dict[Zone, Decimal]:
    """Whole kWh in a month, by zone: the season, and what no season explains."""
    dice = chance("usage", house.n, period)
    month = house.monthly_kwh * _SEASONS[house.category][period.month - 1]
    if dice.random() < 0.04:  # away for weeks
        month *= 0.3
    return {
        zone: Decimal(round(month * share * dice.uniform(0.88, 1.12)))
        for zone, share in house.shares.items()
    }

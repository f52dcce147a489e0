"""How much was used, month by month."""

from datetime import date

from lk_graphql.metering import models
from lk_graphql.reads.declare import column, reads
from lk_graphql.reads.filters import any_of, at_least, at_most, filters
from lk_graphql.reads.scalars import Period, Quantity


@reads(models.MonthlyConsumption)
class MonthlyConsumption:
    """The energy of a month in one zone, between the readings that count for it («расход»).

    A month without any accepted reading is missing: its energy is in the next one that has one.
    """

    period: Period = column("The month.")
    zone: models.Zone = column("The time of day.")
    kwh: Quantity = column(
        "Kilowatt-hours, the meter's ratio included; below zero when earlier estimates were more "
        "than was used."
    )
    source: models.ReadingSource = column("Who took the reading at its end.")
    since: date = column("The day of the reading before.")
    until: date = column("The day of the last reading.")


@filters
class ConsumptionFilterInput:
    """Which months to show; all that isn't said goes."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")
    zones: list[models.Zone] | None = any_of("Only these zones.", of="zone")

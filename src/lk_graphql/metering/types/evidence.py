"""The months that a finding about a reading rests on."""

from datetime import date
from decimal import Decimal

import strawberry

from lk_graphql.api.shapes import object_type
from lk_graphql.reads.scalars import Period, Quantity


@object_type
class TypicalMonth:
    """What passed in a month, in the zone of a reading."""

    period: Period = strawberry.field(description="The month.")
    kwh: Quantity = strawberry.field(description="Kilowatt-hours, the meter's ratio included.")


TYPICAL = (
    "The months that speak for it, the newest first: those before, and the same month of earlier "
    "years («типичные месяцы»)."
)


def months(typical_months: list[tuple[str, str]] | None) -> list[TypicalMonth]:
    """As they lie in the database."""
    return [
        TypicalMonth(period=Period(date.fromisoformat(month)), kwh=Quantity(Decimal(kwh)))
        for month, kwh in typical_months or []
    ]

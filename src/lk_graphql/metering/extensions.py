"""The fields that metering adds to accounts and the settings."""

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.context import Info
from lk_graphql.identity.types.objects import PublicSettings
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.periods import month_of
from lk_graphql.metering.service.rules import window_terms
from lk_graphql.metering.service.submission import MAX_ENTRIES
from lk_graphql.metering.types.objects import (
    ConsumptionFilterInput,
    ConsumptionMonth,
    ConsumptionMonthFilterInput,
    Meter,
    MeterFilterInput,
    MonthlyConsumption,
)
from lk_graphql.metering.types.window import ReadingRules, ReadingWindow, reading_rules
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import derived, extends, pages, part, related


@extends(Account)
class AccountMeters:
    """Meters, consumption and reading window of an account."""

    meters: list[Meter] = related(
        "All meters ever installed, or only those in use («приборы учёта»).",
        order_by="serial",
        filters=MeterFilterInput,
    )
    consumption: Connection[MonthlyConsumption] = pages(
        "The consumption by month and zone, newest first («расход»). The zones of a month are in "
        "the order of the day: day, peak, half-peak, night.",
        by="-period",
        filters=ConsumptionFilterInput,
    )
    consumption_by_month: Connection[ConsumptionMonth] = pages(
        "The consumption by month, newest first, with the total of each («расход»).",
        by="-period",
        filters=ConsumptionMonthFilterInput,
    )
    reading_window: ReadingWindow = part("The submission window of the account.")


@extends(PublicSettings)
class ReadingSettings:
    """Public settings of reading submission."""

    @strawberry.field(
        name="readingRules",
        description="The rules of the submission window («период приёма показаний»); null until "
        "they are published.",
    )
    async def reading_rules(self, info: Info) -> ReadingRules | None:
        terms = newest(await window_terms(), month_of(info.context.today))
        return terms and reading_rules(terms)

    most_readings: int = derived(
        "The maximum number of readings in one `readingsSubmit`.", lambda: MAX_ENTRIES
    )

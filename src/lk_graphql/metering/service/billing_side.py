"""What metering has to ask of billing, which comes after it: `billing.edges` fills it in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from lk_graphql.accounts.models import Account
from lk_graphql.kit.money import Kopecks
from lk_graphql.metering.models import Zone


@dataclass(frozen=True)
class QuotedLine:
    """What a bill would charge for one zone and range."""

    zone: Zone
    range_number: int
    kwh: Decimal
    rubles_per_kwh: Decimal
    amount: Kopecks


Quote = list[QuotedLine] | None
"""None where no tariff is known for the month."""


class BillingSide:
    """`billed_through` is the last month that an account has a bill for, None before the first.

    `quote` prices a month's kilowatt-hours by zone, those below zero as a credit.
    """

    billed_through: Callable[[UUID], Awaitable[date | None]]
    quote: Callable[[Account, Mapping[Zone, Decimal], date], Awaitable[Quote]]

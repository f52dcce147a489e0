"""Gateway to the billing slice, which registers its functions in its `hooks`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import Account
from lk_graphql.kit.money import Kopecks
from lk_graphql.metering.models import Zone


@dataclass(frozen=True)
class QuotedLine:
    """The charge for one zone and range."""

    zone: Zone
    range_number: int
    kwh: Decimal
    rubles_per_kwh: Decimal
    amount: Kopecks


Quote = list[QuotedLine] | None
"""The charges by zone and range; None if no tariff is known for the month."""

Quoter = Callable[[Account, Mapping[Zone, Decimal], date, int], Awaitable[Quote]]


class BillingGateway:
    """Queries and functions of billing that metering needs.

    Metering embeds two queries in its own statements, for account $1. `billed_through` selects the
    last billed month, NULL before the first bill. `estimated_bills` selects the month and the
    kilowatt-hours of each bill that is based on an estimate of a row of `register`, for months
    after `{since}`, the oldest first.

    `quote(account, kwh_by_zone, period, months)` prices unbilled kilowatt-hours, negative ones as a
    credit, in the ranges of `months` months that end with `period`.
    """

    billed_through: str
    estimated_bills: str
    quote: Quoter

    def register(self, *, billed_through: str, estimated_bills: str, quote: Quoter) -> None:
        self.billed_through, self.estimated_bills = billed_through, estimated_bills
        self.quote = quote


BILLING = BillingGateway()

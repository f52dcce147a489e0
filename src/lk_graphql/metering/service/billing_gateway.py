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

    `billed_through` is a query for the last billed month of account $1, NULL before the first bill;
    metering embeds it in its own statements. `quote(account, kwh_by_zone, period, months)` prices
    unbilled kilowatt-hours, negative ones as a credit, in the ranges of `months` months that end
    with `period`.
    """

    billed_through: str
    quote: Quoter

    def register(self, *, billed_through: str, quote: Quoter) -> None:
        self.billed_through, self.quote = billed_through, quote


BILLING = BillingGateway()

"""What can be imported. A new table is a `Records` in one of these files, or a file of its own."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.accounts import ACCOUNTS, APPEALS, METERS, READINGS
from lk_graphql.exchange.service.catalog.invoices import INVOICES, PAYMENTS
from lk_graphql.exchange.service.catalog.rules import TARIFFS
from lk_graphql.exchange.service.records import ImportFormat

KINDS: dict[ImportKind, ImportFormat] = {
    one.kind: one for one in (TARIFFS, ACCOUNTS, METERS, READINGS, INVOICES, PAYMENTS, APPEALS)
}
"""In the order in which a new cabinet is filled."""

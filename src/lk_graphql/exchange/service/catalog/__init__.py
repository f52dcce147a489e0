"""What can be imported. A new table is a `Records` in one of these files, or a file of its own."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.accounts import ACCOUNTS
from lk_graphql.exchange.service.catalog.appeals import APPEALS
from lk_graphql.exchange.service.catalog.invoices import INVOICES
from lk_graphql.exchange.service.catalog.meters import METERS
from lk_graphql.exchange.service.catalog.payments import PAYMENTS
from lk_graphql.exchange.service.catalog.readings import READINGS
from lk_graphql.exchange.service.catalog.tariffs import TARIFFS
from lk_graphql.exchange.service.records import Kind

KINDS: dict[ImportKind, Kind] = {
    one.kind: one for one in (TARIFFS, ACCOUNTS, METERS, READINGS, INVOICES, PAYMENTS, APPEALS)
}
"""In the order in which a new cabinet is filled."""

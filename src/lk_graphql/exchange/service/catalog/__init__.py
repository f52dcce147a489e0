"""Catalogue of import files. A new table is a `Records` in one of these files, or a new file."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.accounts import ACCOUNTS, METERS
from lk_graphql.exchange.service.catalog.invoices import INVOICES, PAYMENTS
from lk_graphql.exchange.service.catalog.readings import APPEALS, READINGS
from lk_graphql.exchange.service.catalog.rules import RULES, TARIFFS
from lk_graphql.exchange.service.records import ImportFormat

KINDS: dict[ImportKind, ImportFormat] = {
    form.kind: form
    for form in (TARIFFS, RULES, ACCOUNTS, METERS, READINGS, INVOICES, PAYMENTS, APPEALS)
}
"""In the order in which an empty cabinet is filled."""

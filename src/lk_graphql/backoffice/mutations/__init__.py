"""What staff can do."""

from lk_graphql.backoffice.mutations import (
    account_links,
    appeals,
    applications,
    customers,
    exchange,
    notices,
    payments,
    readings,
    sessions,
    topics,
)

__all__ = [
    "account_links",
    "appeals",
    "applications",
    "customers",
    "exchange",
    "notices",
    "payments",
    "readings",
    "sessions",
    "topics",
]

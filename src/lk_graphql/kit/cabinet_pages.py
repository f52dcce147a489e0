"""Addresses of the cabinet's pages: for mails, this server's pages and the acquirer's redirect.

A frontend serves them at `LK_CABINET_URL`. Without that setting, this server serves the pages of
`ActionPath` at `LK_PUBLIC_URL`, and all other links lead to its root. docs/clients.md has the
table.
"""

from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from lk_graphql.kit.company import Company
from lk_graphql.kit.ids import to_public


class ActionPath(StrEnum):
    """Paths of pages that take a value from the fragment of their address.

    Browsers don't send a fragment. So a token in it appears in no log and no `Referer`, and a mail
    scanner that opens links doesn't use the token.
    """

    ACTIVATION = "/activate"
    PASSWORD_RESET = "/reset-password"  # noqa: S105 - a path
    EMAIL_CONFIRMATION = "/confirm-email"
    ACCOUNT_LINK_UNDO = "/undo-account-link"
    UNSUBSCRIPTION = "/unsubscribe"
    PAYMENT = "/payment"


class CabinetPath(StrEnum):
    """Paths of the cabinet's other pages."""

    HOME = "/"
    SIGN_IN = "/sign-in"
    REGISTRATION = "/register"
    FORGOTTEN_PASSWORD = "/forgot-password"  # noqa: S105 - a path
    NOTIFICATIONS = "/settings/notifications"
    PERSONAL_DATA = "/settings/personal-data"


OBJECT_PATHS = {
    "acc": "/accounts",
    "apl": "/appeals",
    "cap": "/contract-applications",
    "inv": "/invoices",
    "mtr": "/meters",
    "pay": "/payments",
}
"""The folder of an object's page, by the prefix of its id: `/invoices/inv_…`."""


def action_link(company: Company, path: ActionPath, **values: str) -> str:
    """The address of a page with values in its fragment: `…/activate#token=…`."""
    return f"{company.pages_url}{path}#{urlencode(values)}"


def cabinet_link(company: Company, path: CabinetPath) -> str:
    return f"{company.pages_url}{path if company.cabinet_url else CabinetPath.HOME}"


def object_link(company: Company, prefix: str | None, key: UUID | None) -> str:
    """The page of an object; the cabinet's home for objects without a page."""
    if prefix in OBJECT_PATHS and key is not None and company.cabinet_url:
        return f"{company.cabinet_url}{OBJECT_PATHS[prefix]}/{to_public(prefix, key)}"
    return cabinet_link(company, CabinetPath.HOME)

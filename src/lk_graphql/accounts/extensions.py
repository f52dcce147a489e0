"""The fields that accounts add to the customer and the settings."""

from lk_graphql.accounts.types.objects import Account, LinkFields, link_fields
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.planner.types import derived, extends, related


@extends(User)
class UserAccounts:
    """The accounts of a user."""

    accounts: list[Account] = related(
        "The accounts that this login has linked («подключённые лицевые счета»).",
        of="account_links__account",
        order_by="number",
    )


def link_form(company: Company, language: Language) -> LinkFields:
    return link_fields(company.account_number_pattern, language)


@extends(PublicSettings)
class AccountSettings:
    """Public settings of the link form."""

    link_fields: LinkFields = derived("The form for linking an account.", link_form)

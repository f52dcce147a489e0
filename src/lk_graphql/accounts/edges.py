"""The field that accounts add to the customer, and what later slices add to accounts."""

from lk_graphql.accounts.service.proof import Evidence
from lk_graphql.accounts.types.objects import Account
from lk_graphql.identity.types.objects import User
from lk_graphql.reads.declare import extends, related

EVIDENCE: Evidence = {}
"""What proves an account: the slices that know it put it in, beside the fields they add."""


@extends(User)
class UserAccounts:
    """What a login has linked."""

    accounts: list[Account] = related(
        "The accounts that this login has linked («подключённые лицевые счета»).",
        of="account_links__account",
        order_by="number",
    )

"""Who has a login in a large demo, beside the demo's own customers."""

from lk_graphql.accounts.models import LinkRole
from lk_graphql.demo.people import Login


def customer(n: int) -> Login | None:
    """The holder of every other account has a login; of every tenth also the two accounts before.

    So most logins have one account, a fifth of them three, and some accounts are shared.
    """
    if n % 2:
        return None
    accounts = {n: (LinkRole.OWNER, "Дом")}
    if n % 10 == 0:
        accounts |= {n - 1: (LinkRole.OWNER, "Дача"), n - 2: (LinkRole.MEMBER, "Родители")}
    return Login(f"customer{n}@example.com", f"+79{n:09}", holder_of=n, accounts=accounts)

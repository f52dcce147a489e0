"""Rate limits of link claims."""

from datetime import datetime, timedelta

from lk_graphql.accounts.errors import TooManyLinkTries
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import Limit, Window
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Client, Viewer

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

OF_USER = Limit("link/user", (Window(5, _HOUR),), TooManyLinkTries)
# Behind an address of a mobile operator there are many customers, each with their own five tries.
FROM_CLIENT = Limit("link/client", (Window(20, _HOUR), Window(60, _DAY)), TooManyLinkTries)
OF_NUMBER = Limit("link/number", (Window(5, _DAY),), TooManyLinkTries)


async def spend(
    viewer: Viewer, number: str, *, client: Client, links: Links, now: datetime
) -> None:
    """Count a try. Raises `TooManyLinkTries`, for numbers that no account has too.

    The number comes last: whoever has used up their own tries can't use up an account's.
    """
    await rate_limits.spend(OF_USER, viewer.id, links=links, now=now)
    await rate_limits.spend(FROM_CLIENT, rate_limits.network(client.address), links=links, now=now)
    await rate_limits.spend(OF_NUMBER, number, links=links, now=now)


async def forgive(number: str, *, links: Links) -> None:
    """After a proof: the next of the family starts afresh.

    The user's own tries stay counted, or one known account would buy guesses at the others.
    """
    await rate_limits.forgive(OF_NUMBER, number, links=links)

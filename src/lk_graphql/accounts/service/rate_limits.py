"""Rate limits of link claims."""

from datetime import datetime, timedelta

from lk_graphql.accounts.errors import TooManyLinkTries
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import AttemptLimit, AttemptWindow
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

PER_USER = AttemptLimit("link/user", (AttemptWindow(5, _HOUR),), TooManyLinkTries)
# Behind an address of a mobile operator there are many customers, each with their own five tries.
PER_CLIENT = AttemptLimit(
    "link/client", (AttemptWindow(20, _HOUR), AttemptWindow(60, _DAY)), TooManyLinkTries
)
PER_NUMBER = AttemptLimit("link/number", (AttemptWindow(5, _DAY),), TooManyLinkTries)


async def spend(
    viewer: Viewer, number: str, *, client: Client, links: Signer, now: datetime
) -> None:
    """Count a try. Raises `TooManyLinkTries`, for numbers that no account has too.

    The number comes last: whoever has used up their own tries can't use up an account's.
    """
    await rate_limits.count_attempt(PER_USER, viewer.id, signer=links, now=now)
    await rate_limits.count_attempt(
        PER_CLIENT, rate_limits.client_network(client.address), signer=links, now=now
    )
    await rate_limits.count_attempt(PER_NUMBER, number, signer=links, now=now)


async def forgive(number: str, *, links: Signer) -> None:
    """After a proof: the next of the family starts afresh.

    The user's own tries stay counted, or one known account would buy guesses at the others.
    """
    await rate_limits.reset(PER_NUMBER, number, signer=links)

"""Rate limits of link claims."""

from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.accounts.errors import TooManyLinkTries
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import Attempt, AttemptCounter, AttemptLimit, AttemptWindow
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

PER_USER = AttemptLimit("link/user", (AttemptWindow(5, _HOUR),), TooManyLinkTries)
# Many customers share an address of a mobile operator; each has five attempts of their own.
PER_CLIENT = AttemptLimit(
    "link/client", (AttemptWindow(20, _HOUR), AttemptWindow(60, _DAY)), TooManyLinkTries
)
PER_NUMBER = AttemptLimit("link/number", (AttemptWindow(5, _DAY),), TooManyLinkTries)

# Each link of an account is a permanent row, and a mail to all others who have linked it.
LINKS = AttemptLimit("link/made", (AttemptWindow(5, _DAY),), TooManyLinkTries)


async def count_link(viewer: Viewer, account_id: UUID, *, signer: Signer, now: datetime) -> None:
    """Count a new link of a login and an account, in its transaction. Raises `TooManyLinkTries`."""
    await Attempt(LINKS, f"{viewer.id}/{account_id}", signer, now).count()


async def count_attempt(
    attempts: AttemptCounter, viewer: Viewer, number: str, *, client: Client
) -> None:
    """Count an attempt. Raises `TooManyLinkTries`, for unknown numbers too.

    The account number is counted last, so that a user over their own limit can't use up the
    account's attempts.
    """
    await attempts.count(PER_USER, viewer.id)
    await attempts.count(PER_CLIENT, client_network(client.address))
    await attempts.count(PER_NUMBER, number)


async def reset_number(number: str, *, signer: Signer) -> None:
    """Reset the attempts of an account number after a proof, for other users of the account.

    The attempts of the user stay counted: otherwise a proof of one account would allow more
    guesses at others.
    """
    await rate_limits.reset(PER_NUMBER, number, signer=signer)

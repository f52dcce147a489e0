"""Known devices of a login, which stay usable while attackers exhaust the login's limits.

Each sign-in gives the device a token (OWASP's device cookies). With a token, attempts are counted
for the device alone; without one, all attempts at a login share their limits. A token alone gives
no access (docs/decisions/0057).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Grant, Signer, sign_grant, verify_grant

LIFETIME = timedelta(days=400)
"""The longest time for which browsers keep a cookie (RFC 6265bis)."""
MAX_TOKENS = 5
"""The largest number of logins of one device, such as a family's computer."""


def issue(purpose: str, login_id: UUID, *, signer: Signer, now: datetime) -> str:
    """A token of a new device of a login; `purpose` separates customers and staff."""
    return sign_grant(signer, purpose, Grant(new_key(), login_id, now + LIFETIME))


def find(
    purpose: str, tokens: Iterable[str], login_id: UUID | None, *, signer: Signer, now: datetime
) -> UUID | None:
    """The known device of a login among the tokens, or None."""
    for token in tokens:
        grant = verify_grant(signer, purpose, token, now=now)
        if grant is not None and grant.holder_id == login_id:
            return grant.key
    return None


def with_new(token: str, tokens: Iterable[str]) -> list[str]:
    """The tokens that a device keeps: the new one, and the latest tokens of other logins."""
    login = _login(token)
    others = [other for other in tokens if _login(other) != login]
    return [token, *others][:MAX_TOKENS]


def _login(token: str) -> str:
    return token.partition(".")[0]

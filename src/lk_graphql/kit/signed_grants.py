"""Signed grants: texts that let one holder use one thing until a time; only the holder stores them.

Links to documents are bound to a session, device tokens to a login. A signature alone grants no
access: at each use, the caller must check the holder's current rights.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.signing import Signer, key_of_token

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 17  # microseconds until the year 5138


class Grant(NamedTuple):
    """The thing, its holder, and the end, to the microsecond."""

    key: UUID
    holder_id: UUID
    until: datetime


def sign(signer: Signer, purpose: str, grant: Grant) -> str:
    """A URL-safe text, `<holder>.<end in microseconds>.<key and signature>`."""
    end = (grant.until - _EPOCH) // _MICROSECOND
    return f"{grant.holder_id.hex}.{end}.{signer.sign(purpose, grant.key, _nonce(grant, end))}"


def verify(signer: Signer, purpose: str, text: str, *, now: datetime) -> Grant | None:
    """The grant of a text; None for an expired or invalid one."""
    holder, _, rest = text.partition(".")
    end, _, token = rest.partition(".")
    key = key_of_token(token)
    if key is None or len(end) > _DIGITS or not (end.isascii() and end.isdecimal()):
        return None
    try:
        grant = Grant(key, UUID(hex=holder), _EPOCH + int(end) * _MICROSECOND)
    except (ValueError, OverflowError):
        return None
    is_valid = signer.verify(token, purpose, key, _nonce(grant, int(end)))
    return grant if is_valid and now < grant.until else None


def _nonce(grant: Grant, end: int) -> bytes:
    return grant.holder_id.bytes + end.to_bytes(8)

"""Signed URLs of files, valid for one reader until an expiry time.

A signature grants no access by itself: the route checks the reader's rights with each request.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.signing import Signer, key_of_token

_DIGITS = 11  # Unix seconds until the year 5138


class SignedUrl(NamedTuple):
    """The target of a signed URL, and its reader: a user or a session."""

    key: UUID
    reader_id: UUID


def sign(signer: Signer, purpose: str, target: SignedUrl, *, until: datetime) -> str:
    """A signed value for a URL, `<expiry in Unix seconds>.<key and signature>`.

    The reader is not part of it: `verify` takes the reader from the request's session.
    """
    second = int(until.timestamp())
    return f"{second}.{signer.sign(purpose, target.key, _nonce(target.reader_id, second))}"


def verify(
    signer: Signer, purpose: str, signed: str, reader_id: UUID, *, now: datetime
) -> UUID | None:
    """The signed key; None for an invalid signature, another reader or an expired URL."""
    second, _, token = signed.partition(".")
    key = key_of_token(token)
    if key is None or len(second) > _DIGITS or not (second.isascii() and second.isdecimal()):
        return None
    if datetime.fromtimestamp(int(second), UTC) <= now:
        return None
    is_valid = signer.verify(token, purpose, key, _nonce(reader_id, int(second)))
    return key if is_valid else None


def sign_for_reader(signer: Signer, purpose: str, target: SignedUrl, *, until: datetime) -> str:
    """A signed value that carries the reader, for URLs opened without a session."""
    return f"{target.reader_id.hex}.{sign(signer, purpose, target, until=until)}"


def verify_with_reader(
    signer: Signer, purpose: str, signed: str, *, now: datetime
) -> SignedUrl | None:
    """Verify a value of `sign_for_reader`; None for an invalid or expired one."""
    reader, _, signed_key = signed.partition(".")
    try:
        reader_id = UUID(hex=reader)
    except ValueError:
        return None
    key = verify(signer, purpose, signed_key, reader_id, now=now)
    return key and SignedUrl(key, reader_id)


def _nonce(reader_id: UUID, second: int) -> bytes:
    return reader_id.bytes + second.to_bytes(8)

"""Links to files: signed, good for one reader, until a second that stands in them.

Whether the reader still has a right to the file is never in a link: who follows one is asked again.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.signing import Signer, key_of_token

_DIGITS = 11  # of a second since 1970, until the year 5138


class SignedUrl(NamedTuple):
    """A genuine link: to what, and for whom: a person or a session."""

    key: UUID
    reader_id: UUID


def sign(signer: Signer, purpose: str, to: SignedUrl, *, until: datetime) -> str:
    """For a URL, `<the second at which it ends>.<key and signature>`.

    It doesn't name the reader, whom the request has to know some other way: by its session.
    """
    second = int(until.timestamp())
    return f"{second}.{signer.sign(purpose, to.key, _nonce(to.reader_id, second))}"


def verify(
    signer: Signer, purpose: str, signed: str, reader_id: UUID, *, now: datetime
) -> UUID | None:
    """The key that a reader's link leads to; None if it isn't ours, not theirs, or has ended."""
    second, _, token = signed.partition(".")
    key = key_of_token(token)
    if key is None or len(second) > _DIGITS or not (second.isascii() and second.isdecimal()):
        return None
    if datetime.fromtimestamp(int(second), UTC) <= now:
        return None
    is_ours = signer.verify(token, purpose, key, _nonce(reader_id, int(second)))
    return key if is_ours else None


def sign_for_reader(signer: Signer, purpose: str, to: SignedUrl, *, until: datetime) -> str:
    """For a URL that a browser opens without a session: `<reader>.` before what `issue` writes."""
    return f"{to.reader_id.hex}.{sign(signer, purpose, to, until=until)}"


def verify_with_reader(
    signer: Signer, purpose: str, signed: str, *, now: datetime
) -> SignedUrl | None:
    """What `issue_named` has written; None if it isn't ours or has ended."""
    reader, _, rest = signed.partition(".")
    try:
        reader_id = UUID(hex=reader)
    except ValueError:
        return None
    key = verify(signer, purpose, rest, reader_id, now=now)
    return key and SignedUrl(key, reader_id)


def _nonce(reader_id: UUID, second: int) -> bytes:
    return reader_id.bytes + second.to_bytes(8)

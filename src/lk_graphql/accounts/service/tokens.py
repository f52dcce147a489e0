"""Signed tokens between the preview of a link and its confirmation («Сохранить»).

Nothing is stored: the signature covers viewer, account, holder and expiry. A token expires after
ten minutes. It becomes invalid earlier if the holder changes, because the proof was about the
former holder, and if the viewer has linked the account, because a token is valid for one link.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from lk_graphql.kit.signing import Signer, bare_token, key_of_token
from lk_graphql.kit.viewer import Viewer

LIFETIME = timedelta(minutes=10)

_PURPOSE = "account link"
_EXPIRY_DIGITS = 10  # hexadecimal seconds since 1970, in front of the signature


@dataclass(frozen=True)
class LinkTokenClaims:
    """The claims of a token whose signature is not verified yet."""

    account_id: UUID
    expires_at: datetime
    signed: str

    @property
    def issued_at(self) -> datetime:
        return self.expires_at - LIFETIME


def sign(
    viewer: Viewer, account_id: UUID, holder_id: UUID, *, now: datetime, signer: Signer
) -> tuple[str, datetime]:
    """Return a token and its expiry time."""
    expires_at = (now + LIFETIME).replace(microsecond=0)
    signed = signer.sign(_PURPOSE, account_id, _nonce(viewer, holder_id, expires_at))
    return f"{_seconds(expires_at):0{_EXPIRY_DIGITS}x}{signed}", expires_at


def read(token: str) -> LinkTokenClaims | None:
    """The claims of a token, None if it is malformed."""
    pasted = bare_token(token)
    expiry, signed = pasted[:_EXPIRY_DIGITS], pasted[_EXPIRY_DIGITS:]
    account_id = key_of_token(signed)
    try:
        expires_at = datetime.fromtimestamp(int(expiry, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return LinkTokenClaims(account_id, expires_at, signed) if account_id else None


def is_genuine(
    claims: LinkTokenClaims, viewer: Viewer, holder_id: UUID, *, now: datetime, signer: Signer
) -> bool:
    nonce = _nonce(viewer, holder_id, claims.expires_at)
    is_signed = signer.verify(claims.signed, _PURPOSE, claims.account_id, nonce)
    return is_signed and now < claims.expires_at


def _nonce(viewer: Viewer, holder_id: UUID, expires_at: datetime) -> bytes:
    return viewer.id.bytes + holder_id.bytes + _seconds(expires_at).to_bytes(8)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

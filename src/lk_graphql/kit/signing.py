"""Bearer tokens, tokens of links in mails, and short codes.

A bearer token is random, and only its hash is stored. A link's token and a code are computed when
the mail or the SMS is sent, from a row's id, its nonce and the secret key. So neither the job queue
nor a database dump holds one, and a dump without the key doesn't suffice to compute one.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from lk_graphql.kit import pasted_text

_BITS = 256
_TOKEN_LENGTH = 64  # 16 bytes of id and 32 of signature, in base64: no padding


def new_token() -> str:
    """A bearer token: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(_BITS // 8)


def hash_token(token: str) -> bytes:
    """The stored hash of a bearer token; 256 random bits need neither salt nor argon2."""
    return sha256(_bytes(token)).digest()


def new_nonce() -> bytes:
    """A nonce for the row of a link; replacing it invalidates the links sent before."""
    return secrets.token_bytes(_BITS // 8)


@dataclass(frozen=True)
class Signer:
    """Signs and verifies tokens with HMAC.

    `purpose` separates the uses: an activation token can't reset a password.
    """

    secret_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret_key) * 8 < _BITS:
            raise ValueError("The secret key needs at least 32 bytes")

    def sign(self, purpose: str, key: UUID, nonce: bytes) -> str:
        """A URL-safe token that begins with the row's key (`key_of_token`)."""
        return urlsafe_b64encode(key.bytes + self._signature(purpose, key, nonce)).decode()

    def verify(self, token: str, purpose: str, key: UUID, nonce: bytes) -> bool:
        return _is_equal(token, self.sign(purpose, key, nonce))

    def sign_code(self, purpose: str, key: UUID, nonce: bytes, digits: int = 6) -> str:
        """A short code to type, safe only with a limit of attempts."""
        signature = self._signature(f"code:{purpose}", key, nonce)
        return str(int.from_bytes(signature) % 10**digits).zfill(digits)

    def verify_code(self, typed: str, purpose: str, key: UUID, nonce: bytes) -> bool:
        """Compare a typed code, ignoring blanks, hyphens and what isn't seen."""
        return _is_equal(pasted_text.code(typed), self.sign_code(purpose, key, nonce))

    def totp_secret(self, purpose: str, key: UUID, nonce: bytes) -> bytes:
        """The 20-byte secret of an authenticator (RFC 4226), derived and never stored."""
        return self._signature(f"secret:{purpose}", key, nonce)[:20]

    def fingerprint(self, purpose: str, text: str) -> str:
        """A keyed hash that replaces a text which must not be stored."""
        return hmac.digest(
            self.secret_key, f"fingerprint:{purpose}".encode() + b"\0" + _bytes(text), "sha256"
        ).hex()

    def _signature(self, purpose: str, key: UUID, nonce: bytes) -> bytes:
        # The zero byte and the fixed length of the key make the input unambiguous.
        return hmac.digest(self.secret_key, purpose.encode() + b"\0" + key.bytes + nonce, "sha256")


def key_of_token(token: str) -> UUID | None:
    """The key in a link's token, not yet verified; None for a malformed token."""
    if len(token) != _TOKEN_LENGTH:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except (NotBase64, ValueError):
        return None


def _is_equal(actual: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(actual), _bytes(expected))


def _bytes(text: str) -> bytes:
    """Encode a client's text, lone surrogates included."""
    return text.encode(errors="surrogatepass")

"""Secrets that we hand out: bearer tokens, links in mails, short codes.

A bearer token is random and only its hash is kept. A link's token and a code are computed when
the mail or the SMS is sent, from a row's id, its nonce and the secret key: neither the job queue
nor a dump of the database holds one, and who has the dump without the key can't make one.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

_BITS = 256
_TOKEN_LENGTH = 64  # 16 bytes of id and 32 of signature, in base64: no padding


def new_token() -> str:
    """A bearer token: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(_BITS // 8)


def hash_token(token: str) -> bytes:
    """What is kept of a bearer token. It has too many bits to guess, so no salt, no argon2."""
    return sha256(_bytes(token)).digest()


def new_nonce() -> bytes:
    """Kept in the row that a link stands for; a new one ends the links sent before."""
    return secrets.token_bytes(_BITS // 8)


@dataclass(frozen=True)
class Signer:
    """Signs what leaves us and has to come back.

    `purpose` keeps the uses apart: an activation's token resets no password.
    """

    secret_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret_key) * 8 < _BITS:
            raise ValueError("The secret key needs at least 32 bytes")

    def sign(self, purpose: str, key: UUID, nonce: bytes) -> str:
        """For a URL; begins with the row's key, so that the row can be found again."""
        return urlsafe_b64encode(key.bytes + self._signature(purpose, key, nonce)).decode()

    def verify(self, token: str, purpose: str, key: UUID, nonce: bytes) -> bool:
        return _is_same(token, self.sign(purpose, key, nonce))

    def sign_code(self, purpose: str, key: UUID, nonce: bytes, digits: int = 6) -> str:
        """Short enough to type; only safe behind a limit of tries."""
        signature = self._signature(f"code:{purpose}", key, nonce)
        return str(int.from_bytes(signature) % 10**digits).zfill(digits)

    def verify_code(self, typed: str, purpose: str, key: UUID, nonce: bytes) -> bool:
        """Spaces and hyphens aside."""
        bare = typed.replace(" ", "").replace("-", "")
        return _is_same(bare, self.sign_code(purpose, key, nonce))

    def totp_secret(self, purpose: str, key: UUID, nonce: bytes) -> bytes:
        """20 bytes that a device makes codes of (RFC 4226): never kept, always the same."""
        return self._signature(f"secret:{purpose}", key, nonce)[:20]

    def fingerprint(self, purpose: str, text: str) -> str:
        """Stands for a text that may not lie in the database: the same for the same text."""
        return hmac.digest(
            self.secret_key, f"fingerprint:{purpose}".encode() + b"\0" + _bytes(text), "sha256"
        ).hex()

    def _signature(self, purpose: str, key: UUID, nonce: bytes) -> bytes:
        # The key is 16 bytes and the purpose ends with a zero: no two inputs are one text.
        return hmac.digest(self.secret_key, purpose.encode() + b"\0" + key.bytes + nonce, "sha256")


def key_of_token(token: str) -> UUID | None:
    """The row's key that a link's token claims; None for what can't be one."""
    if len(token) != _TOKEN_LENGTH:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except (NotBase64, ValueError):
        return None


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(expected))


def _bytes(text: str) -> bytes:
    """Of whatever a client sent, halves of characters included."""
    return text.encode(errors="surrogatepass")

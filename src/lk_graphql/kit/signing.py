"""Bearer tokens, tokens of links in mails, grants, short codes, and secrets stored encrypted.

A bearer token is random, and only its hash is stored. Links' tokens and codes are computed from a
row's id, its nonce and the secret key when the mail or SMS is sent. So neither the job queue nor a
database dump contains them, and they can't be computed from a dump without the key.

Keys rotate (docs/decisions/0251): the newest key signs and encrypts, all keys verify and decrypt.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lk_graphql.kit import pasted_text

_BITS = 256
_MOST_PASTED = 1000
_TOKEN_LENGTH = 64  # 16 bytes of id and 32 of signature, in base64: no padding
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END_DIGITS = 17  # microseconds until the year 5138


def new_token() -> str:
    """A bearer token: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(_BITS // 8)


def hash_token(token: str) -> bytes:
    """The hash of a bearer token for storage; 256 random bits need neither salt nor argon2."""
    return sha256(_bytes(token)).digest()


def new_nonce() -> bytes:
    """A nonce for the row of a link; a new nonce invalidates the links sent earlier."""
    return secrets.token_bytes(_BITS // 8)


class KeyMissing(Exception):
    """A stored secret was encrypted with a key that is missing from the settings."""


@dataclass(frozen=True)
class Signer:
    """Signs and verifies tokens with HMAC; encrypts and decrypts stored secrets.

    `purpose` separates the uses: an activation token can't reset a password. Tokens and codes of
    `accepted_keys` are also valid. `encryption_keys` begin with the newest; without them, the
    signing keys encrypt the secrets.
    """

    secret_key: bytes = field(repr=False)
    accepted_keys: tuple[bytes, ...] = field(default=(), repr=False)
    encryption_keys: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for key in (*self._signing_keys, *self.encryption_keys):
            if len(key) * 8 < _BITS:
                raise ValueError("The secret key needs at least 32 bytes")

    def sign(self, purpose: str, key: UUID, nonce: bytes) -> str:
        """A URL-safe token that begins with the row's key (`key_of_token`)."""
        return _token(key, next(self._signatures(purpose, key, nonce)))

    def verify(self, token: str, purpose: str, key: UUID, nonce: bytes) -> bool:
        signatures, pasted = self._signatures(purpose, key, nonce), bare_token(token)
        return any(_is_equal(pasted, _token(key, signature)) for signature in signatures)

    def sign_code(self, purpose: str, key: UUID, nonce: bytes, digits: int = 6) -> str:
        """A short code to type; safe only if the number of attempts is limited."""
        return next(self._codes(purpose, key, nonce, digits))

    def verify_code(
        self, typed: str, purpose: str, key: UUID, nonce: bytes, digits: int = 6
    ) -> bool:
        """Compare a typed code, ignoring blanks, hyphens and invisible characters."""
        code = pasted_text.code(typed)
        return any(_is_equal(code, valid) for valid in self._codes(purpose, key, nonce, digits))

    def fingerprint(self, purpose: str, text: str) -> str:
        """A keyed hash to store in place of a text that must not be stored."""
        return self.fingerprints(purpose, text)[0]

    def fingerprints(self, purpose: str, text: str) -> list[str]:
        """The hashes by all keys; the first one is `fingerprint`."""
        content = f"fingerprint:{purpose}".encode() + b"\0" + _bytes(text)
        return [hmac.digest(key, content, "sha256").hex() for key in self._signing_keys]

    def encrypt(self, purpose: str, secret: bytes) -> bytes:
        """Encrypt and authenticate a secret that must be readable later."""
        return self._cipher(purpose).encrypt(secret)

    def decrypt(self, purpose: str, encrypted: bytes) -> bytes:
        """Decrypt a secret. Raises `KeyMissing` if none of the keys has encrypted it."""
        try:
            return self._cipher(purpose).decrypt(encrypted)
        except InvalidToken:
            raise KeyMissing from None

    def reencrypt(self, purpose: str, encrypted: bytes) -> bytes:
        """Encrypt a stored secret anew, with the newest key. Raises `KeyMissing`."""
        return self.encrypt(purpose, self.decrypt(purpose, encrypted))

    @property
    def _signing_keys(self) -> tuple[bytes, ...]:
        return (self.secret_key, *self.accepted_keys)

    def _signatures(self, purpose: str, key: UUID, nonce: bytes) -> Iterator[bytes]:
        # The zero byte and the fixed length of the key make the input unambiguous.
        content = purpose.encode() + b"\0" + key.bytes + nonce
        return (hmac.digest(secret, content, "sha256") for secret in self._signing_keys)

    def _codes(self, purpose: str, key: UUID, nonce: bytes, digits: int) -> Iterator[str]:
        signatures = self._signatures(f"code:{purpose}", key, nonce)
        return (str(int.from_bytes(each) % 10**digits).zfill(digits) for each in signatures)

    def _cipher(self, purpose: str) -> MultiFernet:
        content = f"encryption:{purpose}".encode()
        keys = (*self.encryption_keys, *self._signing_keys)
        derived = (hmac.digest(key, content, "sha256") for key in keys)
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])


def _token(key: UUID, signature: bytes) -> str:
    return urlsafe_b64encode(key.bytes + signature).decode()


def bare_token(token: str) -> str:
    """A token without characters that mail programs and people insert into it or put around it.

    These are line ends in long links, blanks, invisible characters, brackets, quotes, punctuation.
    """
    if len(token) > _MOST_PASTED:
        return token
    return "".join(pasted_text.strip_invisible(token).split()).strip("<>\"'«»“”().,;")


def key_of_token(token: str) -> UUID | None:
    """The key in a link's token, not yet verified; None for a malformed token."""
    token = bare_token(token)
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except (NotBase64, ValueError):
        return None


def _is_equal(actual: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(actual), _bytes(expected))


def _bytes(text: str) -> bytes:
    """Encode a client's text, including lone surrogates."""
    return text.encode(errors="surrogatepass")


class Grant(NamedTuple):
    """The right of one holder to use one thing until a time, to the microsecond.

    Only the holder stores it, as a signed text: links to files are bound to a session, tokens of
    devices to a login. The signature alone grants no access: at each use, the caller must check the
    holder's current rights.
    """

    key: UUID
    holder_id: UUID
    until: datetime


def sign_grant(signer: Signer, purpose: str, grant: Grant) -> str:
    """A URL-safe text, `<holder>.<end in microseconds>.<key and signature>`."""
    end = (grant.until - _EPOCH) // _MICROSECOND
    token = signer.sign(purpose, grant.key, _grant_nonce(grant, end))
    return f"{grant.holder_id.hex}.{end}.{token}"


def verify_grant(signer: Signer, purpose: str, text: str, *, now: datetime) -> Grant | None:
    """The grant of a text; None for an expired or invalid one."""
    holder, _, rest = text.partition(".")
    end, _, token = rest.partition(".")
    key = key_of_token(token)
    if key is None or len(end) > _END_DIGITS or not (end.isascii() and end.isdecimal()):
        return None
    try:
        grant = Grant(key, UUID(hex=holder), _EPOCH + int(end) * _MICROSECOND)
    except (ValueError, OverflowError):
        return None
    is_valid = signer.verify(token, purpose, key, _grant_nonce(grant, int(end)))
    return grant if is_valid and now < grant.until else None


def _grant_nonce(grant: Grant, end: int) -> bytes:
    return grant.holder_id.bytes + end.to_bytes(8)

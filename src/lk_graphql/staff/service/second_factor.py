"""Second factor: TOTP codes (RFC 6238) and recovery codes."""

import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import segno
from pyotp.totp import TOTP

from lk_graphql.kit import pasted_text
from lk_graphql.kit.signing import Signer
from lk_graphql.staff.errors import StaffCodeWrong
from lk_graphql.staff.models import Act, RecoveryCode, StaffMember
from lk_graphql.staff.service import audit

PURPOSE = "staff-second-factor"
STEP = 30
"""Validity of a code in seconds; one step of clock skew is accepted either way."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike: l and 1, o and 0, i."""


@dataclass(frozen=True)
class Enrolment:
    """Data for an authenticator app: otpauth URI, the same as a QR code, and the key to type."""

    uri: str
    qr_code: str
    secret: str


def secret_of(member: StaffMember, links: Signer) -> str:
    """Derive the secret in Base32; it isn't stored."""
    return b32encode(links.totp_secret(PURPOSE, member.id, member.factor_nonce)).decode()


def enrolment(member: StaffMember, *, issuer: str, links: Signer) -> Enrolment:
    """Data of an enrolment; apps show `issuer` above the codes."""
    uri = _app(member, links).provisioning_uri(name=member.email, issuer_name=issuer)
    picture = segno.make(uri, error="m").png_data_uri(scale=5)
    return Enrolment(uri, picture, secret_of(member, links))


def current_code(member: StaffMember, *, links: Signer, now: datetime) -> str:
    """Code for the current step."""
    return _app(member, links).at(now)


async def check(member: StaffMember, text: str, *, links: Signer, now: datetime) -> None:
    """Accept a code once. The member's row must be locked.

    Raises `StaffCodeWrong`, also for a used code and for one older than the last used.
    """
    code = pasted_text.code(text).lower()
    if code.isascii() and code.isdecimal():
        await _check_app(member, code, links=links, now=now)
    else:
        await _use_recovery_code(member, code, now=now)


async def new_recovery_codes(member: StaffMember) -> list[str]:
    """Replace the member's recovery codes by ten new ones."""
    await RecoveryCode.filter(member=member).delete()
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    await RecoveryCode.bulk_create(
        [RecoveryCode(member=member, code_hash=_hash(code)) for code in codes]
    )
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def _app(member: StaffMember, links: Signer) -> TOTP:
    return TOTP(secret_of(member, links))


async def _check_app(member: StaffMember, code: str, *, links: Signer, now: datetime) -> None:
    totp = _app(member, links)
    current = int(now.timestamp()) // STEP
    for step in (current - 1, current, current + 1):
        is_equal = hmac.compare_digest(totp.generate_otp(step), code)
        if is_equal and (member.last_step is None or step > member.last_step):
            member.last_step = step
            await member.save(update_fields=["last_step"])
            return
    raise StaffCodeWrong("code")


async def _use_recovery_code(member: StaffMember, code: str, *, now: datetime) -> None:
    unused = RecoveryCode.filter(member=member, code_hash=_hash(code), used_at__isnull=True)
    if not await unused.update(used_at=now):
        raise StaffCodeWrong("code")
    await audit.record(Act.RECOVERY_CODE_USED, staff_id=member.id, now=now)


def _hash(code: str) -> bytes:
    """SHA-256 without salt: codes have 60 random bits and attempts are rate-limited."""
    return sha256(code.encode(errors="surrogatepass")).digest()

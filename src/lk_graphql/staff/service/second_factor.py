"""Second factor: TOTP codes (RFC 6238) and recovery codes.

The secret of an authenticator app is generated at the first sign-in, and stored encrypted.

A code is verified before the transaction of the sign-in, so that hashing holds no connection. It is
used up inside the transaction, under the lock of the member's row.
"""

import hmac
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, repeat
from uuid import UUID

import segno
from pyotp.totp import TOTP

from lk_graphql.kit import pasted_text
from lk_graphql.kit.signing import Signer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.staff.errors import StaffCodeWrong
from lk_graphql.staff.models import Act, RecoveryCode, StaffMember
from lk_graphql.staff.service import audit

PURPOSE = "staff-second-factor"
STEP = 30
"""Validity of a code in seconds; one step of clock skew is accepted either way."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike: l and 1, o and 0, i."""
_RECOVERY_CODE = re.compile(f"[{_LETTERS}]{{12}}")


@dataclass(frozen=True)
class Enrolment:
    """Data for an authenticator app: otpauth URI, the same as a QR code, and the key to type."""

    uri: str
    qr_code: str
    secret: str


def new_secret(signer: Signer) -> bytes:
    """A new secret of 20 bytes (RFC 4226), encrypted."""
    return signer.encrypt(PURPOSE, secrets.token_bytes(20))


async def enrolment(member: StaffMember, *, issuer: str, signer: Signer) -> Enrolment:
    """Data of an enrolment; apps show `issuer` above the codes."""
    app = _app(await _with_secret(member, signer), signer)
    uri = app.provisioning_uri(name=member.email, issuer_name=issuer)
    picture = segno.make(uri, error="m").png_data_uri(scale=5)
    return Enrolment(uri, picture, app.secret)


async def current_code(member: StaffMember, *, signer: Signer, now: datetime) -> str:
    """Code for the current step; a member without a secret gets one."""
    return _app(await _with_secret(member, signer), signer).at(now)


async def reencrypt_secrets(signer: Signer) -> int:
    """Encrypt all stored secrets with the newest key; return their number. Raises `KeyMissing`.

    Members can sign in meanwhile: a secret that has just been replaced stays as it is.
    """
    members = await StaffMember.filter(factor_secret__isnull=False).order_by("id")
    for member in members:
        stored = StaffMember.filter(id=member.id, factor_secret=member.factor_secret)
        await stored.update(factor_secret=signer.reencrypt(PURPOSE, member.factor_secret or b""))
    return len(members)


@dataclass(frozen=True)
class ProvenCode:
    """A correct code that may have been used: an app code's step, or a recovery code's key."""

    step: int | None = None
    recovery_code_id: UUID | None = None


async def prove(
    member: StaffMember, text: str, *, passwords: Passwords, signer: Signer, now: datetime
) -> ProvenCode:
    """Check a code, with digits of any script. Raises `StaffCodeWrong`, and as `Passwords.verify`.

    A recovery code is compared with all ten hashes, including those of used codes and also after a
    match, so that the time reveals nothing.
    """
    code = pasted_text.code(text).lower()
    if code.isascii() and code.isdecimal():
        return ProvenCode(step=_step_of(member, code, signer=signer, now=now))
    if _RECOVERY_CODE.fullmatch(code) is None:
        raise StaffCodeWrong("code")
    stored = await RecoveryCode.filter(member=member).order_by("id")
    key: UUID | None = None
    for row in islice([*stored, *repeat(None, RECOVERY_CODES)], RECOVERY_CODES):
        if await passwords.verify(row and row.code_hash, code):
            key = row and row.id
    if key is None:
        raise StaffCodeWrong("code")
    return ProvenCode(recovery_code_id=key)


async def use(member: StaffMember, code: ProvenCode, *, now: datetime) -> None:
    """Use a code up. The member's row must be locked.

    Raises `StaffCodeWrong` for a used code, and for an app's code older than the last used.
    """
    if code.step is not None:
        _require_newer(member, code.step)
        member.last_step = code.step
        await member.save(update_fields=["last_step"])
        return
    unused = RecoveryCode.filter(id=code.recovery_code_id, used_at__isnull=True)
    if not await unused.update(used_at=now):
        raise StaffCodeWrong("code")
    await audit.record(Act.RECOVERY_CODE_USED, staff_id=member.id, now=now)


@dataclass(frozen=True)
class NewRecoveryCodes:
    """Ten codes as the member sees them once, and their hashes."""

    displayed: list[str]
    hashes: list[str]


async def new_recovery_codes(passwords: Passwords) -> NewRecoveryCodes:
    """Generate ten codes and hash them; call it outside of transactions."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    displayed = ["-".join((code[:4], code[4:8], code[8:])) for code in codes]
    return NewRecoveryCodes(displayed, [await passwords.hash(code) for code in codes])


async def replace_recovery_codes(member: StaffMember, codes: NewRecoveryCodes) -> None:
    """Replace the member's recovery codes."""
    await RecoveryCode.filter(member=member).delete()
    await RecoveryCode.bulk_create(
        [RecoveryCode(member=member, code_hash=code_hash) for code_hash in codes.hashes]
    )


async def _with_secret(member: StaffMember, signer: Signer) -> StaffMember:
    """The member with a secret; of two concurrent requests, the first one's secret stays."""
    if member.factor_secret is None:
        without = StaffMember.filter(id=member.id, factor_secret__isnull=True)
        await without.update(factor_secret=new_secret(signer))
        await member.refresh_from_db(["factor_secret"])
    return member


def _app(member: StaffMember, signer: Signer) -> TOTP:
    """The generator of the member's codes. Raises `KeyMissing`, also without a secret."""
    return TOTP(b32encode(signer.decrypt(PURPOSE, member.factor_secret or b"")).decode())


def _step_of(member: StaffMember, code: str, *, signer: Signer, now: datetime) -> int:
    """The step of an app's code, the current one or a neighbour. Raises `StaffCodeWrong`."""
    if member.factor_secret is None:
        raise StaffCodeWrong("code")
    totp, current = _app(member, signer), int(now.timestamp()) // STEP
    steps = (current - 1, current, current + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    if not matching:
        raise StaffCodeWrong("code")
    _require_newer(member, matching[-1])
    return matching[-1]


def _require_newer(member: StaffMember, step: int) -> None:
    """Require a newer step than that of the last used code. Raises `StaffCodeWrong`."""
    if member.last_step is not None and step <= member.last_step:
        raise StaffCodeWrong("code")

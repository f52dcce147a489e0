"""Showing that a telephone is one's own, by a code in an SMS; only then other SMS go there."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, AttemptLimit, AttemptWindow
from lk_graphql.kit import phones
from lk_graphql.kit.phones import NotAPhone, Phone
from lk_graphql.kit.signing import Signer, new_nonce
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.profile.errors import (
    CodeExpired,
    CodeWrong,
    PhoneConfirmed,
    PhoneNotMobile,
    ProfilePhoneMalformed,
    SmsUnavailable,
    TooManyCodes,
)
from lk_graphql.profile.models import PhoneProof

PURPOSE = "PHONE"
LIFETIME = timedelta(minutes=10)
RETENTION = timedelta(days=1)

# Each SMS costs money, and may wake somebody whose number was mistyped.
PER_USER = AttemptLimit(
    "phone-code/user", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)), TooManyCodes
)
PER_PHONE = AttemptLimit(
    "phone-code/phone", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY)), TooManyCodes
)
PER_CLIENT = AttemptLimit(
    "phone-code/client", (AttemptWindow(10, HOUR), AttemptWindow(30, DAY)), TooManyCodes
)
# Six digits: twenty guesses a day find one in fifty thousand.
CODE_ATTEMPTS = AttemptLimit(
    "phone-code/tries", (AttemptWindow(5, 15 * MINUTE), AttemptWindow(20, DAY)), TooManyCodes
)

IS_CONFIRMED_SQL = """EXISTS (SELECT FROM phone_proof AS proof WHERE proof.user_id = {user}
AND proof.phone = {phone} AND proof.confirmed_at IS NOT NULL)"""
"""As `is_confirmed`, for statements."""


async def is_confirmed(user_id: UUID, phone: Phone) -> bool:
    return await PhoneProof.filter(
        user_id=user_id, phone=phone, confirmed_at__isnull=False
    ).exists()


async def send_code(
    viewer: Viewer, typed: str, *, client: Client, now: datetime, links: Signer, has_sms: bool
) -> datetime:
    """Text a code to a number; until when it is good. An earlier one isn't any more.

    The number may stand in the profile already, or be meant for it. Raises `SmsUnavailable`,
    `ProfilePhoneMalformed`, `PhoneNotMobile`, `PhoneConfirmed`, `TooManyCodes`.
    """
    if not has_sms:
        raise SmsUnavailable
    phone = read_phone(typed)
    if not phones.is_mobile(phone):
        raise PhoneNotMobile("phone")
    if await is_confirmed(viewer.id, phone):
        raise PhoneConfirmed("phone")
    from_where = rate_limits.client_network(client.address)
    for limit, subject in ((PER_USER, viewer.id), (PER_PHONE, phone), (PER_CLIENT, from_where)):
        await rate_limits.count_attempt(limit, subject, signer=links, now=now)
    async with in_transaction():
        proof = await PhoneProof.create(
            user_id=viewer.id,
            phone=phone,
            nonce=new_nonce(),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        await enqueue("profile.text_code", proof_id=proof.id)
    return proof.expires_at


async def confirm(viewer: Viewer, typed: str, code: str, *, now: datetime, links: Signer) -> UUID:
    """Confirm a number by the newest code that was sent to it; the viewer's key.

    Raises `ProfilePhoneMalformed`, `TooManyCodes`, `CodeExpired`, `CodeWrong`, `PhoneConfirmed`.
    """
    phone = read_phone(typed)
    await rate_limits.count_attempt(CODE_ATTEMPTS, viewer.id, signer=links, now=now)
    if await is_confirmed(viewer.id, phone):
        raise PhoneConfirmed("phone")
    proofs = PhoneProof.filter(user_id=viewer.id, phone=phone)
    proof = await proofs.order_by("-created_at").first()
    if proof is None or proof.expires_at <= now:
        raise CodeExpired("code")
    if not links.verify_code(code, PURPOSE, proof.id, proof.nonce):
        raise CodeWrong("code")
    try:
        await proofs.filter(id=proof.id).update(confirmed_at=now)
    except IntegrityError as twice:
        raise PhoneConfirmed("phone") from twice
    await rate_limits.reset(CODE_ATTEMPTS, viewer.id, signer=links)
    return viewer.id


def read_phone(typed: str) -> Phone:
    try:
        return phones.parse(typed)
    except NotAPhone as wrong:
        raise ProfilePhoneMalformed(wrong.fault, "phone") from None


async def sweep(*, now: datetime) -> None:
    """Forget codes that nobody typed."""
    old = PhoneProof.filter(confirmed_at=None, expires_at__lt=now - RETENTION)
    await old.delete()

"""Proof of possession of a telephone number by an SMS code, required for other SMS."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.database import retention
from lk_graphql.database.retention import OldRows
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    MINUTE,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
)
from lk_graphql.identity.service import forms
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit import phones
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.signing import Signer, new_nonce
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.profile.errors import (
    CodeExpired,
    CodeWrong,
    PhoneConfirmed,
    PhoneNotMobile,
    SmsUnavailable,
)
from lk_graphql.profile.models import PhoneProof

PURPOSE = "PHONE"
LIFETIME = timedelta(minutes=10)
RETENTION = timedelta(days=1)
_UNUSED = OldRows("phone_proof", "expires_at", "confirmed_at IS NULL")

# Each SMS costs money and may reach a stranger whose number was typed by mistake.
PER_USER = AttemptLimit("phone-code/user", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)))
PER_PHONE = AttemptLimit("phone-code/phone", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY)))
# Many customers share an address of a mobile operator.
PER_CLIENT = AttemptLimit("phone-code/client", (AttemptWindow(60, HOUR), AttemptWindow(300, DAY)))
# Twenty guesses a day at six digits succeed with a probability of 1 in 50,000.
CODE_ATTEMPTS = AttemptLimit(
    "phone-code/tries", (AttemptWindow(5, 15 * MINUTE), AttemptWindow(20, DAY))
)

IS_CONFIRMED_SQL = """EXISTS (SELECT FROM phone_proof AS proof WHERE proof.user_id = {user}
AND proof.phone = {phone} AND proof.confirmed_at IS NOT NULL)"""
"""`is_confirmed` as an SQL expression."""


async def is_confirmed(user_id: UUID, phone: Phone) -> bool:
    return await PhoneProof.filter(
        user_id=user_id, phone=phone, confirmed_at__isnull=False
    ).exists()


async def send_code(
    viewer: Viewer, text: str, *, client: Client, now: datetime, signer: Signer, has_sms: bool
) -> datetime:
    """Send a code to a number and return its expiry time; the code replaces earlier ones.

    The number needn't be in the profile yet. Raises `SmsUnavailable`,
    `PhoneMalformed`, `PhoneNotMobile`, `PhoneConfirmed`, `RateLimitExceeded`.
    """
    if not has_sms:
        raise SmsUnavailable
    phone = forms.phone(text, "phone")
    if not phones.is_mobile(phone):
        raise PhoneNotMobile("phone")
    if await is_confirmed(viewer.id, phone):
        raise PhoneConfirmed("phone")
    network = client_network(client.address)
    async with AttemptCounter(signer, now) as attempts:
        for limit, subject in ((PER_USER, viewer.id), (PER_PHONE, phone), (PER_CLIENT, network)):
            await attempts.count(limit, subject)
        async with in_transaction():
            await lock_own(viewer)
            proof = await PhoneProof.create(
                user_id=viewer.id,
                phone=phone,
                nonce=new_nonce(),
                created_at=now,
                expires_at=now + LIFETIME,
            )
            await enqueue("profile.text_code", proof_id=proof.id)
    return proof.expires_at


async def confirm(viewer: Viewer, text: str, code: str, *, now: datetime, signer: Signer) -> None:
    """Confirm a number by the newest code sent to it.

    Raises `PhoneMalformed`, `RateLimitExceeded`, `CodeExpired`, `CodeWrong`, `PhoneConfirmed`.
    """
    phone = forms.phone(text, "phone")
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(CODE_ATTEMPTS, viewer.id)
        await _confirm(viewer, phone, code, now=now, signer=signer)
    await rate_limits.reset(CODE_ATTEMPTS, viewer.id, signer=signer)


async def _confirm(
    viewer: Viewer, phone: Phone, code: str, *, now: datetime, signer: Signer
) -> None:
    if await is_confirmed(viewer.id, phone):
        raise PhoneConfirmed("phone")
    proofs = PhoneProof.filter(user_id=viewer.id, phone=phone)
    proof = await proofs.order_by("-created_at").first()
    if proof is None or proof.expires_at <= now:
        raise CodeExpired("code")
    if not signer.verify_code(code, PURPOSE, proof.id, proof.nonce):
        raise CodeWrong("code")
    try:
        await proofs.filter(id=proof.id).update(confirmed_at=now)
    except IntegrityError as error:
        raise PhoneConfirmed("phone") from error


async def delete_expired(*, now: datetime) -> None:
    """Delete unused codes after their retention period."""
    await retention.delete(_UNUSED, before=now - RETENTION)

"""Deletion of expired rows («данные хранятся не дольше нужного»)."""

from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from lk_graphql.guards import idempotency
from lk_graphql.identity.models import (
    Attempts,
    Captcha,
    Consent,
    IdempotentCall,
    OneTimeLink,
    Session,
    User,
)

UNCONFIRMED_LIFETIME = timedelta(days=30)
"""The period that the consent text states for unconfirmed registrations."""


async def sweep(*, now: datetime) -> None:
    """Delete expired rows, old idempotent calls and unconfirmed registrations."""
    await Captcha.filter(expires_at__lt=now).delete()
    await OneTimeLink.filter(expires_at__lt=now).delete()
    await Attempts.filter(forget_at__lt=now).delete()
    await Session.filter(Q(expires_at__lt=now) | Q(ended_at__lt=now)).delete()
    await IdempotentCall.filter(happened_at__lt=now - idempotency.RETENTION).delete()
    async with in_transaction():
        unconfirmed = User.filter(
            activated_at__isnull=True, created_at__lt=now - UNCONFIRMED_LIFETIME
        )
        keys = await unconfirmed.values_list("id", flat=True)
        await Consent.filter(user_id__in=keys).delete()
        await User.filter(id__in=keys, activated_at__isnull=True).delete()

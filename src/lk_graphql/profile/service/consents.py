"""Withdrawal of optional consents (152-ФЗ, ст. 9 ч. 2)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.identity.models import DocumentKind, User
from lk_graphql.identity.service import consents
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.profile.errors import ConsentRequired, NoActiveConsent

EndAction = Callable[[UUID, datetime], Awaitable[None]]

CONSENT_END_ACTIONS = Registry[DocumentKind, EndAction]()
"""Actions that end the uses of a consent, in the transaction of its withdrawal."""


async def withdraw(viewer: Viewer, kind: DocumentKind, *, client: Client, now: datetime) -> None:
    """Record the withdrawal and run the end action of the consent.

    Raises `ConsentRequired` if the cabinet requires the consent, `NoActiveConsent`.
    """
    if kind in consents.REGISTRATION_DOCUMENTS:
        raise ConsentRequired("kind")
    async with in_transaction():
        user = await User.select_for_update().get(id=viewer.id)
        if not await consents.withdraw(user, kind, client=client, now=now):
            raise NoActiveConsent("kind")
        await CONSENT_END_ACTIONS[kind](user.id, now)

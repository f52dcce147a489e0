"""Deciding about suspended links (docs/decisions/0061)."""

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service import links
from lk_graphql.backoffice.errors import LinkNotSuspended
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.backoffice.service.reasons import reason
from lk_graphql.kit.viewer import Client, Staff


async def decide(
    staff: Staff,
    link_id: UUID | None,
    typed_reason: str,
    *,
    restored: bool,
    client: Client,
    now: datetime,
) -> UUID:
    """Give the account back, or end the link; the customer gets a mail either way.

    Raises `LinkNotSuspended`, also when a colleague was faster, and `ReasonRequired`.
    """
    why = reason(typed_reason)
    act = Act.LINK_RESTORED if restored else Act.LINK_ENDED
    async with in_transaction():
        decided = await (links.restore if restored else links.end_suspended)(link_id, now=now)
        if decided is None:
            raise LinkNotSuspended("linkId")
        subject = Subject("account_link", decided.id)
        await audit.record(act, subject, by=staff.id, client=client, reason=why, now=now)
    return decided.id

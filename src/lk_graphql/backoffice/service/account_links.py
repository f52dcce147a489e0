"""Deciding about suspended links (docs/decisions/0061)."""

from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service import links
from lk_graphql.backoffice.errors import LinkNotSuspended
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service.acts import Doing, note
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.backoffice.service.reasons import reason


async def decide(doing: Doing, link_id: UUID | None, typed_reason: str, *, restored: bool) -> UUID:
    """Give the account back, or end the link; the customer gets a mail either way.

    Raises `LinkNotSuspended`, also when a colleague was faster, and `ReasonRequired`.
    """
    why = reason(typed_reason)
    act = Act.LINK_RESTORED if restored else Act.LINK_ENDED
    async with in_transaction():
        decided = await (links.restore if restored else links.end_suspended)(link_id, now=doing.now)
        if decided is None:
            raise LinkNotSuspended("linkId")
        await note(act, Subject("account_link", decided.id), doing, reason=why)
    return decided.id

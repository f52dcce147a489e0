"""Audit trail of account links."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, ProofFault
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.viewer import Client, Viewer

LinkListener = Callable[[AccountLink, LinkEventKind, datetime], Awaitable[None]]

LINK_LISTENERS = Registry[str, LinkListener]()
"""Functions called with every event of a link, in its transaction; later slices register them."""


async def record(
    link: AccountLink,
    kind: LinkEventKind,
    *,
    by: UUID | None = None,
    client: Client | None = None,
    now: datetime,
) -> None:
    """Record an event. `by` and `client` are None if an import or a succession caused it."""
    await LinkEvent.create(
        account_id=link.account_id,
        link_id=link.id,
        user_id=by,
        kind=kind,
        client_address=client and client.address,
        happened_at=now,
    )
    for listener in LINK_LISTENERS.values():
        await listener(link, kind, now)


async def record_attempt(
    viewer: Viewer,
    account_id: UUID | None,
    fault: ProofFault | None,
    *,
    client: Client,
    now: datetime,
) -> None:
    """Record a failed proof, or a successful one without a fault."""
    await LinkEvent.create(
        account_id=account_id,
        user_id=viewer.id,
        kind=LinkEventKind.PROVED if fault is None else LinkEventKind.PROOF_FAILED,
        fault=fault,
        client_address=client.address,
        happened_at=now,
    )

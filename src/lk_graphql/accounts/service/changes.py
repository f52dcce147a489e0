"""Telling those who watch an account that something about it has changed."""

from uuid import UUID

from lk_graphql.ports.pubsub import publish, publish_all

ACCOUNT = "account"
"""The topic; its keys are accounts'."""


async def account_changed(*account_ids: UUID) -> None:
    """Call it in the transaction that changes an account or what belongs to it.

    Slices above call it too: for a reading, a bill, a payment.
    """
    await publish(ACCOUNT, *account_ids)


async def accounts_changed() -> None:
    """For an import that changes thousands of accounts: all who watch one read again."""
    await publish_all(ACCOUNT)

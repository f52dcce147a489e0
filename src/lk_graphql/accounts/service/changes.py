"""Publication of changes to the subscribers of an account."""

from uuid import UUID

from lk_graphql.ports.pubsub import publish, publish_all

ACCOUNT = "account"
"""The topic of account changes; its keys are those of accounts."""


async def account_changed(*account_ids: UUID) -> None:
    """Publish a change of accounts or of what belongs to them: a reading, a bill, a payment.

    Needs the transaction of the change.
    """
    await publish(ACCOUNT, *account_ids)


async def accounts_changed() -> None:
    """Publish a change of all accounts, for an import: every subscriber reads again."""
    await publish_all(ACCOUNT)

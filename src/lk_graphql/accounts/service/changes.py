"""Publication of changes to the subscribers of an account.

A trigger of the account's table, and of the tables of what belongs to it, publishes the account at
the commit of a change, whatever has made it (decision 0112). So no command has to.
"""

from lk_graphql.database import raw_sql
from lk_graphql.ports.pubsub import publish_all

ACCOUNT = "account"
"""The topic of account changes; its keys are those of accounts."""


async def accounts_changed() -> None:
    """Publish a change of all accounts instead of each that the transaction changes, for an import.

    Needs the transaction.
    """
    await raw_sql.fetch("SELECT set_config('lk.import', 'on', true)")
    await publish_all(ACCOUNT)

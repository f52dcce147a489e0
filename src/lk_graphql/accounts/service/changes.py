"""Publication of changes to the subscribers of an account.

Triggers on the table of accounts, and on the tables of objects that belong to an account, publish
the account's key at the commit of any change (decision 0112), so commands don't publish.
"""

from collections.abc import AsyncGenerator
from uuid import UUID

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.identity.service.users import USER
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.pubsub import PubSub, publish_all, topic_key

ACCOUNT = "account"
"""The topic of account changes; its keys are those of accounts."""


async def accounts_changed() -> None:
    """Publish one change of all accounts instead of one for each; for an import.

    Needs the transaction of the import.
    """
    await raw_sql.fetch("SELECT set_config('lk.import', 'on', true)")
    await publish_all(ACCOUNT)


async def suppress_publication() -> None:
    """Keep the triggers from publishing changes of accounts and people in this transaction.

    It is for an import in several transactions, of which the last one publishes all changes. Needs
    a transaction.
    """
    settings = "set_config('lk.import', 'on', true), set_config('lk.import_batch', 'on', true)"
    await raw_sql.fetch(f"SELECT {settings}")


async def changed_accounts(viewer: Viewer, pubsub: PubSub) -> AsyncGenerator[UUID, None]:
    """Keys of the viewer's accounts: all at first, then each that changes.

    After a link was added or ended, it yields all keys again.
    """
    while True:
        keys = await linked_account_keys(viewer)
        accounts = {topic_key(ACCOUNT, key): key for key in keys}
        async for changed in pubsub.changes_of([topic_key(USER, viewer.id), *accounts]):
            if await linked_account_keys(viewer) != keys:
                break
            for name, key in accounts.items():
                if name in changed:
                    yield key


async def linked_account_keys(viewer: Viewer) -> list[UUID]:
    """Keys of the viewer's accounts, in the order in which they were linked."""
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE).order_by("id")
    return [key for (key,) in await links.values_list("account_id")]

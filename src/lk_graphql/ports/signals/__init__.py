"""«Something about this has changed»: told by a transaction, heard by every process.

    async with in_transaction():
        ...
        await publish("account", account_id)            # in a service

    async for _ in ctx.ports.signals.changes("account", account_id):
        yield ctx.rows.by_key(Account, account_id)      # in a subscription

A signal is a topic and a key, nothing else: whoever hears it reads again, and proves again that
he may. So one may be heard twice, or two as one, without harm.
"""

from lk_graphql.ports.signals.hearing import Changes, Signals
from lk_graphql.ports.signals.publishing import publish, publish_all

__all__ = ["Changes", "Signals", "publish", "publish_all"]

"""Changes an account of the demo five times a second, as an import would: `stir.py DSN ACCOUNT`."""

import asyncio
import sys
from datetime import UTC, datetime

from lk_graphql import database
from lk_graphql.accounts.models import Account
from lk_graphql.kit.ids import NO_KEY, key_of


async def stir(dsn: str, public: str) -> None:
    """Until it is killed. A trigger publishes each change."""
    await database.open_models(dsn)
    key = key_of(public, "acc") or NO_KEY
    while True:
        await Account.filter(id=key).update(data_as_of=datetime.now(UTC))
        await asyncio.sleep(0.2)


asyncio.run(stir(*sys.argv[1:]))

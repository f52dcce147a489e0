"""An acquirer to try things with: the protocol of YooKassa, and pages that ask for a test card.

A small application of its own, on an origin of its own, with books of its own: it shares no code
with the port that talks to it, or the two would be wrong together.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette

from lk_graphql.demo.acquirer import api, pages
from lk_graphql.demo.acquirer.api import SandboxShop
from lk_graphql.demo.acquirer.callbacks import deliver
from lk_graphql.demo.acquirer.store import Delays, Store

__all__ = ["Delays", "SandboxShop", "create"]


def create(file: Path, shop: SandboxShop, at: str, pace: Delays | None = None) -> Starlette:
    """The application; its books lie in `file` and outlive it. `at` is where it is reached."""
    store = Store(file, pace or Delays())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        delivering = asyncio.create_task(deliver(store, shop, f"{at}/"))
        yield
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        store.close()

    return Starlette(
        routes=[*api.routes(store, shop, f"{at}/"), *pages.routes(store)], lifespan=lifespan
    )

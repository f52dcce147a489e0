"""The sandbox acquirer: YooKassa's protocol, and payment pages for test cards.

A separate application with its own origin and database. It shares no code with the port, so that
each of the two detects errors of the other.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette

from lk_graphql.demo.acquirer import api, pages
from lk_graphql.demo.acquirer.api import SandboxShop
from lk_graphql.demo.acquirer.store import Delays, Store

__all__ = ["Delays", "SandboxShop", "create"]


def create(file: Path, shop: SandboxShop, at: str, pace: Delays | None = None) -> Starlette:
    """The application over the SQLite database `file`, at the base URL `at`."""
    store = Store(file, pace or Delays())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        delivering = asyncio.create_task(api.deliver(store, shop, f"{at}/"))
        yield
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        store.close()

    return Starlette(
        routes=[*api.routes(store, shop, f"{at}/"), *pages.routes(store)], lifespan=lifespan
    )

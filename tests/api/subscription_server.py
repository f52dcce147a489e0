"""The notebook's endpoint behind a real uvicorn, and changes that its watchers hear of."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.identity.models import User
from lk_graphql.ports.pubsub import publish
from tests.api.endpoint_client import SIGNALS, EndpointClient
from tests.support.ws_client import QUICK, EndpointServer, serving

__all__ = ["ME", "QUICK", "SubscriptionTestServer", "serve"]

ME = "subscription { meChanged { firstName } }"


@dataclass
class SubscriptionTestServer(EndpointServer):
    """A site and where it listens."""

    site: EndpointClient

    @property
    def viewer(self) -> UUID:
        return self.site.viewer

    async def rename(self, name: str) -> None:
        """A change, told in its transaction."""
        async with in_transaction():
            await User.filter(id=self.viewer).update(first_name=name)
            await publish("person", self.viewer)


@asynccontextmanager
async def serve(site: EndpointClient, dsn: str) -> AsyncGenerator[SubscriptionTestServer]:
    async with SIGNALS.connected(dsn), serving(site.app) as one:
        yield SubscriptionTestServer(one.port, one.server, site)

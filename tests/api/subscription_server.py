"""A uvicorn server of the schema of notes, with published changes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.identity.models import User
from lk_graphql.ports.pubsub import publish
from tests.api.endpoint_client import PUBSUB, EndpointClient
from tests.support.ws_client import QUICK, EndpointServer, serving

__all__ = ["ME", "QUICK", "SubscriptionTestServer", "serve"]

ME = "subscription { meChanged { firstName } }"


@dataclass
class SubscriptionTestServer(EndpointServer):
    """A running server and the client of its endpoint."""

    client: EndpointClient

    @property
    def viewer(self) -> UUID:
        return self.client.viewer

    async def rename(self, name: str) -> None:
        """Change the first name and publish the change in the same transaction."""
        async with in_transaction():
            await User.filter(id=self.viewer).update(first_name=name)
            await publish("person", self.viewer)


@asynccontextmanager
async def serve(client: EndpointClient, dsn: str) -> AsyncGenerator[SubscriptionTestServer]:
    async with PUBSUB.connected(dsn), serving(client.app) as server:
        yield SubscriptionTestServer(server.port, server.server, client)

"""What plain HTTP routes of slices stand on: files, webhooks, feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from lk_graphql.api.context import World
from lk_graphql.api.endpoint import Policy
from lk_graphql.kit.viewer import Client, Staff, Viewer
from lk_graphql.planner.principal import Asking


@dataclass(frozen=True)
class Site:
    """Given to `routes(site)` of a slice's routes.py; `world` is open when a request comes."""

    world: Callable[[], World]
    policy: Policy

    def client(self, request: Request) -> Client:
        """The program at the other end, and the language that it reads."""
        return self.policy.client(request)

    async def on_duty(self, request: Request, now: datetime) -> Staff | None:
        """Whose session of staff's the request carries, in its cookie or in `Authorization`."""
        return (await self._asking(request, now)).staff

    async def viewer(self, request: Request, now: datetime) -> Viewer | None:
        """The customer whose session the request carries, as a cookie or in `Authorization`."""
        return (await self._asking(request, now)).viewer

    async def _asking(self, request: Request, now: datetime) -> Asking:
        credentials = self.policy.cookie.read(request.headers)
        return await self.world().reader.asking_with(credentials.token_hash, now)

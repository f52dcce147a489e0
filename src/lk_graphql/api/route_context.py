"""What plain HTTP routes of slices stand on: files, webhooks, feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from lk_graphql.api.context import AppState
from lk_graphql.api.endpoint import EndpointOptions
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer
from lk_graphql.planner.principal import Principal


@dataclass(frozen=True)
class RouteContext:
    """Given to `routes(site)` of a slice's routes.py; `world` is open when a request comes."""

    state: Callable[[], AppState]
    options: EndpointOptions

    def client(self, request: Request) -> Client:
        """The program at the other end, and the language that it reads."""
        return self.options.client(request)

    async def current_staff(self, request: Request, now: datetime) -> StaffViewer | None:
        """Whose session of staff's the request carries, in its cookie or in `Authorization`."""
        return (await self._principal(request, now)).staff

    async def viewer(self, request: Request, now: datetime) -> Viewer | None:
        """The customer whose session the request carries, as a cookie or in `Authorization`."""
        return (await self._principal(request, now)).viewer

    async def _principal(self, request: Request, now: datetime) -> Principal:
        credentials = self.options.cookie.read(request.headers)
        return await self.state().engine.principal_of(credentials.token_hash, now)

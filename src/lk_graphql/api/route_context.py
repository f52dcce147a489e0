"""Dependencies of the slices' plain HTTP routes: files, webhooks and feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.context import AppState
from lk_graphql.api.endpoint import EndpointOptions
from lk_graphql.api.request import read_headers
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer
from lk_graphql.planner.principal import Principal


@dataclass(frozen=True)
class RouteContext:
    """The argument of `routes` in a slice's routes.py; call `state` within requests only."""

    state: Callable[[], AppState]
    options: EndpointOptions
    metrics: Metrics

    def client(self, request: Request) -> Client:
        """The request's client: address, user agent and language."""
        return self.options.client(request.scope, read_headers(request.scope))

    async def current_staff(self, request: Request, now: datetime) -> StaffViewer | None:
        """The staff of the request's session, by cookie or `Authorization`."""
        return (await self._principal(request, now)).staff

    async def viewer(self, request: Request, now: datetime) -> Viewer | None:
        """The customer of the request's session, by cookie or `Authorization`."""
        return (await self._principal(request, now)).viewer

    async def _principal(self, request: Request, now: datetime) -> Principal:
        credentials = self.options.cookie.read(read_headers(request.scope))
        return await self.state().engine.principal_of(credentials.token_hash, now)

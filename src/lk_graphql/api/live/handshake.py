"""Who opens a WebSocket, and whether we let them."""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from lk_graphql.api.budget import Budget
from lk_graphql.api.cookies import Credentials, SessionCookie
from lk_graphql.api.exchange import Exchange
from lk_graphql.api.faults import Fault, UnknownProtocol
from lk_graphql.api.journal import request_id
from lk_graphql.api.language import preferred
from lk_graphql.api.live.messages import PROTOCOL
from lk_graphql.api.media import JSON
from lk_graphql.api.replies import HEADERS
from lk_graphql.kit.viewer import Client


@dataclass(frozen=True)
class Caller:
    """The program at the other end. What its first message says counts before its headers."""

    headers: Headers
    address: str
    cookie: SessionCookie

    def introduced(self, greeting: list[tuple[bytes, bytes]]) -> "Caller":
        return replace(self, headers=Headers(raw=[*greeting, *self.headers.raw]))

    @property
    def credentials(self) -> Credentials:
        return self.cookie.read(self.headers)

    @property
    def token_hash(self) -> bytes:
        return self.credentials.token_hash

    def exchange(self, budget: Budget, now: datetime) -> Exchange:
        """What becomes of one operation."""
        token, by_cookie = self.credentials
        token_hash = self.token_hash
        language = preferred(self.headers.get("accept-language", ""))
        user_agent = self.headers.get("user-agent", "")
        return Exchange(
            method="WEBSOCKET",
            headers=self.headers,
            now=now,
            request_id=request_id(None),
            client=Client(self.address, user_agent, language),
            media_type=JSON,
            token=token,
            token_hash=token_hash,
            by_cookie=by_cookie,
            bucket=budget.bucket(token_hash, self.address),
        )


def demand_protocol(websocket: WebSocket) -> None:
    """Raises `UnknownProtocol`."""
    if PROTOCOL not in websocket.scope["subprotocols"]:
        raise UnknownProtocol


async def refuse(fault: Fault, websocket: WebSocket) -> None:
    """Answer the handshake by HTTP."""
    headers = {**HEADERS, **fault.headers}
    response = PlainTextResponse(f"{fault.message}\n", fault.status, headers)
    await websocket.send_denial_response(response)

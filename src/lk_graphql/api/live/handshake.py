"""Who opens a WebSocket, and whether we let them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from lk_graphql.api.asgi import Headers, Receive, Scope, Send
from lk_graphql.api.budget import Budget
from lk_graphql.api.cookies import Credentials, SessionCookie
from lk_graphql.api.exchange import Exchange
from lk_graphql.api.faults import Fault, UnknownProtocol
from lk_graphql.api.journal import request_id
from lk_graphql.api.language import preferred
from lk_graphql.api.live.messages import PROTOCOL
from lk_graphql.api.media import JSON
from lk_graphql.api.replies import ALWAYS
from lk_graphql.kit.viewer import Client


@dataclass(frozen=True)
class Caller:
    """The program at the other end. What its first message says counts before its headers."""

    headers: Headers
    address: str
    cookie: SessionCookie

    def introduced(self, greeting: Headers) -> "Caller":
        return replace(self, headers={**self.headers, **greeting})

    @property
    def credentials(self) -> Credentials:
        return self.cookie.read(self.headers)

    @property
    def token_hash(self) -> bytes:
        return sha256(self.credentials.token).digest()

    def exchange(self, budget: Budget) -> Exchange:
        """What becomes of one operation."""
        token, by_cookie = self.credentials
        token_hash = self.token_hash
        language = preferred(self.headers.get(b"accept-language", b""))
        user_agent = self.headers.get(b"user-agent", b"").decode("latin-1")
        return Exchange(
            method="WEBSOCKET",
            headers=self.headers,
            now=datetime.now(UTC),
            request_id=request_id(None),
            client=Client(self.address, user_agent, language),
            media_type=JSON,
            token=token,
            token_hash=token_hash,
            by_cookie=by_cookie,
            bucket=budget.bucket(token_hash, self.address),
        )


def demand_protocol(scope: Scope) -> None:
    """Raises `UnknownProtocol`."""
    if PROTOCOL not in scope["subprotocols"]:
        raise UnknownProtocol


async def accept(receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})


async def refuse(fault: Fault, receive: Receive, send: Send) -> None:
    """Answer the handshake by HTTP."""
    await receive()  # websocket.connect
    text = (b"content-type", b"text/plain; charset=utf-8")
    await send(
        {
            "type": "websocket.http.response.start",
            "status": fault.status,
            "headers": [text, *ALWAYS, *fault.headers],
        }
    )
    await send({"type": "websocket.http.response.body", "body": f"{fault.message}\n".encode()})

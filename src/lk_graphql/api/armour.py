"""Security headers for everything that isn't GraphQL: pages, probes, webhooks, files."""

from lk_graphql.api.asgi import App, Message, Receive, Scope, Send

_DEFAULTS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}


class Armour:
    """Adds the strictest headers to answers; one that sets a header itself knows better."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                missing = ((n, v) for n, v in _DEFAULTS.items() if n not in said)
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, send_armoured if scope["type"] == "http" else send)

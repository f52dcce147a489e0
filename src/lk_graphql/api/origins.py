"""Which pages of other sites may ask, and how their browsers are told (CORS)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from lk_graphql.api.asgi import Headers
from lk_graphql.api.faults import CrossSite

_PREFLIGHT = (
    (
        b"access-control-allow-headers",
        b"accept-language, authorization, content-type, x-request-id",
    ),
    (b"access-control-max-age", b"600"),
)


class Origins:
    """Our own origin (scheme, host and port of the public URL), and those allowed by setting."""

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        public = urlsplit(public_url)
        self._own = f"{public.scheme}://{public.netloc}".encode()
        self._allowed = frozenset(origin.rstrip("/").encode() for origin in allowed)

    def guard(self, headers: Headers) -> None:
        """Call where a cookie is used to change something. Raises `CrossSite`.

        Browsers tell the page's origin with every POST, other programs don't; `null` (a sandbox, a
        local file) is nobody's.
        """
        origin = headers.get(b"origin")
        if origin is None:
            if headers.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
                raise CrossSite
        elif origin != self._own and origin not in self._allowed and not _same(origin, headers):
            raise CrossSite

    def answer(self, headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
        """The headers that let an allowed page read the answer."""
        origin = headers.get(b"origin")
        if origin is None or origin not in self._allowed:
            return ()
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"retry-after, x-request-id"),
        )

    def preflight(
        self, headers: Headers, methods: bytes = b"GET, POST"
    ) -> tuple[tuple[bytes, bytes], ...]:
        """The answer to OPTIONS: what an allowed page may send."""
        allowed = self.answer(headers)
        if not allowed:
            return ()
        return (*allowed, (b"access-control-allow-methods", methods), *_PREFLIGHT)


def _same(origin: bytes, headers: Headers) -> bool:
    """Whether the page comes from the host that it asks: under `localhost` as under 127.0.0.1."""
    host = headers.get(b"host")
    return host is not None and origin.partition(b"://")[2] == host

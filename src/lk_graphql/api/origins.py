"""Cross-origin requests: the guard of cookies, and the CORS headers.

Starlette's CORSMiddleware answers a preflight by 200 or 400 and sends `Allow-Credentials` to every
origin; here a preflight is 204 and a foreign origin gets no CORS header at all.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from lk_graphql.api.request_errors import CrossSiteRequest

_PREFLIGHT = {
    "access-control-allow-headers": "accept-language, authorization, content-type, x-request-id",
    "access-control-max-age": "600",
}


class Origins:
    """Our own origin (scheme, host and port of the public URL), and those allowed by setting."""

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        public = urlsplit(public_url)
        self._own = f"{public.scheme}://{public.netloc}"
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed)

    def guard(self, headers: Headers) -> None:
        """Raise `CrossSiteRequest` where a foreign page would change something by a cookie.

        Browsers send the page's origin with every POST, other programs don't; `null` (a sandbox, a
        local file) is a foreign origin.
        """
        origin = headers.get("origin")
        if origin is None:
            if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
                raise CrossSiteRequest
        elif origin != self._own and origin not in self._allowed and not _same(origin, headers):
            raise CrossSiteRequest

    def answer(self, headers: Headers) -> dict[str, str]:
        """The headers that let an allowed page read the answer."""
        origin = headers.get("origin")
        if origin is None or origin not in self._allowed:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "retry-after, x-request-id",
        }

    def preflight(self, headers: Headers, methods: str = "GET, POST") -> dict[str, str]:
        """The headers for OPTIONS: what an allowed page may send."""
        allowed = self.answer(headers)
        if not allowed:
            return {}
        return {**allowed, "access-control-allow-methods": methods, **_PREFLIGHT}


def _same(origin: str, headers: Headers) -> bool:
    """Whether the page comes from the host that it asks: under `localhost` as under 127.0.0.1."""
    host = headers.get("host")
    return host is not None and origin.partition("://")[2] == host

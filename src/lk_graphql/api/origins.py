"""Cross-origin requests: protection of the session cookie, and CORS headers.

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
    """The origin of the public URL, and the allowed ones of `LK_CORS_ORIGINS`."""

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        public = urlsplit(public_url)
        self._own = f"{public.scheme}://{public.netloc}"
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed)

    def require_same_site(self, headers: Headers) -> None:
        """Reject a request of a foreign page that carries a cookie. Raises `CrossSiteRequest`.

        Browsers send the page's origin with every POST, other programs don't. `null` (a sandbox, a
        local file) is a foreign origin.
        """
        origin = headers.get("origin")
        if origin is None:
            if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
                raise CrossSiteRequest
        elif (
            origin != self._own
            and origin not in self._allowed
            and not _is_same_host(origin, headers)
        ):
            raise CrossSiteRequest

    def headers_for(self, headers: Headers) -> dict[str, str]:
        """CORS headers of a response, empty for origins that are not allowed."""
        origin = headers.get("origin")
        if origin is None or origin not in self._allowed:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "retry-after, x-request-id",
        }

    def preflight(self, headers: Headers, methods: str = "GET, POST") -> dict[str, str]:
        """CORS headers of a preflight response."""
        allowed = self.headers_for(headers)
        if not allowed:
            return {}
        return {**allowed, "access-control-allow-methods": methods, **_PREFLIGHT}


def _is_same_host(origin: str, headers: Headers) -> bool:
    """Whether the origin's host is the request's: `localhost` as well as 127.0.0.1."""
    host = headers.get("host")
    return host is not None and origin.partition("://")[2] == host

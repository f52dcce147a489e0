"""A built frontend at the same origin as the demo's API.

It serves the files of a folder, and its `index.html` for all other pages, as the router of a
single-page application expects. The API keeps its own paths, except the pages that the frontend
replaces.
"""

from collections.abc import Collection
from mimetypes import guess_type
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from lk_graphql.api.middleware import security_headers
from lk_graphql.api.request import GRAPHQL_PATH
from lk_graphql.kit.errors import CommandError

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; media-src data:; font-src 'self'; connect-src 'self';"
    " worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {**security_headers(is_https=False), "content-security-policy": _POLICY}
_IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}
_CHECKED = {"cache-control": "no-cache"}


class Frontend:
    """An ASGI application of `api` and of the frontend that was built into `folder`.

    The frontend serves the paths in `replaced`, and those that the API doesn't have. Raises
    `CommandError` if there is no frontend in the folder.
    """

    def __init__(self, api: Starlette, folder: Path, replaced: Collection[str]) -> None:
        if not (folder / "index.html").is_file():
            raise CommandError(f"{folder} has no index.html: build the frontend first.")
        self._api = api
        self._folder = folder.resolve()
        self._replaced = frozenset(replaced)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._api
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            path = scope["path"]
            if file := self._file(path):
                app = _response(
                    scope, file, _IMMUTABLE if path.startswith("/assets/") else _CHECKED
                )
            elif path in self._replaced or not self._is_known(scope):
                app = _response(scope, self._folder / "index.html", _CHECKED)
        await app(scope, receive, send)

    def _file(self, path: str) -> Path | None:
        """The file at a path, never a file outside the folder."""
        file = (self._folder / path.lstrip("/")).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def _is_known(self, scope: Scope) -> bool:
        """Whether the API has the path. GraphQL's path is handled before the router."""
        return scope["path"] == GRAPHQL_PATH or any(
            route.matches(scope)[0] is not Match.NONE for route in self._api.routes
        )


def _response(scope: Scope, file: Path, caching: dict[str, str]) -> ASGIApp:
    """A file, compressed if the client accepts it: the build's `.br`, or gzip on the fly."""
    headers = _HEADERS | caching
    compressed = file.with_name(f"{file.name}.br")
    encodings = Headers(scope=scope).get("accept-encoding", "").replace(" ", "").split(",")
    if "br" not in encodings or not compressed.is_file():
        return GZipMiddleware(FileResponse(file, headers=headers))
    headers |= {"content-encoding": "br", "vary": "accept-encoding"}
    return FileResponse(compressed, headers=headers, media_type=guess_type(file.name)[0])

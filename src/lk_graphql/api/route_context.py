"""Dependencies of the slices' plain HTTP routes: files, webhooks and feeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.context import AppState
from lk_graphql.api.endpoint import EndpointOptions
from lk_graphql.api.request import RequestCredentials, read_headers
from lk_graphql.kit.file_links import LINK, FileRoute
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Client

_NO_SESSION = {
    Language.RU: "Войдите в личный кабинет и откройте документ ещё раз.\n",
    Language.EN: "Sign in and open the document again.\n",
}
_NO_DOCUMENT = {
    Language.RU: "Ссылка больше не действует: откройте документ в личном кабинете ещё раз.\n",
    Language.EN: "This link has ended: open the document in the cabinet again.\n",
}


class OpenedFile(NamedTuple):
    """The columns of a document's statement, and the time of the request."""

    row: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True)
class RouteContext:
    """The argument of `routes` in a slice's routes.py; `state` is available in requests only."""

    state: Callable[[], AppState]
    options: EndpointOptions
    metrics: Metrics

    def client(self, request: Request) -> Client:
        """The request's client: address, user agent and language."""
        return self.options.client(request.scope, read_headers(request.scope))

    @property
    def framed_by(self) -> str:
        """The pages that may show a document in a frame: this server's, and the cabinet's."""
        return self.options.origins.frame_ancestors

    async def open_file(self, request: Request, kind: FileRoute, statement: str) -> OpenedFile:
        """Find the reader and the document, by one statement (`kit.file_links.statement`).

        Raises HTTPException: 401 without a session, and 404 for an expired link or a document that
        doesn't exist or doesn't belong to the reader.
        """
        state = self.state()
        now = state.clock()
        key = key_of(request.path_params["id"], kind.prefix) or NO_KEY
        text = request.query_params.get(LINK)
        link = text and kind.verify(key, text, now=now, signer=state.ports.signer)
        row = await state.engine.database.fetchrow(
            statement,
            self._token_hash(request, kind),
            now,
            link.session_id if link else None,
            link.issued_at if link else None,
            key,
        )
        language = self.client(request).language
        if row is None and text is None:
            detail = _NO_SESSION[language]
            raise HTTPException(401, detail, {"www-authenticate": "Bearer"})
        values = dict(cast("Mapping[str, Any]", row)) if row is not None else {}
        if values.get("file_id") is None:
            raise HTTPException(404, _NO_DOCUMENT[language])
        return OpenedFile(values, now)

    def _token_hash(self, request: Request, kind: FileRoute) -> bytes:
        """The hash of the session's token; ignores a cookie sent by another site's page."""
        headers = read_headers(request.scope)
        cookie = self.options.cookie.for_staff if kind.is_for_staff else self.options.cookie
        credentials = cookie.own_credentials(headers)
        if credentials.by_cookie and headers.get("sec-fetch-site") == "cross-site":
            credentials = RequestCredentials("", by_cookie=False)
        return credentials.token_hash

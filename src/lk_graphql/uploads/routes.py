"""HTTP routes: upload by a one-time URL, and download."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.planner.audit_marks import DataAccess
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import Upload, UploadKind
from lk_graphql.uploads.service import previews
from lk_graphql.uploads.service.formats import FORMATS
from lk_graphql.uploads.service.ingestion import receive
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS, DownloadKind

_STATUS = {Code.UPLOAD_NOT_FOUND: 404, Code.TOO_SLOW: 408, Code.SIZE_MISMATCH: 413}
_DEFAULT_STATUS = 422
_DISCARD_SECONDS = 5.0


def routes(context: RouteContext) -> list[BaseRoute]:
    """Return the routes `PUT /uploads/…` and `GET` of files and previews."""

    async def put(request: Request) -> Response:
        return await _receive(context, request)

    return [
        Route("/uploads/{token}", put, methods=["PUT"]),
        *(_download_route(context, kind) for kind in DOWNLOAD_KINDS.values()),
    ]


def _download_route(context: RouteContext, kind: DownloadKind) -> Route:
    async def answer(request: Request) -> Response:
        row, now = await context.open_file(request, kind.route, kind.statement)
        if kind.route.is_for_staff and not row["by_link"]:
            await _audit(context, kind, row, now)
        upload = Upload(
            id=row["file_id"],
            name=row["name"],
            kind=UploadKind(row["kind"]),
            sha256=row["sha256"],
        )
        files = context.state().ports.files
        return await download(
            request, files, _file_response(upload, kind), framed_by=context.framed_by
        )

    return Route(kind.route.pattern, answer)


async def _audit(
    context: RouteContext, kind: DownloadKind, row: Mapping[str, Any], now: datetime
) -> None:
    """Record a download of staff by session. Links need no record: their issue was recorded."""
    staff = StaffViewer(row["staff_id"], row["staff_session_id"], Role(row["role"]))
    accesses = {DataAccess("user", row["owner_id"])} if row["owner_id"] else set[DataAccess]()
    operation = f"GET /files/{kind.route.folder}"
    await context.state().audit_hook(staff, accesses, operation=operation, now=now)


def _file_response(upload: Upload, kind: DownloadKind) -> Download:
    if not kind.is_preview:
        media_type = FORMATS[upload.kind].media_type
        return Download(upload.path, upload.name, media_type, str(upload.sha256))
    name = f"{upload.name.rpartition('.')[0]}.jpg"
    digest = f"{upload.sha256}-preview"
    return Download(upload.preview_path, name, previews.MEDIA_TYPE, digest)


async def _receive(context: RouteContext, request: Request) -> Response:
    state, body = context.state(), _Body(request)
    try:
        upload = await receive(
            request.path_params["token"],
            body.chunks(),
            ports=state.ports,
            now=state.clock(),
        )
        await state.record_change_by_link(upload.user_id)
    except Refusal as refusal:
        if Code(refusal.code) is not Code.TOO_SLOW:
            await body.discard()
        return _error_response(refusal, context, request)
    except ClientDisconnect:  # nothing receives the status
        return Response(status_code=400)
    return Response(status_code=204)


class _Body:
    """The body of an upload, of which a part may be unread after a refusal."""

    def __init__(self, request: Request) -> None:
        self._stream = request.stream()  # a request has only one

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body without the empty chunk at its end."""
        async for chunk in self._stream:
            if chunk:
                yield chunk

    async def discard(self) -> None:
        """Read the rest of the body, for a few seconds.

        Closing a connection in the middle of a body resets it, and the response is lost. nginx
        would then report an outage (502) in place of the refusal.
        """
        with suppress(TimeoutError, ClientDisconnect):
            async with asyncio.timeout(_DISCARD_SECONDS):
                async for _ in self._stream:
                    pass


def _error_response(refusal: Refusal, context: RouteContext, request: Request) -> Response:
    """Build an error response that closes the connection, because the body may be unread."""
    message = refusal.text(context.client(request).language)
    code = Code(refusal.code)
    error = {"code": code, "reason": code, "message": message, "path": [*refusal.path]}
    status = _STATUS.get(code, _DEFAULT_STATUS)
    return JSONResponse({"errors": [error]}, status, {"connection": "close"})

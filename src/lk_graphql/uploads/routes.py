"""Files over plain HTTP: in by a one-time URL, out by signed links."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service import previews
from lk_graphql.uploads.service.formats import FORMATS
from lk_graphql.uploads.service.ingestion import receive
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS, DownloadKind

_METHODS = "PUT, OPTIONS"
_STATUS = {Code.UPLOAD_NOT_FOUND: 404, Code.TOO_SLOW: 408, Code.SIZE_MISMATCH: 413}
_DEFAULT_STATUS = 422


def routes(site: RouteContext) -> list[BaseRoute]:
    """`PUT /uploads/…`, and `GET` of files and their previews."""

    async def put(request: Request) -> Response:
        origins = site.options.origins
        if request.method == "OPTIONS":
            allowed = origins.preflight(request.headers, _METHODS)
            return Response(status_code=204, headers={"allow": _METHODS, **allowed})
        response = await _receive(site, request)
        response.headers.update(origins.answer(request.headers))
        return response

    return [
        Route("/uploads/{token}", put, methods=["PUT", "OPTIONS"]),
        *(_download_route(site, way) for way in DOWNLOAD_KINDS),
    ]


def _download_route(site: RouteContext, kind: DownloadKind) -> Route:
    async def answer(request: Request) -> Response:
        world, signed = site.state(), request.path_params["link"]
        upload = await DOWNLOAD_KINDS[kind](
            kind, signed, now=world.clock(), links=world.ports.signer
        )
        if upload is None:
            return Response(status_code=404)
        return await download(request, world.ports.files, _file_response(upload, kind))

    return Route(f"/files/{kind.folder}/{{link}}", answer)


def _file_response(upload: Upload, kind: DownloadKind) -> Download:
    if not kind.is_preview:
        media_type = FORMATS[upload.kind].media_type
        return Download(upload.path, upload.name, media_type, str(upload.sha256))
    name = f"{upload.name.rpartition('.')[0]}.jpg"
    digest = f"{upload.sha256}-preview"
    return Download(upload.preview_path, name, previews.MEDIA_TYPE, digest)


async def _receive(site: RouteContext, request: Request) -> Response:
    world = site.state()
    try:
        await receive(
            request.path_params["token"],
            _body(request),
            ports=world.ports,
            now=world.clock(),
        )
    except Refusal as refusal:
        return _error_response(refusal, site, request)
    except ClientDisconnect:  # nobody reads this
        return Response(status_code=400)
    return Response(status_code=204)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Without the empty piece at the end."""
    async for chunk in request.stream():
        if chunk:
            yield chunk


def _error_response(refusal: Refusal, site: RouteContext, request: Request) -> Response:
    """The connection ends with it: the rest of the body would be in the next request's way."""
    message = refusal.text(site.client(request).language)
    told = {"code": refusal.code, "message": message, "path": list(refusal.path)}
    status = _STATUS.get(Code(refusal.code), _DEFAULT_STATUS)
    return JSONResponse({"errors": [told]}, status, {"connection": "close"})

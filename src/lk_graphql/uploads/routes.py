"""Files over plain HTTP: in by a one-time URL, out by signed links."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.site import Site
from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service import links, pictures
from lk_graphql.uploads.service.kinds import FORMS
from lk_graphql.uploads.service.receiving import receive

_METHODS = b"PUT, OPTIONS"
_STATUS = {Code.UPLOAD_NOT_FOUND: 404, Code.TOO_SLOW: 408, Code.SIZE_MISMATCH: 413}
_REFUSED = 422


def routes(site: Site) -> list[BaseRoute]:
    """`PUT /uploads/…`, and `GET` of files and their previews."""

    async def put(request: Request) -> Response:
        allowed = dict(request.headers.raw)
        if request.method == "OPTIONS":
            headers = site.policy.origins.preflight(allowed, _METHODS)
            return _with(Response(status_code=204, headers={"allow": _METHODS.decode()}), headers)
        return _with(await _received(site, request), site.policy.origins.answer(allowed))

    async def content(request: Request) -> Response:
        upload = await _linked(site, request, is_preview=False)
        if upload is None:
            return Response(status_code=404)
        media_type = FORMS[upload.kind].media_type
        offered = Download(upload.path, upload.name, media_type, str(upload.sha256))
        return await download(request, site.world().ports.files, offered)

    async def preview(request: Request) -> Response:
        upload = await _linked(site, request, is_preview=True)
        if upload is None:
            return Response(status_code=404)
        name = f"{upload.name.rpartition('.')[0]}.jpg"
        digest = f"{upload.sha256}-preview"
        offered = Download(upload.preview_path, name, pictures.MEDIA_TYPE, digest)
        return await download(request, site.world().ports.files, offered)

    return [
        Route("/uploads/{token}", put, methods=["PUT", "OPTIONS"]),
        Route("/files/uploads/{token}", content),
        Route("/files/previews/{token}", preview),
    ]


async def _received(site: Site, request: Request) -> Response:
    ports = site.world().ports
    try:
        await receive(
            request.path_params["token"],
            _body(request),
            ports=ports,
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return _refused(refusal, site, request)
    except ClientDisconnect:  # nobody reads this
        return Response(status_code=400)
    return Response(status_code=204)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Without the empty piece at the end."""
    async for chunk in request.stream():
        if chunk:
            yield chunk


def _refused(refusal: Refusal, site: Site, request: Request) -> Response:
    """The connection ends with it: the rest of the body would be in the next request's way."""
    message = refusal.text(site.client(request).language)
    told = {"code": refusal.code, "message": message, "path": list(refusal.path)}
    status = _STATUS.get(Code(refusal.code), _REFUSED)
    return JSONResponse({"errors": [told]}, status, {"connection": "close"})


def _with(response: Response, headers: tuple[tuple[bytes, bytes], ...]) -> Response:
    response.raw_headers.extend(headers)
    return response


async def _linked(site: Site, request: Request, *, is_preview: bool) -> Upload | None:
    return await links.linked(
        request.path_params["token"],
        request.query_params.get("for", ""),
        request.query_params.get("until", ""),
        now=datetime.now(UTC),
        links=site.world().ports.links,
        is_preview=is_preview,
    )

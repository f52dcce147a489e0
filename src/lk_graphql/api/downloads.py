"""HTTP responses with a stored file: conditional requests, ranges and file names.

RFC 9110 (sections 13 and 14) defines conditions and ranges, RFC 6266 the file name.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lk_graphql.api.request import read_headers
from lk_graphql.ports.files import Files

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_UNSAFE_IN_QUOTES = re.compile(r"[^ !#$&\'()+,\-.0-9;=@A-Z\[\]^_`a-z{}~]")
_NOT_ENCODED = "!#$&+-.^_`|~"  # attr-char of RFC 8187


PDF = "application/pdf"
INLINE_TYPES = frozenset({PDF, "image/jpeg", "image/png"})
"""The media types that browsers may show instead of saving."""
NOBODY = "'none'"


@dataclass(frozen=True)
class Download:
    """A stored file and the metadata for its response headers.

    `digest` is the SHA-256 of the content, or another value that changes with it. `name` may have
    any characters.
    """

    path: str
    name: str
    media_type: str
    digest: str


async def download(
    request: Request, files: Files, stored: Download, *, framed_by: str = NOBODY
) -> Response:
    """Respond with a file: as an attachment, or for a preview with `?disposition=inline`.

    Only `INLINE_TYPES` may be rendered in the site's origin. `framed_by` is the source list of the
    pages that may show the preview in a frame. The caller must check the access first. Browsers
    revalidate their copy with each request. Raises HTTPException 404 if the store has no such file.
    """
    size = await files.size(stored.path)
    if size is None:
        raise HTTPException(404)
    headers = _headers(request, stored, framed_by)
    return _respond(
        request, headers, size, lambda start, end: files.get(stored.path, start=start, end=end)
    )


def download_unstored(
    request: Request, content: bytes, described: Download, *, framed_by: str = NOBODY
) -> Response:
    """Respond like `download`, with a file that could not be stored."""

    async def read(start: int, end: int) -> AsyncIterator[bytes]:
        yield content[start:end]

    return _respond(request, _headers(request, described, framed_by), len(content), read)


def _respond(
    request: Request,
    headers: dict[str, str],
    size: int,
    read: Callable[[int, int], AsyncIterator[bytes]],
) -> Response:
    if _is_unchanged(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    requested = _requested_range(request, size, headers["etag"])
    if requested is None:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    start, end = requested
    headers |= {"content-length": str(end - start)}
    is_part = requested != (0, size)
    if is_part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(read(start, end), status, headers)


def _headers(request: Request, stored: Download, framed_by: str) -> dict[str, str]:
    is_inline = (
        request.query_params.get("disposition") == "inline" and stored.media_type in INLINE_TYPES
    )
    policy = f"default-src 'none'; base-uri 'none'; frame-ancestors {framed_by}"
    # Browsers don't open a PDF in a sandbox; their viewers isolate it from the origin anyway.
    shows_pdf = is_inline and stored.media_type == PDF
    return {
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": disposition(stored.name, "inline" if is_inline else "attachment"),
        "content-security-policy": policy if shows_pdf else f"{policy}; sandbox",
        "content-type": stored.media_type,
        "etag": f'"{stored.digest}"',
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY" if framed_by == NOBODY else "SAMEORIGIN",
    }


def disposition(name: str, kind: str = "attachment") -> str:
    """`Content-Disposition` with `filename` and, for a name beyond ASCII, `filename*`.

    In `filename`, an underscore replaces each character that a quoted ASCII string can't contain.
    """
    plain = _UNSAFE_IN_QUOTES.sub("_", name)
    if plain == name:
        return f'{kind}; filename="{plain}"'
    exact = quote(name.encode(errors="replace"), safe=_NOT_ENCODED)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def _is_unchanged(request: Request, etag: str) -> bool:
    etags = read_headers(request.scope).get("if-none-match", "")
    return any(_weak(candidate) in {"*", etag} for candidate in etags.split(","))


def _weak(etag: str) -> str:
    return etag.strip().removeprefix("W/")


def _requested_range(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """The start and the end of the requested range; None for a range past the file's end.

    The range is the whole file if the header is absent, malformed or lists several ranges.
    """
    match = _RANGE.fullmatch(read_headers(request.scope).get("range", "").strip())
    is_current = read_headers(request.scope).get("if-range", etag) == etag
    if match is None or not is_current or request.method != "GET":
        return 0, size
    first, last = match.groups()
    if not first:
        return _suffix(last, size)
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return 0, size
    return (start, end) if start < size else None


def _suffix(length: str, size: int) -> tuple[int, int] | None:
    """The range of a suffix length, as in `bytes=-500`."""
    if not length:
        return 0, size
    return (max(0, size - int(length)), size) if int(length) and size else None

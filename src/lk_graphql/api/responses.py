"""The response of an operation: status, headers, and what the operation cost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import NamedTuple

import orjson
from starlette.responses import Response

HEADERS = {"referrer-policy": "no-referrer", "vary": "Accept, Accept-Language, Origin"}
"""Headers of every response of GraphQL, besides those of `SecurityHeadersMiddleware`."""


class GraphQLResponse(NamedTuple):
    """`body` is the JSON object of the answer without its closing brace: the cost follows."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def json_response(
    body: bytes, status: int, media_type: str, headers: Mapping[str, str]
) -> Response:
    """A response of one of the two JSON types."""
    content_type = {"content-type": f"{media_type}; charset=utf-8"}
    return Response(body, status, {**content_type, **HEADERS, **headers})


def cost_extension(requested: int, limit: int, remaining: float, full_at: float) -> bytes:
    """`extensions.cost`, ready to close an answer's object; `full_at` in seconds since 1970."""
    cost = {
        "requested": requested,
        "limit": limit,
        "remaining": int(max(0, remaining)),
        "resetAt": datetime.fromtimestamp(ceil(full_at), UTC),
    }
    extensions = orjson.dumps({"cost": cost}, option=orjson.OPT_UTC_Z)
    return b',"extensions":%b}' % extensions

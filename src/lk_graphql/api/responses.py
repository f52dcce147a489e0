"""Responses of GraphQL over HTTP, and the cost extension."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import NamedTuple

import orjson
from starlette.responses import Response

HEADERS = {"referrer-policy": "no-referrer", "vary": "Accept, Accept-Language, Origin"}
"""Headers of every GraphQL response, besides those of `SecurityHeadersMiddleware`."""


class GraphQLResponse(NamedTuple):
    """`body` is the JSON object of the result without its closing brace, as the cost follows."""

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
    """`extensions.cost` and the closing brace of a result; `full_at` is in Unix seconds."""
    cost = {
        "requested": requested,
        "limit": limit,
        "remaining": int(max(0, remaining)),
        "resetAt": datetime.fromtimestamp(ceil(full_at), UTC),
    }
    extensions = orjson.dumps({"cost": cost}, option=orjson.OPT_UTC_Z)
    return b',"extensions":%b}' % extensions

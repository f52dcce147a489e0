"""Content negotiation of GraphQL over HTTP: what the client sends, what it wants to read."""

from functools import lru_cache
from typing import NamedTuple

JSON = b"application/json"
GRAPHQL = b"application/graphql-response+json"


@lru_cache(256)
def is_json(content_type: bytes) -> bool:
    """Whether a body is `application/json` in UTF-8, said or unsaid."""
    media_type, *parameters = content_type.decode("latin-1").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            return False
    return media_type.strip() == "application/json"


class Readable(NamedTuple):
    """What a client reads: the better of our two types of JSON for it, and whether events."""

    media_type: bytes | None
    takes_events: bool


@lru_cache(256)
def readable(accept: bytes) -> Readable:
    """For this `Accept`."""
    return Readable(wanted(accept), takes_events(accept))


def wanted(accept: bytes) -> bytes | None:
    """The better of our two media types for this `Accept`; None where it wants neither.

    `*/*` means `application/json` (the specification's «watershed»): only those who name the
    newer type understand its statuses.
    """
    if not accept:
        return JSON
    weights = _weights(accept.decode("latin-1").lower())
    anything = weights.get("application/*", weights.get("*/*", 0.0))
    json = weights.get(JSON.decode(), anything)
    graphql = weights.get(GRAPHQL.decode(), 0.0 if json else anything)
    if not json and not graphql:
        return None
    return GRAPHQL if graphql >= json else JSON


def takes_events(accept: bytes) -> bool:
    """Whether the client names Server-Sent Events among what it reads."""
    return _weights(accept.decode("latin-1").lower()).get("text/event-stream", 0.0) > 0


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in accept.split(","):
        media_type, *parameters = item.split(";")
        weights[media_type.strip()] = min(map(_weight, parameters), default=1.0)
    return weights


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0

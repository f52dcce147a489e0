"""Content negotiation of GraphQL over HTTP: the body's type, and the types that a client reads."""

from collections.abc import Iterator
from typing import NamedTuple

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


class Readable(NamedTuple):
    """The better of the two JSON types for a client, and whether it reads event streams."""

    media_type: str | None
    takes_events: bool


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """The items of an `Accept…` header in lower case, each with its weight (RFC 9110, 12.4.2).

    The weight is 1 where there is no `q`, and 0 where it is no number.
    """
    for item in header.lower().split(","):
        value, *parameters = item.split(";")
        yield value.strip(), min(map(_weight, parameters), default=1.0)


def is_json(content_type: str) -> bool:
    """Whether a body is `application/json` in UTF-8, declared or by default."""
    media_type, *parameters = content_type.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            return False
    return media_type.strip() == JSON


def readable(accept: str) -> Readable:
    """Choose by this `Accept`; no media type where the client wants neither.

    `*/*` means `application/json` (the specification's watershed): only clients that name the
    newer type understand its statuses.
    """
    if not accept:
        return Readable(JSON, takes_events=False)
    weights = dict(weighted(accept))
    anything = weights.get("application/*", weights.get("*/*", 0.0))
    json = weights.get(JSON, anything)
    graphql = weights.get(GRAPHQL, 0.0 if json else anything)
    better = GRAPHQL if graphql >= json else JSON
    return Readable(
        better if json or graphql else None,
        takes_events=weights.get("text/event-stream", 0.0) > 0,
    )


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0

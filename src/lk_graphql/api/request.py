"""Reading of GraphQL requests over HTTP: parameters, media types and language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request

from lk_graphql.api.request_errors import BadRequest, BodyTooLarge, UnsupportedMediaType
from lk_graphql.kit.languages import Language

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


class AcceptedTypes(NamedTuple):
    """The preferred JSON type of a client, and whether it accepts event streams."""

    media_type: str | None
    accepts_events: bool


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


def accepted_types(accept: str) -> AcceptedTypes:
    """Negotiate the response type by `Accept`; the media type is None if neither is accepted.

    `*/*` means `application/json`: only clients that name the newer type understand its statuses.
    """
    if not accept:
        return AcceptedTypes(JSON, accepts_events=False)
    weights = dict(weighted(accept))
    wildcard = weights.get("application/*", weights.get("*/*", 0.0))
    json = weights.get(JSON, wildcard)
    graphql = weights.get(GRAPHQL, 0.0 if json else wildcard)
    preferred = GRAPHQL if graphql >= json else JSON
    return AcceptedTypes(
        preferred if json or graphql else None,
        accepts_events=weights.get("text/event-stream", 0.0) > 0,
    )


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


# "u0000" after an escaped backslash is plain text.
_NUL_IN_DOCUMENT = re.compile(r"\0|(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")


class GraphQLRequest(NamedTuple):
    """The parameters of one GraphQL request."""

    query: str
    variables: Mapping[str, object]
    operation_name: str | None
    digest: str | None = None
    """The SHA-256 of a persisted document, with which `query` may be empty."""


def require_json(headers: Headers) -> None:
    """Raises `UnsupportedMediaType` for a body that isn't uncompressed JSON."""
    encoding = headers.get("content-encoding", "identity")
    if not is_json(headers.get("content-type", "")) or encoding != "identity":
        raise UnsupportedMediaType


async def read_body(request: Request, limit: int) -> bytes:
    """Read a body. Raises `BodyTooLarge` and Starlette's ClientDisconnect."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(limit)
    return bytes(body)


def from_json(body: bytes) -> GraphQLRequest:
    """Read the parameters of a POST. Raises `BadRequest`."""
    try:
        parameters: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest("Тело запроса — не JSON.", "The body is not JSON.") from None
    if not isinstance(parameters, dict):
        raise BadRequest("Тело запроса — не объект JSON.", "The body is not a JSON object.")
    request = _request_from(cast("dict[str, object]", parameters))
    if b"\\u" in body:
        _reject_nul(request)
    return request


def from_parameters(parameters: dict[str, object]) -> GraphQLRequest:
    """Read decoded parameters. Raises `BadRequest`."""
    request = _request_from(parameters)
    _reject_nul(request)
    return request


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Read the parameters of a GET; variables and extensions are JSON. Raises `BadRequest`.

    Starlette's `query_params` would replace invalid UTF-8 and accept any number of fields.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=10,
        )
        parameters: dict[str, object] = dict(pairs)
        for name in ("variables", "extensions"):
            if parameters.get(name):
                parameters[name] = orjson.loads(str(parameters[name]))
            else:
                parameters.pop(name, None)
    except ValueError:
        raise BadRequest(
            "Параметры в адресе не читаются.", "The parameters in the URL can't be read."
        ) from None
    return from_parameters(parameters)


def _request_from(parameters: dict[str, object]) -> GraphQLRequest:
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    digest = _digest(extensions) if extensions else None
    if digest and query is None:
        query = ""
    if not isinstance(query, str):
        raise _type_error("query", "string", "строкой")
    if not (name is None or isinstance(name, str)):
        raise _type_error("operationName", "string", "строкой")
    if not (variables is None or isinstance(variables, dict)):
        raise _type_error("variables", "object", "объектом")
    if not (extensions is None or isinstance(extensions, dict)):
        raise _type_error("extensions", "object", "объектом")
    return GraphQLRequest(query, cast("dict[str, object]", variables or {}), name or None, digest)


def _digest(extensions: object) -> str | None:
    """The document's hash in Apollo's `persistedQuery` extension. Raises `BadRequest`."""
    if not isinstance(extensions, dict):
        return None
    persisted_query = cast("dict[str, object]", extensions).get("persistedQuery")
    if persisted_query is None:
        return None
    match persisted_query:
        case {"version": 1, "sha256Hash": str(digest)} if digest:
            return digest
        case _:
            raise BadRequest(
                "`persistedQuery` — не version 1 с sha256Hash.",
                "`persistedQuery` is not of version 1 with a sha256Hash.",
            )


def _type_error(name: str, kind: str, kind_ru: str) -> BadRequest:
    article = "an" if kind == "object" else "a"
    return BadRequest(f"`{name}` должно быть {kind_ru}.", f"`{name}` must be {article} {kind}.")


def _reject_nul(request: GraphQLRequest) -> None:
    """Reject U+0000, which PostgreSQL's text can't hold. Raises `BadRequest`."""
    texts = [request.operation_name or "", *texts_in(request.variables)]
    if any("\0" in text for text in texts) or _NUL_IN_DOCUMENT.search(request.query):
        raise BadRequest("Символ U+0000 не принимается.", "The character U+0000 is not accepted.")


def texts_in(value: Any) -> Iterator[str]:
    """All strings inside a JSON value, keys included; iterative, as nesting may be deep."""
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending.extend(cast("dict[str, object]", item).items())
        elif isinstance(item, list | tuple):
            pending.extend(cast("list[object]", item))


_LANGUAGES = {language.code: language for language in Language}


def preferred_language(accept_language: str) -> Language:
    """Russian, unless `Accept-Language` (RFC 9110, 12.5.4) prefers English."""
    weights = {Language.RU: 0.0, Language.EN: 0.0}
    for tag, weight in weighted(accept_language):
        language = _LANGUAGES.get(tag.partition("-")[0])
        if language is not None:
            weights[language] = max(weights[language], weight)
    return Language.EN if weights[Language.EN] > weights[Language.RU] else Language.RU

"""Reading a GraphQL request from HTTP: body, media types, language."""

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


def accepted_types(accept: str) -> AcceptedTypes:
    """Choose by this `Accept`; no media type where the client wants neither.

    `*/*` means `application/json` (the specification's watershed): only clients that name the
    newer type understand its statuses.
    """
    if not accept:
        return AcceptedTypes(JSON, takes_events=False)
    weights = dict(weighted(accept))
    anything = weights.get("application/*", weights.get("*/*", 0.0))
    json = weights.get(JSON, anything)
    graphql = weights.get(GRAPHQL, 0.0 if json else anything)
    better = GRAPHQL if graphql >= json else JSON
    return AcceptedTypes(
        better if json or graphql else None,
        takes_events=weights.get("text/event-stream", 0.0) > 0,
    )


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


# An escaped backslash before "u0000" makes it plain text.
_NUL_IN_DOCUMENT = re.compile(r"\0|(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")


class GraphQLRequest(NamedTuple):
    """The parameters of one GraphQL request."""

    query: str
    variables: Mapping[str, object]
    operation_name: str | None
    digest: str | None = None
    """The SHA-256 of a persisted document; then `query` may be empty."""


def require_json(headers: Headers) -> None:
    """Raises `UnsupportedMediaType` for a body that isn't plain JSON."""
    encoding = headers.get("content-encoding", "identity")
    if not is_json(headers.get("content-type", "")) or encoding != "identity":
        raise UnsupportedMediaType


async def read_body(request: Request, limit: int) -> bytes:
    """Read all of a body. Raises `BodyTooLarge`, and Starlette's ClientDisconnect."""
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
    asked = _request_from(cast("dict[str, object]", parameters))
    if b"\\u" in body:
        _reject_nul(asked)
    return asked


def from_parameters(parameters: dict[str, object]) -> GraphQLRequest:
    """Read parameters that came decoded. Raises `BadRequest`."""
    asked = _request_from(parameters)
    _reject_nul(asked)
    return asked


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Read the parameters of a GET; variables and extensions come as JSON. Raises `BadRequest`.

    Starlette's `query_params` replace what isn't UTF-8, and take any number of fields.
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
        raise _wrong("query", "string", "строкой")
    if not (name is None or isinstance(name, str)):
        raise _wrong("operationName", "string", "строкой")
    if not (variables is None or isinstance(variables, dict)):
        raise _wrong("variables", "object", "объектом")
    if not (extensions is None or isinstance(extensions, dict)):
        raise _wrong("extensions", "object", "объектом")
    return GraphQLRequest(query, cast("dict[str, object]", variables or {}), name or None, digest)


def _digest(extensions: object) -> str | None:
    """What Apollo's clients name a document by. Raises `BadRequest`."""
    if not isinstance(extensions, dict):
        return None
    named = cast("dict[str, object]", extensions).get("persistedQuery")
    if named is None:
        return None
    match named:
        case {"version": 1, "sha256Hash": str(digest)} if digest:
            return digest
        case _:
            raise BadRequest(
                "`persistedQuery` — не version 1 с sha256Hash.",
                "`persistedQuery` is not of version 1 with a sha256Hash.",
            )


def _wrong(name: str, kind: str, kind_ru: str) -> BadRequest:
    article = "an" if kind == "object" else "a"
    return BadRequest(f"`{name}` должно быть {kind_ru}.", f"`{name}` must be {article} {kind}.")


def _reject_nul(asked: GraphQLRequest) -> None:
    """PostgreSQL's text can't hold U+0000, so it has no use but to make something fail."""
    texts = [asked.operation_name or "", *texts_in(asked.variables)]
    if any("\0" in text for text in texts) or _NUL_IN_DOCUMENT.search(asked.query):
        raise BadRequest("Символ U+0000 не принимается.", "The character U+0000 is not accepted.")


def texts_in(value: Any) -> Iterator[str]:
    """All strings inside a JSON value, keys too; without recursion, for it may lie deep."""
    waiting: list[Any] = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting.extend(cast("dict[str, object]", found).items())
        elif isinstance(found, list | tuple):
            waiting.extend(cast("list[object]", found))


_LANGUAGES = {language.code: language for language in Language}


def preferred_language(accept_language: str) -> Language:
    """Russian, unless `Accept-Language` (RFC 9110, 12.5.4) puts English before it."""
    weights = {Language.RU: 0.0, Language.EN: 0.0}
    for tag, weight in weighted(accept_language):
        language = _LANGUAGES.get(tag.partition("-")[0])
        if language is not None:
            weights[language] = max(weights[language], weight)
    return Language.EN if weights[Language.EN] > weights[Language.RU] else Language.RU

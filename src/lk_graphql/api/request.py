"""Reading a GraphQL request: body, media types, language, session token."""

import asyncio
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import Receive, Scope

from lk_graphql.api.request_errors import (
    BadRequest,
    BodyTooLarge,
    RequestTimeout,
    TooComplex,
    UnsupportedMediaType,
)
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Client

BYTE_ORDER_MARK = "\ufeff"
"""Editors and .NET write it before JSON; parsers may ignore it (RFC 8259, 8.1)."""
GRAPHQL_PATH = "/graphql"
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"

RequestHeaders = Mapping[str, str]
"""The headers of a request by their lower-case names."""
MAX_VALUES = 2000
"""The maximum number of values in a request's variables, which take time to coerce."""
HEADER_CACHE_SIZE = 128
"""The cache size for parsed headers, whose values clients repeat in each request."""


def read_headers(scope: Scope) -> dict[str, str]:
    """Read the headers; the lines of one name are joined (RFC 9110, 5.3; for cookies, RFC 9113).

    A header that must occur only once, such as `Authorization`, thus becomes invalid if repeated.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers:
            separator = "; " if name == "cookie" else ", "
            value = headers[name] + separator + value
        headers[name] = value
    return headers


class AcceptedTypes(NamedTuple):
    """The preferred JSON type of a client, and whether it accepts event streams."""

    media_type: str | None
    accepts_events: bool


def parse_weighted_items(header: str) -> Iterator[tuple[str, float]]:
    """The items of an `Accept…` header in lower case, each with its weight (RFC 9110, 12.4.2).

    The weight is 1 without a `q`, and 0 if `q` isn't a number.
    """
    for item in header.lower().split(","):
        value, *parameters = item.split(";")
        yield value.strip(), min(map(_weight, parameters), default=1.0)


@lru_cache(HEADER_CACHE_SIZE)
def is_json(content_type: str) -> bool:
    """Whether a body is `application/json` in UTF-8, declared or by default."""
    media_type, *parameters = content_type.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            return False
    return media_type.strip() == JSON


@lru_cache(HEADER_CACHE_SIZE)
def accepted_types(accept: str) -> AcceptedTypes:
    """Negotiate the response type by `Accept`; the media type is None if neither is accepted.

    `*/*` means `application/json`, because only a client that names the newer type expects the
    newer type's statuses.
    """
    if not accept:
        return AcceptedTypes(JSON, accepts_events=False)
    weights = dict(parse_weighted_items(accept))
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
    """The SHA-256 of a persisted document; `query` may then be empty."""
    value_count: int = 0
    """The number of values in the variables."""


def require_json(headers: RequestHeaders) -> None:
    """Raises `UnsupportedMediaType` for a body that isn't uncompressed JSON."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if not is_json(headers.get("content-type", "")) or encoding not in {"", "identity"}:
        raise UnsupportedMediaType


def declared_length(headers: RequestHeaders) -> int | None:
    """The length that a request declares: 0 without a body, None for a chunked body."""
    if "transfer-encoding" in headers:
        return None
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else None


@dataclass(frozen=True)
class BodyLimits:
    """The largest size of a body, and the longest time for its arrival."""

    most_bytes: int
    seconds: float


async def read_body(headers: RequestHeaders, receive: Receive, limits: BodyLimits) -> bytes:
    """Read a body within the limits.

    Raises `BodyTooLarge` (before a byte is read, if the request declares more), `RequestTimeout`
    and Starlette's ClientDisconnect.
    """
    if (declared_length(headers) or 0) > limits.most_bytes:
        raise BodyTooLarge(limits.most_bytes)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _all_parts(receive, limits.most_bytes)
    except TimeoutError:
        raise RequestTimeout from None


async def _all_parts(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    is_complete = False
    while not is_complete:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise BodyTooLarge(limit)
        is_complete = not message.get("more_body", False)
    return bytes(body)


def from_json(body: bytes) -> GraphQLRequest:
    """Read the parameters of a POST. Raises `BadRequest`."""
    try:
        parameters: object = orjson.loads(body.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        raise BadRequest("Тело запроса — не JSON.", "The body is not JSON.") from None
    if isinstance(parameters, list):
        raise BadRequest(
            "Пакеты запросов не принимаются: отправляйте по одной операции.",
            "Batches are not accepted: send one operation a request.",
        )
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
                parameters[name] = orjson.loads(str(parameters[name]).removeprefix(BYTE_ORDER_MARK))
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
    if not (extensions is None or isinstance(extensions, dict)):
        raise _type_error("extensions", "object", "объектом")
    digest = _digest(cast("dict[str, object]", extensions)) if extensions else None
    if query is None and digest:
        query = ""
    if query is None:
        raise BadRequest(
            "Нет `query`. Документ без текста называют в `extensions.persistedQuery`.",
            "There is no `query`. A document without its text is named in"
            " `extensions.persistedQuery`.",
        )
    if not isinstance(query, str):
        raise _type_error("query", "string", "строкой")
    if not (name is None or isinstance(name, str)):
        raise _type_error("operationName", "string", "строкой")
    if not (variables is None or isinstance(variables, dict)):
        raise _type_error("variables", "object", "объектом")
    values = cast("dict[str, object]", variables or {})
    count = _count_values(values) if values else 0
    return GraphQLRequest(query, values, name or None, digest, count)


def _count_values(variables: dict[str, object]) -> int:
    """The number of values, including those in lists and objects. Raises `TooComplex`."""
    pending: list[Any] = [*variables.values()]
    for item in pending:
        if isinstance(item, dict | list):
            inner = cast("dict[str, object] | list[object]", item)
            pending.extend(inner.values() if isinstance(inner, dict) else inner)
        if len(pending) > MAX_VALUES:
            raise TooComplex(
                f"Слишком много значений в переменных: больше {MAX_VALUES}.",
                f"The variables have too many values: above {MAX_VALUES}.",
            )
    return len(pending)


def _digest(extensions: dict[str, object]) -> str | None:
    """The document's hash in Apollo's `persistedQuery` extension. Raises `BadRequest`.

    Some libraries, such as .NET's, write hexadecimal digits in upper case.
    """
    persisted_query = extensions.get("persistedQuery")
    if persisted_query is None:
        return None
    match persisted_query:
        case {"version": 1, "sha256Hash": str(digest)} if digest:
            return digest.lower()
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
    """All strings in a JSON value, including keys; iterative, because nesting may be deep."""
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


@lru_cache(HEADER_CACHE_SIZE)
def preferred_language(accept_language: str) -> Language:
    """Russian, unless `Accept-Language` (RFC 9110, 12.5.4) prefers English."""
    weights = {Language.RU: 0.0, Language.EN: 0.0}
    for tag, weight in parse_weighted_items(accept_language):
        language = _LANGUAGES.get(tag.partition("-")[0])
        if language is not None:
            weights[language] = max(weights[language], weight)
    return Language.EN if weights[Language.EN] > weights[Language.RU] else Language.RU


def client_of(headers: RequestHeaders, address: str) -> Client:
    language = preferred_language(headers.get("accept-language", ""))
    return Client(address, headers.get("user-agent", ""), language)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RequestCredentials(NamedTuple):
    """A session token, empty for a guest; if it is from a cookie, the origin must be checked."""

    token: str
    by_cookie: bool

    @property
    def token_hash(self) -> bytes:
        return sha256(self.token.encode("latin-1")).digest()


_GUEST = RequestCredentials("", by_cookie=False)


@dataclass(frozen=True)
class SessionCookie:
    """The name and the attributes of the session cookie.

    Browsers accept the prefix `__Host-` only over https, with `Path=/` and without a domain. The
    demo uses http on loopback, with `secure` off and a name without the prefix.
    """

    secure: bool = True
    is_for_staff: bool = False
    """Staff sessions have a cookie of their own, so one browser may hold both sessions."""

    @cached_property
    def name(self) -> str:
        name = "lk_staff" if self.is_for_staff else "lk_session"
        return f"__Host-{name}" if self.secure else name

    @cached_property
    def for_staff(self) -> "SessionCookie":
        return SessionCookie(self.secure, is_for_staff=True)

    def set(self, token: str, expires: datetime) -> str:
        """A `Set-Cookie` value; `expires` is an aware datetime."""
        secure = "; Secure" if self.secure else ""
        same_site = "Strict" if self.is_for_staff else "Lax"
        until = format_datetime(expires.astimezone(UTC), usegmt=True)
        return (
            f"{self.name}={token}; Path=/; Expires={until}; HttpOnly; SameSite={same_site}{secure}"
        )

    def clear(self) -> str:
        return self.set("", _EPOCH)

    def all_tokens(self, headers: RequestHeaders) -> list[str]:
        """The tokens of all sessions that a request carries."""
        cookies = cookie_parser(headers.get("cookie", ""))
        in_cookies = (cookies.get(name, "") for name in (self.for_staff.name, self.name))
        return [token for token in (_bearer(headers), *in_cookies) if token]

    def own_credentials(self, headers: RequestHeaders) -> RequestCredentials:
        """The token of `Authorization`, otherwise of this cookie; the other cookie is ignored."""
        bearer = _bearer(headers)
        if bearer is not None:
            return RequestCredentials(bearer, by_cookie=False)
        cookies = cookie_parser(headers.get("cookie", ""))
        return RequestCredentials(cookies.get(self.name, ""), by_cookie=True)

    def read(self, headers: RequestHeaders) -> RequestCredentials:
        """The credentials of a request: `Authorization`, or the staff cookie, or this cookie.

        A request has exactly one principal.
        """
        bearer = _bearer(headers)
        if bearer is not None:
            return RequestCredentials(bearer, by_cookie=False)
        _, token = self._sent(headers)
        return RequestCredentials(token, by_cookie=True) if token else _GUEST

    def sent_by(self, headers: RequestHeaders) -> "SessionCookie | None":
        """The cookie with the credentials of a request; None for `Authorization` and guests."""
        return self._sent(headers)[0] if _bearer(headers) is None else None

    def _sent(self, headers: RequestHeaders) -> "tuple[SessionCookie | None, str]":
        """The staff cookie or else this one, and its token."""
        cookies = cookie_parser(headers.get("cookie", ""))
        tokens = ((cookie, cookies.get(cookie.name, "")) for cookie in (self.for_staff, self))
        return next((sent for sent in tokens if sent[1]), (None, ""))


def _bearer(headers: RequestHeaders) -> str | None:
    """The token in `Authorization: Bearer …`; None for another scheme."""
    authorization = headers.get("authorization", "")
    return authorization[7:].strip() if authorization[:7].lower() == "bearer " else None

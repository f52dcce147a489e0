"""Errors of client programs, in both languages.

They are reported in GraphQL's top-level `errors`. Errors of customers are `Refusal`s instead.
"""

from collections.abc import Mapping
from enum import StrEnum

from graphql import GraphQLError

from lk_graphql.kit.languages import Language


class Code(StrEnum):
    """The closed set of `extensions.code`."""

    BAD_REQUEST = "BAD_REQUEST"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    RATE_LIMITED = "RATE_LIMITED"
    TOO_COMPLEX = "TOO_COMPLEX"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class RequestError(GraphQLError):
    """An error that prevents the execution; `status` is the HTTP status of the response.

    If `well_formed`, responses of type `application/json` have the status 200, because GraphQL over
    HTTP reserves the other statuses of that type for transport errors.
    """

    code = Code.BAD_REQUEST
    status = 400
    well_formed = False

    def __init__(
        self,
        ru: str,
        en: str,
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Take the texts of both languages; `details` are added to the error's `extensions`."""
        super().__init__(en)
        self.ru = ru
        self.headers = headers or {}
        self.details = details or {}

    def text(self, language: Language) -> str:
        return self.ru if language is Language.RU else self.message


class BadRequest(RequestError):
    """The HTTP request is not a valid GraphQL request."""


class MethodNotAllowed(RequestError):
    status = 405

    def __init__(self, allowed: str) -> None:
        super().__init__(
            f"Здесь нужен другой метод HTTP: {allowed}.",
            f"This takes another HTTP method: {allowed}.",
            {"allow": allowed},
        )


class NotAcceptable(RequestError):
    status = 406

    def __init__(self) -> None:
        super().__init__(
            "Ответ бывает application/json, application/graphql-response+json, text/event-stream.",
            "Answers are application/json, application/graphql-response+json, text/event-stream.",
        )


class RequestTimeout(RequestError):
    status = 408

    def __init__(self) -> None:
        super().__init__(
            "Тело запроса не пришло вовремя.",
            "The body did not arrive in time.",
            {"connection": "close"},
        )


class BodyTooLarge(RequestError):
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"Тело запроса больше {limit} байт.",
            f"The body is larger than {limit} bytes.",
            {"connection": "close"},
        )


class UnsupportedMediaType(RequestError):
    status = 415

    def __init__(self) -> None:
        super().__init__(
            "Тело запроса должно быть application/json в кодировке UTF-8, без сжатия.",
            "The body must be application/json in UTF-8, not compressed.",
        )


class CrossSiteRequest(RequestError):
    """A page of another site sent the session cookie, or a page of a foreign origin a request."""

    code = Code.FORBIDDEN
    status = 403

    def __init__(self, origin: str | None = None) -> None:
        page = f" ({origin[:100]})" if origin else ""
        super().__init__(
            f"Запросы с чужих сайтов{page} с cookie не принимаются. Если это ваш кабинет на том же"
            " сайте, добавьте его адрес в LK_CORS_ORIGINS, а прокси разработки пусть сохраняет"
            " Host (Vite: без changeOrigin).",
            f"Requests of other sites{page} are not accepted with a cookie. If this is your"
            " frontend on the same site, add its origin to LK_CORS_ORIGINS; a development proxy"
            " should keep Host (Vite: without changeOrigin).",
        )


class CookieWouldBeLost(RequestError):
    """A page of another site requests a session cookie, which its browser would not store."""

    code = Code.FORBIDDEN
    status = 403

    def __init__(self, origin: str, host: str) -> None:
        super().__init__(
            f"Страница {origin[:100]} и API ({host[:100]}) — разные сайты: браузер не сохранит"
            " cookie сеанса. Откройте страницу по тому же имени хоста (localhost и 127.0.0.1 —"
            " разные), передавайте запросы через её прокси или войдите с delivery: BEARER.",
            f"The page {origin[:100]} and the API ({host[:100]}) are different sites: the browser"
            " would not keep the session's cookie. Open the page by the same host name (localhost"
            " and 127.0.0.1 differ), send requests through its proxy, or use delivery: BEARER.",
        )


class TooComplex(RequestError):
    code = Code.TOO_COMPLEX
    well_formed = True


class NotSubscribable(BadRequest):
    well_formed = True

    def __init__(self) -> None:
        super().__init__(
            "Подписки идут по WebSocket (graphql-transport-ws) или с Accept: text/event-stream.",
            "Subscribe over WebSocket (graphql-transport-ws) or with Accept: text/event-stream.",
        )


class UnknownProtocol(RequestError):
    """The WebSocket's subprotocol is not supported."""

    def __init__(self) -> None:
        super().__init__(
            "WebSocket работает только по протоколу graphql-transport-ws.",
            "The only WebSocket subprotocol here is graphql-transport-ws.",
        )


class TooManyConnections(RequestError):
    """The limit of connections, or of subscriptions per connection, is reached."""

    code = Code.RATE_LIMITED
    status = 429

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"Слишком много одновременных подключений или подписок: больше {limit}.",
            f"Too many connections or subscriptions at a time: above {limit}.",
            {"retry-after": "60"},
        )


class PersistedQueryNotFound(RequestError):
    """Part of Apollo's protocol for automatic persisted queries, which prescribes the message.

    urql and Apollo's mobile clients compare the message, and then send the text. The iOS client
    does so only after a status 2xx.
    """

    code = Code.PERSISTED_QUERY_NOT_FOUND
    status = 200
    well_formed = True

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound", "PersistedQueryNotFound")


class DocumentDigestMismatch(BadRequest):
    """The hash is malformed, or isn't the hash of the document's text."""

    well_formed = True

    def __init__(self) -> None:
        super().__init__(
            "`sha256Hash` — не SHA-256 этого запроса.",
            "`sha256Hash` is not this query's SHA-256.",
        )


class NotTrustedDocument(RequestError):
    """The document is not in the manifest of trusted documents."""

    code = Code.FORBIDDEN
    status = 403
    well_formed = True

    def __init__(self) -> None:
        super().__init__(
            "Здесь отвечают только на запросы из списка доверенных.",
            "Only trusted documents are answered here.",
        )


class RateLimited(RequestError):
    code = Code.RATE_LIMITED
    status = 429
    well_formed = True

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"Слишком много запросов; повторите через {retry_after} с.",
            f"Too many requests; try again in {retry_after} s.",
            {"retry-after": str(retry_after)},
            {"retryAfter": retry_after},
        )

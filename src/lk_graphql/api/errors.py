"""Top-level errors as clients see them: their own by name, ours masked under a log's id."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from lk_graphql.api.access_log import log_internal
from lk_graphql.api.request_errors import Code, RequestError
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import BadArgument, Forbidden, NotSignedIn, Refusal, Refusals
from lk_graphql.kit.languages import Language
from lk_graphql.planner.documents import InvalidDocument

MAX_ERRORS = 5
FormattedErrors = list[dict[str, Any]]

_TOO_MANY_TOKENS = "tokens. Parsing aborted"  # graphql-core has no type for it
_TEXTS = {
    Code.UNAUTHENTICATED: ("Войдите в личный кабинет.", "Sign in first."),
    Code.FORBIDDEN: ("Это вам недоступно.", "You may not do this."),
    Code.INTERNAL: (
        "На нашей стороне что-то сломалось. Назовите поддержке номер {id}.",
        "Something broke on our side. Tell support the number {id}.",
    ),
}


def format_request_errors(
    errors: Iterable[GraphQLError], exchange: RequestState
) -> FormattedErrors:
    """Why the operation wasn't run: nothing of ours can have broken yet."""
    language = exchange.client.language
    return _first(errors, exchange, lambda error: _of_client(error, error, language))


def format_execution_errors(
    errors: Iterable[GraphQLError], exchange: RequestState
) -> FormattedErrors:
    """What went wrong while it ran: what is neither a refusal nor a fault is ours."""
    return _first(errors, exchange, lambda error: _while_running(error, exchange))


def format_exception(cause: Exception, exchange: RequestState) -> FormattedErrors:
    """Why an operation has no answer, whatever was raised."""
    match cause:
        case RequestError():
            return format_request_errors([cause], exchange)
        case InvalidDocument():
            return format_request_errors(cause.errors, exchange)
        case _:
            return format_execution_errors([GraphQLError("", original_error=cause)], exchange)


def _first(
    errors: Iterable[GraphQLError],
    exchange: RequestState,
    tell: Callable[[GraphQLError], dict[str, Any]],
) -> FormattedErrors:
    """Five of them. The exchange's outcome becomes the gravest of their codes."""
    told = [tell(error) for error in islice(errors, MAX_ERRORS)]
    codes: set[Code] = {error["extensions"]["code"] for error in told}
    exchange.outcome = max(codes, key=list(Code).index)
    return told


def _while_running(error: GraphQLError, exchange: RequestState) -> dict[str, Any]:
    cause = error.original_error or error
    if isinstance(cause, GraphQLError | NotSignedIn | Forbidden | Refusal | Refusals | BadArgument):
        return _of_client(error, cause, exchange.client.language)
    return _masked(error, cause, exchange)


def _of_client(error: GraphQLError, cause: Exception, language: Language) -> dict[str, Any]:
    code, text = Code.BAD_REQUEST, error.message
    match cause:
        case RequestError():
            code, text = cause.code, cause.text(language)
        case NotSignedIn():
            code, text = Code.UNAUTHENTICATED, _text(Code.UNAUTHENTICATED, language)
        case Forbidden():
            code, text = Code.FORBIDDEN, _text(Code.FORBIDDEN, language)
        case Refusal():
            text = cause.text(language)
        case GraphQLSyntaxError() if _TOO_MANY_TOKENS in cause.message:
            code = Code.TOO_COMPLEX
        case _:
            pass
    return _formatted(error, code, text)


def _masked(error: GraphQLError, cause: Exception, exchange: RequestState) -> dict[str, Any]:
    log_id = log_internal(cause, exchange)
    text = _text(Code.INTERNAL, exchange.client.language).format(id=log_id)
    masked = _formatted(error, Code.INTERNAL, text)
    masked["extensions"]["logId"] = log_id
    return masked


def _formatted(error: GraphQLError, code: Code, message: str) -> dict[str, Any]:
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path:
        formatted["path"] = error.path
    return {**formatted, "extensions": {"code": code}}


def _text(code: Code, language: Language) -> str:
    ru, en = _TEXTS[code]
    return ru if language is Language.RU else en

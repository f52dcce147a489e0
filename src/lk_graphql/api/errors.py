"""GraphQL's top-level errors in a response; internal ones are masked and carry a log id."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError

from lk_graphql.api.access_log import log_internal
from lk_graphql.api.request_errors import Code, RequestError
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import (
    BadArgument,
    Forbidden,
    NotSignedIn,
    Refusal,
    Refusals,
    Unavailable,
)
from lk_graphql.kit.languages import Language
from lk_graphql.planner.documents import InvalidDocument

MAX_ERRORS = 5
FormattedErrors = list[dict[str, Any]]

_TOO_MANY_TOKENS = "tokens. Parsing aborted"  # graphql-core has no exception type for it
_TEXTS = {
    Code.UNAUTHENTICATED: ("Войдите в личный кабинет.", "Sign in first."),
    Code.FORBIDDEN: ("У вас нет прав на это действие.", "You don't have permission for this."),
    Code.UNAVAILABLE: (
        "Сервис временно недоступен. Повторите через несколько секунд.",
        "The service is temporarily unavailable. Try again in a few seconds.",
    ),
    Code.INTERNAL: (
        "Произошла ошибка на нашей стороне. Сообщите поддержке её номер: {id}.",
        "An error occurred on our side. Give support its number: {id}.",
    ),
}


@cache
def unavailable_text(language: Language) -> str:
    return _text(Code.UNAVAILABLE, language)


@cache
def unavailable_body(language: Language) -> bytes:
    """The response body for a request that was refused before it was read."""
    error = {"message": unavailable_text(language), "extensions": {"code": Code.UNAVAILABLE}}
    return orjson.dumps({"errors": [error]})


def format_request_errors(errors: Iterable[GraphQLError], state: RequestState) -> FormattedErrors:
    """Format the errors of an operation that was not executed."""
    language = state.client.language
    return _format(errors, state, lambda error: _format_client_error(error, error, language))


def format_execution_errors(errors: Iterable[GraphQLError], state: RequestState) -> FormattedErrors:
    """Format the errors of an execution; unexpected exceptions are masked and logged."""
    return _format(errors, state, lambda error: _format_execution_error(error, state))


def format_exception(cause: Exception, state: RequestState) -> FormattedErrors:
    """Format the exception of an operation without a result."""
    match cause:
        case RequestError():
            return format_request_errors([cause], state)
        case InvalidDocument():
            return format_request_errors(cause.errors, state)
        case _:
            return format_execution_errors([GraphQLError("", original_error=cause)], state)


def _format(
    errors: Iterable[GraphQLError],
    state: RequestState,
    format_error: Callable[[GraphQLError], dict[str, Any]],
) -> FormattedErrors:
    """Format up to `MAX_ERRORS` errors, and set the request's outcome to the most severe code."""
    formatted = [format_error(error) for error in islice(errors, MAX_ERRORS)]
    codes: set[Code] = {error["extensions"]["code"] for error in formatted}
    state.outcome = max(codes, key=list(Code).index)
    return formatted


def _format_execution_error(error: GraphQLError, state: RequestState) -> dict[str, Any]:
    cause = error.original_error or error
    if isinstance(cause, Unavailable):
        state.unavailable = cause
        text = _text(Code.UNAVAILABLE, state.client.language)
        return _formatted(error, Code.UNAVAILABLE, text)
    if isinstance(cause, GraphQLError | NotSignedIn | Forbidden | Refusal | Refusals | BadArgument):
        return _format_client_error(error, cause, state.client.language)
    return _masked(error, cause, state)


def _format_client_error(
    error: GraphQLError, cause: Exception, language: Language
) -> dict[str, Any]:
    code, text = Code.BAD_REQUEST, error.message
    match cause:
        case RequestError():
            formatted = _formatted(error, cause.code, cause.text(language))
            formatted["extensions"] |= cause.details
            return formatted
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


def _masked(error: GraphQLError, cause: Exception, state: RequestState) -> dict[str, Any]:
    log_id = log_internal(cause, state)
    text = _text(Code.INTERNAL, state.client.language).format(id=log_id)
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

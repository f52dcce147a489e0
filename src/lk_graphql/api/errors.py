"""Top-level errors as clients see them: their own by name, ours masked under a log id."""

import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

import structlog
from graphql import GraphQLError

from lk_graphql.api.faults import Code, Fault
from lk_graphql.kit.errors import BadArgument, Forbidden, NotSignedIn
from lk_graphql.kit.languages import Language

MOST = 5
log = structlog.stdlib.get_logger("lk_graphql.api")

_NOT_SIGNED_IN = "Войдите в личный кабинет.", "Sign in first."
_FORBIDDEN = "Это действие вам недоступно.", "You may not do this."
_INTERNAL = (
    "На нашей стороне что-то сломалось. Назовите поддержке номер {id}.",
    "Something broke on our side. Tell support the number {id}.",
)


class Told(NamedTuple):
    """What an exception is for the client: a code, a text, and the log's id for what is ours."""

    code: Code
    text: str | None = None
    log_id: str | None = None


def to_wire(errors: Iterable[GraphQLError], language: Language) -> list[dict[str, Any]]:
    """The first five, as GraphQL's specification writes errors."""
    return [_formatted(error, language) for error, _ in zip(errors, range(MOST), strict=False)]


def internal(cause: BaseException, language: Language) -> dict[str, Any]:
    """An error that stopped the whole operation; logged with its traceback."""
    return _formatted(GraphQLError("", original_error=_as_exception(cause)), language)

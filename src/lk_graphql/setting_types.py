"""Types of settings: their form, and the sentences about a wrong one."""

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from lk_graphql.kit import emails
from lk_graphql.kit.origins import InvalidOrigin, parse_origin

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _starting_with(*prefixes: str) -> Callable[[SecretStr], SecretStr]:
    def check(value: SecretStr) -> SecretStr:
        if value and not value.get_secret_value().startswith(prefixes):
            raise ValueError(f"must begin with {' or '.join(prefixes)}")
        return value

    return check


def _check_length(value: SecretStr) -> SecretStr:
    if 0 < len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value


def _origin(value: str) -> str:
    url = urlsplit(value.rstrip("/"))
    if value and (url.scheme not in {"http", "https"} or not url.hostname or url.path):
        raise ValueError("must be like https://lk.example.com, without a path")
    return value.rstrip("/")


def _page_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(parse_origin, values))
    except InvalidOrigin as error:
        raise ValueError(
            f"{error} must be like https://app.example.com, without a path; only localhost,"
            " 127.0.0.1 and [::1] may have any port, as in http://localhost:*"
        ) from None


def _address(value: str) -> str:
    url = urlsplit(value)
    if url.hostname not in LOOPBACK and url.scheme != "https":
        raise ValueError("must be https:// unless it is on this machine")
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    try:
        return emails.parse(value) if value else ""
    except emails.NotAnEmail:
        raise ValueError("must be an e-mail address such as lk@example.com") from None


def _compiles(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from None
    return value


def _split(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


SmtpUrl = Annotated[SecretStr, AfterValidator(_starting_with("smtp://", "smtps://"))]
FilesUrl = Annotated[SecretStr, AfterValidator(_starting_with("file:///", "s3://", "s3+http://"))]
SecretKey = Annotated[SecretStr, AfterValidator(_check_length)]
Origin = Annotated[str, AfterValidator(_origin)]
ServiceUrl = Annotated[str, AfterValidator(_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Pattern = Annotated[str, AfterValidator(_compiles)]
CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
PageOrigins = Annotated[CommaSeparated, AfterValidator(_page_origins)]

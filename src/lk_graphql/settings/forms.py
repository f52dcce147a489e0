"""Forms of settings: what a value must be like, said when it is read."""

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _beginning(*starts: str) -> Callable[[SecretStr], SecretStr]:
    def check(value: SecretStr) -> SecretStr:
        if value and not value.get_secret_value().startswith(starts):
            raise ValueError(f"must begin with {' or '.join(starts)}")
        return value

    return check


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value


def _origin(value: str) -> str:
    url = urlsplit(value.rstrip("/"))
    if value and (url.scheme not in {"http", "https"} or not url.hostname or url.path):
        raise ValueError("must be like https://lk.example.com, without a path")
    return value.rstrip("/")


def _address(value: str) -> str:
    url = urlsplit(value)
    if url.hostname not in LOOPBACK and url.scheme != "https":
        raise ValueError("must be https:// unless it is on this machine")
    return value.rstrip("/")


def _compiles(value: str) -> str:
    try:
        re.compile(value)
    except re.error as wrong:
        raise ValueError(f"must be a regular expression: {wrong}") from None
    return value


def _split(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_beginning("postgresql://", "postgres://"))]
SmtpUrl = Annotated[SecretStr, AfterValidator(_beginning("smtp://", "smtps://"))]
FilesUrl = Annotated[SecretStr, AfterValidator(_beginning("file:///", "s3://", "s3+http://"))]
SecretKey = Annotated[SecretStr, AfterValidator(_long_enough)]
Origin = Annotated[str, AfterValidator(_origin)]
AcquirerUrl = Annotated[str, AfterValidator(_address)]
Pattern = Annotated[str, AfterValidator(_compiles)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]

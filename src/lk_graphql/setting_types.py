"""Types of settings: the valid values of a variable, and the error messages for other values."""

import os
import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lk_graphql.kit import database_url, emails
from lk_graphql.kit.addresses import parse_network
from lk_graphql.kit.origins import ANY_PORT, InvalidOrigin, parse_origin
from lk_graphql.kit.service_urls import split_service_url

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _starting_with(*prefixes: str) -> Callable[[SecretStr], SecretStr]:
    def check(value: SecretStr) -> SecretStr:
        if value and not value.get_secret_value().startswith(prefixes):
            raise ValueError(f"must begin with {' or '.join(prefixes)}")
        return value

    return check


def _is_readable(path: str) -> bool:
    return os.access(path, os.R_OK)


_VALKEY_OPTIONS: dict[str, Callable[[str], object]] = {
    "db": re.compile("[0-9]{1,5}").fullmatch,
    "ssl_ca_certs": _is_readable,
    "ssl_certfile": _is_readable,
    "ssl_keyfile": _is_readable,
    "ssl_cert_reqs": re.compile("none|optional|required").fullmatch,
    "ssl_check_hostname": re.compile("(?i)true|false|yes|no|1|0").fullmatch,
}
"""The options of the Valkey client that an address may set, each with its parser."""


def _valkey_url(value: SecretStr) -> SecretStr:
    address = split_service_url(value.get_secret_value())
    if address.scheme != "unix" and not re.fullmatch(r"(/[0-9]*)?", address.path):
        raise ValueError("has a database that isn't a number, as in valkey://host:6379/0")
    for name, option in parse_qsl(address.query, keep_blank_values=True):
        if name not in _VALKEY_OPTIONS:
            raise ValueError(f"may only have the options {', '.join(_VALKEY_OPTIONS)}")
        if not _VALKEY_OPTIONS[name](option):
            raise ValueError(f"has an invalid value of the option {name}")
        if name.startswith("ssl") and address.scheme not in {"valkeys", "rediss"}:
            raise ValueError(f"has the option {name} without TLS: begin with valkeys://")
    return value


def _check_length(value: SecretStr) -> SecretStr:
    if 0 < len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value


def _check_lengths(values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    return tuple(map(_check_length, values))


def _origin(value: str) -> str:
    """The origin as browsers send it; a name in Cyrillic is kept as typed, for mails."""
    typed = value.strip().rstrip("/")
    try:
        origin = parse_origin(typed) if typed else ""
    except InvalidOrigin:
        raise ValueError(_ORIGIN_FORM) from None
    if origin.endswith(ANY_PORT):
        raise ValueError(_ORIGIN_FORM)
    return origin if typed.isascii() else typed


_ORIGIN_FORM = "must look like https://lk.example.com, without a path"


def _page_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(parse_origin, values))
    except InvalidOrigin as error:
        raise ValueError(
            f"{error} must look like https://app.example.com, without a path; only localhost,"
            " 127.0.0.1 and [::1] may have any port, as in http://localhost:*"
        ) from None


def _address(value: str) -> str:
    url = split_service_url(value)
    is_url = url.scheme in {"http", "https"} and url.hostname
    if value and (not is_url or (url.hostname not in LOOPBACK and url.scheme != "https")):
        raise ValueError("must be https:// unless it is on this machine")
    return value.rstrip("/")


def _receipt_url(value: str) -> str:
    bare = re.sub(r"\{(storage|number|attribute)\}", "0", value)
    if value and (not split_service_url(bare).hostname or re.search(r"[{}\s]", bare)):
        raise ValueError("must look like https://ofd.example.com/{storage}/{number}/{attribute}")
    return value


def _proxies(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            parse_network(value)
        except ValueError:
            raise ValueError(_proxy_fault(value)) from None
    return values


def _proxy_fault(value: str) -> str:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return (
            f"{value} is neither an address nor a network such as 10.0.0.0/8; host names aren't"
            " resolved; separate several values by commas"
        )
    return f"{value} has bits set after its prefix: the network is {network}"


def _mail_address(value: str) -> str:
    try:
        return emails.parse(value) if value else ""
    except emails.InvalidEmail:
        raise ValueError("must be an e-mail address such as lk@example.com") from None


def _compiles(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from None
    return value


def _split(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class _LibpqVariables(BaseSettings):
    """The variables of libpq; asyncpg takes from them the values that an address omits."""

    model_config = SettingsConfigDict(env_prefix="PG", env_ignore_empty=True)

    host: str = ""
    sslmode: str = "prefer"


def _database_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value().strip()
    if not url:
        return value
    address = database_url.parse(url)
    for option, path in address.files.items():
        if not os.access(path, os.R_OK):  # asyncpg's own error doesn't name the file
            raise ValueError(f"has {option}={path}, which isn't a readable file")
    defaults = _LibpqVariables()
    if not address.may_be_remote(defaults.host):
        return SecretStr(url)
    if address.sslmode in {"allow", "prefer"}:
        raise ValueError(
            f"leads to another machine, and sslmode={address.sslmode} may send data in clear text:"
            " choose verify-full, verify-ca or require, or disable in a network of your own"
        )
    if address.sslmode or defaults.sslmode not in {"allow", "prefer"}:
        return SecretStr(url)
    if address.service:
        raise ValueError("has a service, so it also needs an sslmode, such as sslmode=verify-full")
    return SecretStr(f"{url}{'&' if '?' in url else '?'}sslmode=require")


def _split_addresses(value: Any) -> Any:
    """Split before each scheme only, because an address of several servers contains commas."""
    if not isinstance(value, str):
        return value
    return re.split(r"[,\s]+(?=postgres(?:ql)?://)", value.strip(", \t\n")) if value else ()


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
DatabaseUrls = Annotated[tuple[DatabaseUrl, ...], NoDecode, BeforeValidator(_split_addresses)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_starting_with("smtp://", "smtps://"))]
FilesUrl = Annotated[SecretStr, AfterValidator(_starting_with("file:///", "s3://", "s3+http://"))]
ValkeyUrl = Annotated[
    SecretStr,
    AfterValidator(_starting_with("valkey://", "valkeys://", "redis://", "rediss://", "unix://")),
    AfterValidator(_valkey_url),
]
SecretKey = Annotated[SecretStr, AfterValidator(_check_length)]
Origin = Annotated[str, AfterValidator(_origin)]
ServiceUrl = Annotated[str, AfterValidator(_address)]
ReceiptUrl = Annotated[str, AfterValidator(_receipt_url)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Pattern = Annotated[str, AfterValidator(_compiles)]
SecretKeys = Annotated[
    tuple[SecretStr, ...], NoDecode, BeforeValidator(_split), AfterValidator(_check_lengths)
]
CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
TrustedProxies = Annotated[CommaSeparated, AfterValidator(_proxies)]
PageOrigins = Annotated[CommaSeparated, AfterValidator(_page_origins)]

"""Addresses of PostgreSQL (`postgresql://user:password@host:port/name?option=value`), checked.

asyncpg parses them. It takes a `/` in a password for the end of the host, ignores an option that
contradicts the address, and quotes parts of the password in its errors. Therefore this module first
refuses addresses that asyncpg might misread. No message quotes a value that may be a secret.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import NamedTuple, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, unquote_plus, urlsplit

SCHEMES = ("postgresql", "postgres")
_PLACES = ("host", "port", "user", "password", "dbname", "database", "service")
_TLS = (
    *("sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)
_FILES = ("passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl")
OPTIONS = (*_PLACES, "passfile", *_TLS, "target_session_attrs", "krbsrvname", "gsslib")
"""asyncpg's options; asyncpg passes other options to PostgreSQL as settings."""
_OF_LIBPQ = frozenset(
    (
        *("hostaddr", "require_auth", "channel_binding", "connect_timeout", "keepalives"),
        *("fallback_application_name", "keepalives_idle", "keepalives_interval", "replication"),
        *("keepalives_count", "gssencmode", "sslcompression", "sslcertmode", "sslcrldir", "sslsni"),
        *("requirepeer", "gssdelegation", "servicefile", "load_balance_hosts", "requiressl"),
        *("min_protocol_version", "max_protocol_version", "scram_client_key", "scram_server_key"),
        *("oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope", "sslkeylogfile"),
    )
)
_SET_BY_LK = frozenset(
    (
        *("statement_timeout", "idle_in_transaction_session_timeout", "client_encoding", "jit"),
        *("default_transaction_read_only", "timezone", "datestyle", "intervalstyle"),
        *("extra_float_digits", "bytea_output", "standard_conforming_strings", "tcp_user_timeout"),
        *("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"),
        "client_connection_check_interval",
    )
)
"""PostgreSQL's settings that lk sets itself, or whose defaults its statements need."""
_WRITABLE = {"any", "primary", "read-write"}
_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
_LOCAL = re.compile(r"/.*|localhost|127(\.[0-9]+){3}|::1")
_HOST = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f.%]*:[0-9A-Fa-f:.%]*)\]|(?P<name>[^:\[\]]+))(?::(?P<port>[0-9]*))?"
)
_SPECIAL = (
    "write the characters @ / ? # : % and blanks of a user, a password or an option as"
    " %40 %2F %3F %23 %3A %25 and %20"
)


class Pooling(StrEnum):
    """The `pool_mode` of PgBouncer at an address.

    PgBouncer refuses most settings at the start of a connection. In session mode, lk sets them
    afterwards. In transaction mode, a client has no settings of its own, so the role must have
    them.
    """

    NONE = ""
    SESSION = "session"
    TRANSACTION = "transaction"


class Server(NamedTuple):
    """A host, or a folder with a Unix socket, and a port."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        return bool(_LOCAL.fullmatch(self.host))


@dataclass(frozen=True)
class DatabaseUrl:
    """The parts of an address that lk itself uses."""

    servers: tuple[Server, ...]
    """The servers in order; empty if a service file or libpq's variables name them."""
    sslmode: str | None
    service: str | None
    files: dict[str, str]
    """The files that options name, by option."""
    secrets: frozenset[str]
    """Passwords, both decoded and as written in the address."""

    @property
    def name(self) -> str:
        """The servers, for the log and for operators."""
        return ",".join(f"{server.host}:{server.port}" for server in self.servers)

    def may_be_remote(self, default_hosts: str) -> bool:
        """Whether a server may be on another machine; a service file may name any host.

        `default_hosts` are the hosts for an address without hosts, separated by commas.
        """
        if self.servers or self.service:
            return not all(server.is_local for server in self.servers) or not self.servers
        return not all(_LOCAL.fullmatch(host) for host in filter(None, default_hosts.split(",")))


def parse(url: str) -> DatabaseUrl:
    """Check an address. Raises ValueError with a reason that quotes no secret."""
    _refuse_invisible(url)
    parts, options = _split(url)
    _check_options(options)
    _check_duplicates(parts, options)
    hosts = options.get("host") or parts.netloc.rpartition("@")[2]
    ports = options.get("port", "")
    return DatabaseUrl(
        tuple(_servers(hosts, ports, is_quoted="host" not in options)),
        options.get("sslmode"),
        options.get("service"),
        {name: options[name] for name in _FILES if name in options},
        frozenset(filter(None, _secrets(parts, options))),
    )


def redacted(url: str, message: str) -> str:
    """The message without the passwords of the address."""
    try:
        secrets = parse(url).secrets
    except ValueError:
        return "the address is malformed"
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, "***")
    return message


def _refuse(reason: str) -> NoReturn:
    raise ValueError(reason)


def _refuse_invisible(url: str) -> None:
    for position, character in enumerate(url, start=1):
        if not character.isprintable() or character == " ":
            _refuse(
                f"has an invisible character, U+{ord(character):04X}, at position"
                f" {position}; {_SPECIAL}"
            )


def _split(url: str) -> tuple[SplitResult, dict[str, str]]:
    """The parts, and the options by name."""
    try:
        parts = urlsplit(url)
    except ValueError:  # its message quotes the address
        _refuse(f"can't be divided into its parts: {_SPECIAL}")
    if parts.scheme not in SCHEMES:
        _refuse("must begin with postgresql:// or postgres://")
    is_divided = "#" in url or url.count("@") > 1 or ("@" in url and "@" not in parts.netloc)
    if is_divided or "?" in parts.query or "/" in parts.path[1:]:
        _refuse(f"can't be divided into its parts: {_SPECIAL}")
    pairs = [pair.partition("=") for pair in parts.query.split("&")] if parts.query else []
    if not all(name and equals and value for name, equals, value in pairs):
        _refuse("has an option that isn't written as name=value")
    if "+" in parts.query:
        _refuse("has a + in an option, which may mean a blank: write a plus as %2B")
    decoded = unquote_plus(url)
    if "\0" in decoded or "\N{REPLACEMENT CHARACTER}" in decoded:
        _refuse("has percent-encoded bytes that aren't UTF-8")
    repeated = [name for name, count in Counter(n for n, _, _ in pairs).items() if count > 1]
    if repeated:
        _refuse(f"has the option {repeated[0]} twice")
    return parts, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))


def _check_options(options: dict[str, str]) -> None:
    for name in options:
        if name in _OF_LIBPQ:
            _refuse(f"has the option {name}, which isn't supported: remove it")
        if name.lower() in _SET_BY_LK:
            _refuse(f"has the option {name}, which lk sets itself: remove it")
        if name not in OPTIONS and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name):
            _refuse(f"has an option with an invalid name; {_SPECIAL}")
    mode = options.get("sslmode", "require")
    if mode not in _SSL_MODES:
        _refuse(f"has an sslmode that isn't one of {', '.join(sorted(_SSL_MODES))}")
    if options.get("target_session_attrs", "any") not in _WRITABLE:
        _refuse(
            "has a target_session_attrs other than primary, read-write and any: lk writes, so it"
            " connects to the primary only"
        )


def _check_duplicates(parts: SplitResult, options: dict[str, str]) -> None:
    """Refuse an option that repeats a part of the address, because asyncpg would ignore it."""
    credentials, _, hosts = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    written = {
        "host": hosts,
        "port": hosts,
        "user": user,
        "password": password,
        "dbname": parts.path[1:],
        "database": parts.path[1:] or options.get("dbname"),
    }
    for name, value in written.items():
        if value and name in options:
            _refuse(f"has the option {name}, which repeats a part before the question mark")


def _servers(hosts: str, ports: str, *, is_quoted: bool) -> Iterator[Server]:
    if not hosts:
        if ports:
            _refuse("has the option port without a host")
        return
    names = hosts.split(",")
    numbers = ports.split(",") if ports else [""]
    if len(numbers) == 1:
        numbers *= len(names)
    if len(numbers) != len(names):
        _refuse("has different numbers of ports and hosts")
    for name, number in zip(names, numbers, strict=True):
        yield _server(name, number, is_quoted=is_quoted)


def _server(text: str, number: str, *, is_quoted: bool) -> Server:
    match = _HOST.fullmatch(text) if not text.startswith("/") else None
    if not match and not text.startswith("/"):
        _refuse(
            "has a host that is neither a name, an address nor a folder; write IPv6 addresses like"
            f" [::1]; {_SPECIAL}"
        )
    host = (match["ipv6"] or match["name"]) if match else text
    port = number or (match["port"] if match else "") or "5432"
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 2**16):
        _refuse("has a port that isn't a number from 1 to 65535")
    return Server(unquote(host) if is_quoted else host, int(port))


def _secrets(parts: SplitResult, options: dict[str, str]) -> Iterator[str]:
    spelled = parts.netloc.rpartition("@")[0].partition(":")[2]
    raw = (pair.partition("=") for pair in parts.query.split("&"))
    raw_options = {name: value for name, _, value in raw}
    names = ("password", "sslpassword")
    return chain(
        (spelled, unquote(spelled)),
        (options.get(name, "") for name in names),
        (raw_options.get(name, "") for name in names),
    )

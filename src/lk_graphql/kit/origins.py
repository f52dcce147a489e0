"""Origins of web pages (RFC 6454) that may use the API or be redirected to, and their hosts."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK_ORIGINS = ("http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*")
"""Pages of this machine, on any port."""
ANY_PORT = ":*"
MAX_ADDRESS_LENGTH = 500
_LOOPBACK = frozenset(origin.removesuffix(ANY_PORT) for origin in LOOPBACK_ORIGINS)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[0-9a-z_](?:[0-9a-z_.-]*[0-9a-z_])?|[0-9a-f:.]+")
# Printable ASCII except characters that browsers drop or convert, such as a backslash.
_ADDRESS = re.compile(r"(https?://[^/?#@\\]+)(?:[/?#][!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*)?")


class InvalidOrigin(ValueError):
    """A text that isn't an origin like `https://app.example.com`, or has `:*` beyond loopback."""


def parse_origin(text: str) -> str:
    """The origin as browsers send it: in lower case, as ASCII, without a default port.

    `http://localhost:*` stands for any port; only loopback hosts may have it.
    """
    text = text.rstrip("/")
    if text.endswith(ANY_PORT):
        base = parse_origin(text.removesuffix(ANY_PORT))
        if base not in _LOOPBACK:
            raise InvalidOrigin(text)
        return base + ANY_PORT
    try:
        url = urlsplit(text)
        host, port = (url.hostname or "").encode("idna").decode("ascii"), url.port
    except (ValueError, UnicodeError):
        raise InvalidOrigin(text) from None
    is_bare = text.partition("://")[2] == url.netloc and "@" not in url.netloc
    if url.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or not is_bare:
        raise InvalidOrigin(text)
    host = f"[{host}]" if ":" in host else host
    suffix = "" if port in {None, _DEFAULT_PORTS[url.scheme]} else f":{port}"
    return f"{url.scheme}://{host}{suffix}"


def ascii_host(origin: str) -> str:
    """The host in ASCII: `кабинет.рф` is `xn--80abjm5bdm.xn--p1ai` for mail servers."""
    return (urlsplit(origin).hostname or "localhost").encode("idna").decode("ascii")


def smtp_name(host: str) -> str:
    """A host in the form for SMTP's EHLO (RFC 5321, 4.1.3)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


class AllowedOrigins:
    """A set of origins in the forms that `parse_origin` accepts."""

    def __init__(self, origins: Iterable[str]) -> None:
        self.patterns = tuple(dict.fromkeys(map(parse_origin, origins)))

    def __contains__(self, origin: object) -> bool:
        if not isinstance(origin, str):
            return False
        without_port = re.sub(r":\d{1,5}$", "", origin, flags=re.ASCII)
        return origin in self.patterns or without_port + ANY_PORT in self.patterns

    def has_address(self, address: str) -> bool:
        """Whether all browsers would read the address as a page of one of the origins."""
        match = _ADDRESS.fullmatch(address)
        return bool(match) and len(address) <= MAX_ADDRESS_LENGTH and match[1] in self

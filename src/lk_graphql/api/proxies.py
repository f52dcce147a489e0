"""The client's address behind trusted proxies: `Forwarded` (RFC 7239) and `X-Forwarded-For`."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from starlette.types import Scope

from lk_graphql.api.request import RequestHeaders
from lk_graphql.kit.addresses import IPAddress, parse_address, parse_network

# RFC 7239, sections 4 and 6; a node's port may be obfuscated.
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z:\[\]]+"  # noqa: S105 - allows unquoted `:[]`
_PAIR = rf'[ \t]*[A-Za-z][\w-]*=(?:{_TOKEN}|"(?:[^"\\]|\\.)*")[ \t]*'
_ELEMENT = re.compile(rf"{_PAIR}(?:;(?:{_PAIR})?)*")
_FOR = re.compile(rf'(?:^|;)[ \t]*for=(?:({_TOKEN})|"((?:[^"\\]|\\.)*)")', re.IGNORECASE)
_PORT = r"(?::(?:[0-9]{1,5}|_[\w.-]+))?"
_NODE = re.compile(rf"(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([0-9.]+)){_PORT}")
_LONGEST_ELEMENT = 512
"""Characters of an element of `Forwarded`, which has up to four parameters."""


class ForwardedHeader(StrEnum):
    """The header that trusted proxies write; the other one may hold any text of the client."""

    FORWARDED = "forwarded"
    X_FORWARDED_FOR = "x-forwarded-for"


class Proxies:
    """The trusted proxies (`LK_TRUSTED_PROXIES`).

    uvicorn's ProxyHeadersMiddleware accepts any text from a trusted proxy as the client's address
    ("unknown", a host name, a text of any length). It also takes a mistyped network in its setting
    for a host name. Here, addresses are keys of rate limits and are stored in columns of 45
    characters, so only IP addresses count; without one, the address of the nearest proxy is used.
    """

    def __init__(self, trusted: Iterable[str] = (), header: ForwardedHeader | None = None) -> None:
        """Parse `trusted`, addresses or networks (`10.0.0.0/8`). Raises ValueError for other texts.

        Without a `header`, both headers are read.
        """
        self._networks = [parse_network(address) for address in trusted]
        self._headers = (header,) if header else tuple(ForwardedHeader)

    def client(self, scope: Scope, headers: RequestHeaders) -> str:
        """The nearest address outside the trusted networks; empty without a peer.

        If both headers are present and lead to different clients, one of them is forged. In this
        case the result is the peer's address, which can't be forged.
        """
        text: str = (scope.get("client") or ("", 0))[0]
        if not self._networks:
            return _normalized(text)
        peer = parse_address(text)
        if peer is None or not self._is_trusted(peer):
            return _normalized(text)
        clients = {
            self._nearest_untrusted(peer, hops(header, headers[header]))
            for header in self._headers
            if _names_hops(header, headers.get(header, ""))
        }
        return str(clients.pop() if len(clients) == 1 else peer)

    def _nearest_untrusted(
        self, peer: IPAddress, forwarded: Iterator[IPAddress | None]
    ) -> IPAddress:
        """Follow the hops from the peer to the first that isn't trusted, or isn't an address.

        Each proxy appends its peer's address. Entries left of the first untrusted address come from
        that client and may be forged.
        """
        address = peer
        for hop in forwarded:
            if hop is None:
                break
            address = hop
            if not self._is_trusted(hop):
                break
        return address

    def _is_trusted(self, address: IPAddress) -> bool:
        return any(address in network for network in self._networks)


def _normalized(text: str) -> str:
    """The address in its canonical spelling; any other text unchanged."""
    if ":" not in text:
        return text  # IPv4 has one spelling
    address = parse_address(text)
    return text if address is None else str(address)


def _names_hops(header: ForwardedHeader, value: str) -> bool:
    """Whether the header has addresses: `Forwarded: proto=https`, for example, has none."""
    return bool(value) and (header is ForwardedHeader.X_FORWARDED_FOR or "for=" in value.lower())


def hops(header: ForwardedHeader, value: str) -> Iterator[IPAddress | None]:
    """The hops of a header from the right, None for a hop without an address."""
    if header is ForwardedHeader.FORWARDED:
        return map(_node_of, _elements(value))
    return (parse_node(text) for text in _split_right(value))


def parse_node(text: str) -> IPAddress | None:
    """The address of a node: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `"[2001:db8::1]:443"`.

    None for `unknown`, an obfuscated identifier (`_hidden`), a host's name or anything else.
    """
    node = text.strip().removeprefix('"').removesuffix('"')
    if address := parse_address(node):
        return address
    match = _NODE.fullmatch(node)
    return parse_address(match[1] or match[2]) if match else None


def _split_right(value: str) -> Iterator[str]:
    """The items of a list from the right, because often only the last one is needed."""
    rest, comma = value, ","
    while comma:
        rest, comma, item = rest.rpartition(",")
        yield item


def _elements(value: str) -> Iterator[str | None]:
    """The elements of `Forwarded` from the right, None for a malformed element.

    A proxy appends its element to the client's text, which may be malformed: it may contain an
    unclosed quote, for example. Therefore an element is the shortest well-formed text after a
    comma, whatever precedes it.
    """
    end = len(value)
    while end >= 0:
        comma = end
        element = None
        while element is None and comma > 0 and end - comma <= _LONGEST_ELEMENT:
            comma = value.rfind(",", max(0, end - _LONGEST_ELEMENT), comma)
            text = value[comma + 1 : end]
            element = text if _ELEMENT.fullmatch(text) else None
            if comma < 0:
                break
        yield element
        if element is None:
            return
        end = comma


def _node_of(element: str | None) -> IPAddress | None:
    match = _FOR.search(element or "")
    if match is None:
        return None
    node = match[1] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
    return parse_node(node)

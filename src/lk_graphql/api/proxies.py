"""The client's address behind proxies.

uvicorn's ProxyHeadersMiddleware does nearly the same, but takes whatever a trusted proxy wrote for
the client's address ("unknown", a host name, a text of any length). Addresses are keys of rate
limits and stored in columns of 45 characters, so only an IP address counts here, and without one
the address of the nearest proxy. It also takes a mistyped network in the setting for a host name,
where `Proxies` raises ValueError.
"""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection


class Proxies:
    """The proxies whose `X-Forwarded-For` is trusted (`LK_TRUSTED_PROXIES`)."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        """`trusted` are addresses or networks (`10.0.0.0/8`); raises ValueError for others."""
        self._networks = [ip_network(each) for each in trusted]

    def client(self, connection: HTTPConnection) -> str:
        """The nearest address that is no trusted proxy's; empty where there is no peer.

        Each proxy appends the address it saw; what stands left of the first untrusted address is
        that client's word and may be anything.
        """
        address = connection.client.host if connection.client else ""
        if not self._is_trusted(address):
            return address
        forwarded = ",".join(connection.headers.getlist("x-forwarded-for"))
        for hop in map(str.strip, reversed(forwarded.split(","))):
            if not _is_address(hop):
                return address
            address = hop
            if not self._is_trusted(hop):
                break
        return address

    def _is_trusted(self, address: str) -> bool:
        if not self._networks or not _is_address(address):
            return False
        parsed = ip_address(address)
        return any(parsed in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

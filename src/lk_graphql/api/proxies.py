"""The client's address behind proxies.

uvicorn's ProxyHeadersMiddleware accepts any text from a trusted proxy as the client's address
("unknown", a host name, a text of any length). Addresses are keys of rate limits and stored in
columns of 45 characters, so only IP addresses count here; without one the address of the nearest
proxy is used. uvicorn also takes a mistyped network in its setting for a host name, where
`Proxies` raises ValueError.
"""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection


class Proxies:
    """The proxies whose `X-Forwarded-For` is trusted (`LK_TRUSTED_PROXIES`)."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        """`trusted` holds addresses or networks (`10.0.0.0/8`). Raises ValueError for others."""
        self._networks = [ip_network(address) for address in trusted]

    def client(self, connection: HTTPConnection) -> str:
        """The nearest address outside of the trusted networks; empty without a peer.

        Each proxy appends its peer's address. Entries left of the first untrusted address come from
        that client and may be forged.
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

"""The client's address, where proxies stand between."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from lk_graphql.api.asgi import Scope


class Proxies:
    """The proxies whose `X-Forwarded-For` we believe (`LK_TRUSTED_PROXIES`)."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        """`trusted` are addresses or networks (`10.0.0.0/8`); raises ValueError for others."""
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(each) for each in trusted]
        self._is_trusted = lru_cache(1024)(self._belongs)

    def client(self, scope: Scope) -> str:
        """The nearest address that is no trusted proxy's.

        Each proxy writes at the right what it saw; what stands left of the first stranger is that
        stranger's word and may be anything.
        """
        peer = scope.get("client")
        address: str = peer[0] if peer else ""
        if not self._networks or not self._is_trusted(address):
            return address
        for hop in reversed(_forwarded(scope)):
            if not _is_address(hop):
                return address
            address = hop
            if not self._is_trusted(hop):
                break
        return address

    def _belongs(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ip_address(address)
        return any(parsed in network for network in self._networks)


def _forwarded(scope: Scope) -> list[str]:
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in b",".join(values).decode("latin-1").split(",")]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

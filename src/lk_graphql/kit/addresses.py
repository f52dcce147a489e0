"""IP addresses of clients, in one spelling, and the network that counts as one client."""

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")
_CACHE_SIZE = 4096


def parse_address(text: str) -> IPAddress | None:
    """The address without its zone (`%eth0`); IPv4 for an address that is mapped to IPv6."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address


def parse_network(text: str) -> IPNetwork:
    """A network, or a single address; IPv4 for mapped ones. Raises ValueError."""
    network = ip_network(text)
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return IPv4Network((mapped or 0, network.prefixlen - _MAPPED.prefixlen))
    return network


@lru_cache(_CACHE_SIZE)
def client_network(address: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address.

    Providers give each customer at least a /64, and the customer may use all addresses in it.
    """
    parsed = parse_address(address) if ":" in address else None
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return address if parsed is None else str(parsed)

"""The client's address: headers built from known hops, and what forgers put before them."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lk_graphql.api.proxies import ForwardedHeader, Proxies, parse_node
from lk_graphql.api.request import read_headers

TRUSTED = ["10.0.0.0/8", "2001:db8:aaaa::/48"]
FORWARDED, X_FORWARDED_FOR = ForwardedHeader
Address = IPv4Address | IPv6Address


def client(
    peer: str | None, *lines: tuple[str, str], trusted: list[str] = TRUSTED, **options: Any
) -> str:
    """The client of a request from a peer, with these lines of headers."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in lines]
    scope: dict[str, Any] = {"client": (peer, 1) if peer else None, "headers": raw}
    return Proxies(trusted, **options).client(scope, read_headers(scope))


# Spellings of an address as a hop of `X-Forwarded-For` and of `Forwarded`.
PLAIN: list[Callable[[Address], str]] = [
    str,
    lambda address: str(address).upper(),
    lambda address: f"{bracketed(address)}:51234",
    lambda address: f"{bracketed(address)}:1",
    lambda address: f" {address}\t",
    lambda address: f'"{bracketed(address)}:443"',
    lambda address: f"[{address.exploded}]" if address.version == 6 else str(address),
    lambda address: f"::ffff:{address}" if address.version == 4 else str(address),
    lambda address: f"[::ffff:{address}]:80" if address.version == 4 else f"[{address}%eth0]",
]
QUOTED: list[Callable[[Address], str]] = [
    lambda address: f'for="{bracketed(address)}"',
    lambda address: f'for="{bracketed(address)}:51234"',
    lambda address: f'For="{bracketed(address)}:_port";proto=https;by=_gateway',
    lambda address: f'proto=https;for="{bracketed(address)}";host="a,b\\"c"',
    lambda address: f"for={address}" if address.version == 4 else f'for="[{address}]"',
    lambda address: f"for={address}:8080" if address.version == 4 else f'FOR="[{address}]"',
    lambda address: f'for="[::ffff:{address}]"' if address.version == 4 else f'for="[{address}]"',
    lambda address: f' for="{bracketed(address)}" ; proto=http ',
    lambda address: f'for="\\{bracketed(address)}";secret=abc',
]


def bracketed(address: Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


def is_strange(address: Address) -> bool:
    is_mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return not is_mapped and not str(address).startswith(("10.", "2001:db8:aaaa:"))


STRANGERS = st.ip_addresses().filter(is_strange)
PROXIES = st.one_of(
    st.ip_addresses(network="10.0.0.0/8"), st.ip_addresses(network="2001:db8:aaaa::/48")
)
NO_ADDRESSES = ["unknown", "_hidden", "_SEVKISEK", "localhost", "300.1.1.1", "010.0.0.1", ""]
BROKEN = ["for=6.6.6.6", 'for="', 'for="6.6.6.6', '"', "\\", ",", ";", "for="]
FORGED = st.lists(
    st.one_of(
        st.ip_addresses().map(str),
        st.sampled_from([*BROKEN, *NO_ADDRESSES]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    max_size=4,
)  # fmt: skip


class Chain(NamedTuple):
    """A client, the trusted proxies after it, and how each hop is written and joined."""

    client: Address
    proxies: list[Address]
    spellings: list[int]
    is_split: list[bool]
    forged: list[str]

    @property
    def peer(self) -> str:
        return str(self.proxies[-1])

    def lines(self, header: ForwardedHeader) -> list[tuple[str, str]]:
        """The lines of the last proxy: each has appended its peer, by a comma or as a line."""
        kinds = QUOTED if header is FORWARDED else PLAIN
        values = [",".join(self.forged)] if self.forged else []
        for number, address in enumerate([self.client, *self.proxies[:-1]]):
            text = kinds[self.spellings[number] % len(kinds)](address)
            if self.is_split[number] or not values:
                values.append(text)
            else:
                values[-1] += f", {text}"
        return [(header, value) for value in values]


CHAINS = st.builds(
    Chain,
    STRANGERS,
    st.lists(PROXIES, min_size=1, max_size=4),
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
    FORGED,
)


@pytest.mark.parametrize("header", ForwardedHeader)
@settings(deadline=None)
@given(chain=CHAINS)
@example(
    Chain(IPv6Address("2001:db8::1"), [IPv4Address("10.0.0.1")], [0] * 5, [False] * 5, ['for="x'])
)
def test_the_client_is_read_from_every_notation_of_hops(header: ForwardedHeader, chain: Chain):
    assert client(chain.peer, *chain.lines(header)) == str(chain.client)


@settings(deadline=None)
@given(chain=CHAINS)
def test_headers_that_agree_are_one(chain: Chain):
    lines = [*chain.lines(FORWARDED), *chain.lines(X_FORWARDED_FOR)]

    assert client(chain.peer, *lines) == str(chain.client)


@pytest.mark.parametrize("header", ForwardedHeader)
@settings(deadline=None)
@given(chain=CHAINS, forged=STRANGERS)
def test_a_header_that_no_proxy_writes_can_t_forge_the_client(
    header: ForwardedHeader, chain: Chain, forged: Address
):
    """The peer then counts as the client, or the truth if the header of the proxies is set."""
    invention = X_FORWARDED_FOR if header is FORWARDED else FORWARDED
    text = str(forged) if invention is X_FORWARDED_FOR else f'for="{bracketed(forged)}"'
    lines = [(invention.value, text), *chain.lines(header)]

    assert client(chain.peer, *lines) in {str(chain.client), chain.peer}
    assert client(chain.peer, *lines, header=header) == str(chain.client)


@pytest.mark.parametrize("header", ForwardedHeader)
@settings(deadline=None)
@given(chain=CHAINS, hop=st.sampled_from(NO_ADDRESSES))
def test_behind_a_hop_without_an_address_the_nearest_proxy_counts(
    header: ForwardedHeader, chain: Chain, hop: str
):
    text = hop if header is X_FORWARDED_FOR else f"for={hop}"
    lines = [(header.value, text)]

    assert client(chain.peer, *lines) == chain.peer
    nearer = chain.lines(header)
    assert client(chain.peer, *lines, *nearer) == str(chain.client)


@settings(deadline=None)
@given(
    peer=st.one_of(st.none(), PROXIES.map(str), STRANGERS.map(str)),
    header=st.sampled_from(ForwardedHeader),
    value=st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=300),
)
def test_junk_is_never_an_address(peer: str | None, header: ForwardedHeader, value: str):
    found = client(peer, (header, value))

    assert len(found) <= 45
    assert found == (peer or "") or parse_node(found) is not None


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("::ffff:10.0.0.5", "203.0.113.7"),  # a listener for both families maps its peers
        ("2001:db8:aaaa::5", "203.0.113.7"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_the_peer_has_one_spelling(peer: str, found: str):
    assert client(peer, ("x-forwarded-for", "203.0.113.7:51234")) == found
    assert client(peer, ("x-forwarded-for", "203.0.113.7"), trusted=[]) == {
        "::ffff:10.0.0.5": "10.0.0.5", "2001:db8:aaaa::5": "2001:db8:aaaa::5",
    }.get(peer, found)  # fmt: skip


def test_networks_of_proxies_may_be_mapped_too():
    assert (
        client("10.0.0.1", ("x-forwarded-for", "1.2.3.4"), trusted=["::ffff:10.0.0.0/104"])
        == "1.2.3.4"
    )
    with pytest.raises(ValueError, match="host bits"):
        Proxies(["10.0.0.1/8"])


def test_a_forwarded_header_without_addresses_is_ignored():
    lines = [("forwarded", "proto=https;host=lk.example"), ("x-forwarded-for", "203.0.113.7")]

    assert client("10.0.0.1", *lines) == "203.0.113.7"


def test_long_junk_is_quickly_refused():
    """65 kB of commas or quotes; a quadratic parser would take minutes."""
    for junk in (",", '"', "for=,", 'for="', ";", "\\", "a=b;"):
        value = junk * (64 * 1024 // len(junk))
        assert client("10.0.0.1", ("forwarded", value)) == "10.0.0.1"

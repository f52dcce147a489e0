"""Request headers, client addresses behind proxies, preferred languages, and token buckets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lk_graphql.api.proxies import Proxies
from lk_graphql.api.rate_limit import RateLimiter, RequestCharge
from lk_graphql.api.request import preferred_language, read_headers
from lk_graphql.api.request_errors import RateLimited
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.languages import Language
from tests.api.endpoint_client import OPTIONS, rate_limit


def client(proxies: Proxies, peer: str | None, *forwarded: str) -> str:
    """The client's address, with one line of `X-Forwarded-For` for each text."""
    lines = [(b"x-forwarded-for", text.encode()) for text in forwarded]
    scope = {"client": (peer, 1) if peer else None, "headers": lines}
    return proxies.client(scope, read_headers(scope))


def test_lines_of_one_header_are_joined():
    lines = [
        (b"authorization", b"Bearer one"),
        (b"cookie", b"a=1"),
        (b"authorization", b"Bearer two"),
        (b"cookie", b"b=2"),
    ]
    headers = read_headers({"headers": lines})
    assert headers == {"authorization": "Bearer one, Bearer two", "cookie": "a=1; b=2"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),  # the header of an untrusted peer is ignored
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, rubbish", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_client_is_the_first_untrusted_address_from_the_right(
    peer: str, forwarded: str, address: str
):
    assert client(Proxies(["10.0.0.0/8"]), peer, forwarded) == address


def test_several_headers_are_one_list():
    proxies = Proxies(["10.0.0.1"])
    assert client(proxies, "10.0.0.1", "6.6.6.6", "203.0.113.9") == "203.0.113.9"


def test_without_proxies_the_peer_is_the_client():
    assert client(Proxies(), "10.0.0.1", "1.1.1.1") == "10.0.0.1"
    assert client(Proxies(), None) == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", Language.RU),
        ("en", Language.EN),
        ("en-US,en;q=0.9,ru;q=0.8", Language.EN),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Language.RU),
        ("de, en;q=0.1", Language.EN),
        ("de", Language.RU),
        ("en;q=0", Language.RU),
        ("en;q=rubbish", Language.RU),
        ("*", Language.RU),
    ],
)
def test_english_is_used_only_if_it_is_preferred(header: str, language: Language):
    assert preferred_language(header) is language


def test_a_bucket_empties_and_fills():
    now = [0.0]
    rate_limiter = RateLimiter(rate_limit(10, 2), clock=lambda: now[0])
    bucket = rate_limiter.bucket(b"token", "address")

    rate_limiter.charge(bucket, 8)
    with pytest.raises(RateLimited) as refusal:
        rate_limiter.charge(bucket, 5)
    now[0] = 1.5

    assert refusal.value.headers == {"retry-after": "2"}
    assert rate_limiter.bucket(b"token", "address") is bucket
    assert bucket.left == 5
    now[0] = 100
    assert rate_limiter.bucket(b"other", "address").left == 10


def test_the_cost_extension_has_the_moment_when_the_bucket_is_full():
    rate_limiter = RateLimiter(rate_limit(10, 0.5))
    bucket = rate_limiter.bucket(b"token", "address")
    rate_limiter.charge(bucket, 8)
    before = datetime.now(UTC)

    charge = RequestCharge(rate_limiter, bucket, cost=5, compile=3)
    extension = orjson.loads(b'{"data":{}' + charge.extension({}))

    cost = extension["extensions"]["cost"]
    reset_at = datetime.fromisoformat(cost.pop("resetAt"))
    assert cost == {
        "requested": 5,
        "compile": 3,
        "limit": 10,
        "remaining": 2,
        "perSecond": 0.5,
        "documentLimit": 5000,
    }
    assert timedelta(seconds=16) <= reset_at - before <= timedelta(seconds=18)


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::9", True),
        ("2001:db8:1:1::1", "2001:db8:1:2::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_a_client_is_an_ipv4_address_or_a_64_of_ipv6(first: str, second: str, *, is_one: bool):
    rate_limiter = RateLimiter(OPTIONS.rate_limit)

    assert (rate_limiter.bucket(b"", first) is rate_limiter.bucket(b"", second)) == is_one
    assert (client_network(first) == client_network(second)) == is_one


def test_the_number_of_buckets_is_limited():
    rate_limiter = RateLimiter(replace(rate_limit(10, 0.001), max_buckets=3))
    first = rate_limiter.bucket(b"", "1")
    for address in ("2", "3", "1", "4"):
        rate_limiter.bucket(b"", address)
    assert rate_limiter.bucket(b"", "1") is first  # used again, so "2" was evicted
    for address in ("5", "6", "7"):
        rate_limiter.bucket(b"", address)
    assert rate_limiter.bucket(b"", "1") is not first

"""Client addresses behind proxies, preferred languages, and token buckets."""

import pytest
from starlette.requests import HTTPConnection

from lk_graphql.api.rate_limit import RateLimit, RateLimiter
from lk_graphql.api.request import Proxies, preferred_language
from lk_graphql.api.request_errors import RateLimited
from lk_graphql.kit.languages import Language


def connection(peer: str | None, *headers: tuple[bytes, bytes]) -> HTTPConnection:
    client = (peer, 1) if peer else None
    return HTTPConnection({"type": "http", "client": client, "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
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
def test_the_client_is_the_first_stranger_from_the_right(peer: str, forwarded: str, client: str):
    headers = [(b"x-forwarded-for", forwarded.encode())]
    assert Proxies(["10.0.0.0/8"]).client(connection(peer, *headers)) == client


def test_several_headers_are_one_list():
    headers = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"203.0.113.9")]
    assert Proxies(["10.0.0.1"]).client(connection("10.0.0.1", *headers)) == "203.0.113.9"


def test_without_proxies_the_peer_is_the_client():
    request = connection("10.0.0.1", (b"x-forwarded-for", b"1.1.1.1"))
    assert Proxies().client(request) == "10.0.0.1"
    assert Proxies().client(connection(None)) == ""


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
def test_english_is_for_those_who_prefer_it(header: str, language: Language):
    assert preferred_language(header) is language


def test_a_bucket_empties_and_fills():
    now = [0.0]
    rate_limiter = RateLimiter(RateLimit(limit=10, per_second=2), clock=lambda: now[0])
    bucket = rate_limiter.bucket(b"token", "address")

    rate_limiter.charge(bucket, 8)
    with pytest.raises(RateLimited) as refusal:
        rate_limiter.charge(bucket, 5)
    now[0] = 1.5

    assert refusal.value.headers == {"retry-after": "2"}
    assert rate_limiter.seconds_until_full(bucket) == 4
    assert rate_limiter.bucket(b"token", "address") is bucket
    assert bucket.left == 5
    now[0] = 100
    assert rate_limiter.bucket(b"other", "address").left == 10


def test_what_is_remembered_is_bounded():
    rate_limiter = RateLimiter(RateLimit(limit=10, per_second=0.001, max_buckets=3))
    first = rate_limiter.bucket(b"", "1")
    for address in ("2", "3", "1", "4"):
        rate_limiter.bucket(b"", address)
    assert rate_limiter.bucket(b"", "1") is first  # used again, so "2" was evicted
    for address in ("5", "6", "7"):
        rate_limiter.bucket(b"", address)
    assert rate_limiter.bucket(b"", "1") is not first

"""Origins of pages: their spelling, any port of loopback hosts, and no open redirect."""

import pytest

from lk_graphql.kit.origins import (
    LOOPBACK_ORIGINS,
    MAX_ADDRESS_LENGTH,
    AllowedOrigins,
    InvalidOrigin,
    parse_origin,
)

ALLOWED = AllowedOrigins(["https://app.example.ru", "https://кабинет.рф", "http://localhost:5173"])


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example.ru/", "https://app.example.ru"),
        ("https://APP.example.ru:443", "https://app.example.ru"),
        ("https://кабинет.рф", "https://xn--80acmlhv0b.xn--p1ai"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("http://localhost:*", "http://localhost:*"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_an_origin_is_read_as_browsers_send_it(text: str, origin: str):
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "", "*", "app.example.ru", "ftp://app.example.ru", "https://", "https://a.example/path",
        "https://user@a.example", "https://a.example:*", "https://*.example.ru", "null",
        "http://localhost.evil.example:*", "https://a.example?x", "https://a.example:99999",
        "https://a.example:x", "https://[::1", "https://a..example",
    ],
)  # fmt: skip
def test_an_invalid_origin_is_refused(text: str):
    with pytest.raises(InvalidOrigin):
        parse_origin(text)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_loopback_host_may_have_any_port(host: str):
    loopback = AllowedOrigins(LOOPBACK_ORIGINS)
    for origin in (f"http://{host}", f"http://{host}:1", f"http://{host}:65535"):
        assert origin in loopback
    for origin in (
        f"https://{host}:1",
        f"http://{host}:1/",
        f"http://{host}:x",
        f"http://{host}.a:1",
    ):
        assert origin not in loopback
    assert None not in loopback


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example.ru",
        "https://app.example.ru/",
        "https://app.example.ru/pay/done?from=bank&x=1#state",
        "https://app.example.ru?x=@evil.example",
        "https://app.example.ru/%5C%5Cevil.example",
        "https://app.example.ru//evil.example",
        "https://xn--80acmlhv0b.xn--p1ai/pay",
        "http://localhost:5173/pay",
    ],
)
def test_an_address_of_an_allowed_origin_is_accepted(address: str):
    assert ALLOWED.has_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "/pay", "//app.example.ru/pay", "app.example.ru", "javascript:alert(1)",
        "data:text/html,x", "ftp://app.example.ru/", "http://app.example.ru/",
        "https:/app.example.ru/", "https:app.example.ru", "https:///app.example.ru/",
        "https:\\\\app.example.ru\\", "https://app.example.ru\\@evil.example/",
        "https://app.example.ru\\evil.example", "https://app.example.ru/\\evil.example",
        "https://app.example.ru@evil.example/", "https://app.example.ru:x@evil.example",
        "https://evil.example@app.example.ru/", "https://app.example.ru.evil.example/",
        "https://app.example.ru:8443/", "https://app.example.ru:443/", "https://app.example.ru:/",
        "https://app.example.ru:443@evil.example/", "https://evil.example/?https://app.example.ru",
        "https://evil.example#https://app.example.ru/", "https://app.example.ruevil.example",
        "https://app.example.ru%2eevil.example/", "https://app.example.ru%00.evil.example/",
        "https://app。example。ru/", "https://аpp.example.ru/", "https://app.example.ru\u200b/",
        "https://кабинет.рф/pay", "https://app.example.ru/\u202e", "https://app.example.ru/ x",
        " https://app.example.ru/", "https://app.example.ru/\n", "https://app.example.ru/\tx",
        "ht\ntps://app.example.ru/", "https://app.example.ru/<script>", 'https://app.example.ru/"',
        "HTTPS://app.example.ru/", "https://APP.example.ru/", "http://localhost:5174/",
        "http://localhost:*/", "null", "https://app.example.ru/" + "x" * MAX_ADDRESS_LENGTH,
    ],
)  # fmt: skip
def test_any_other_address_is_no_page_of_these_origins(address: str):
    assert not ALLOWED.has_address(address)

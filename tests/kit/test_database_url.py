"""Addresses of PostgreSQL: what is taken, what is refused, and that no secret is quoted."""

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lk_graphql.kit.database_url import OPTIONS, Server, parse, redacted

VALUES = {
    "port": "5433",
    "sslmode": "verify-full",
    "sslnegotiation": "direct",
    "ssl_min_protocol_version": "TLSv1.2",
    "ssl_max_protocol_version": "TLSv1.3",
    "target_session_attrs": "read-write",
}


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("postgresql:///lk", []),
        ("postgres://lk@/lk", []),
        ("postgresql://lk@db.example.com/lk", [("db.example.com", 5432)]),
        ("postgresql://lk@db.example.com:/lk", [("db.example.com", 5432)]),
        ("postgresql://lk@db1,db2:5433/lk", [("db1", 5432), ("db2", 5433)]),
        ("postgresql://lk@[::1]:5433,[2001:db8::1]/lk", [("::1", 5433), ("2001:db8::1", 5432)]),
        ("postgresql://lk@%2Fvar%2Frun:5433/lk", [("/var/run", 5433)]),
        ("postgresql://lk@/lk?host=/var/run", [("/var/run", 5432)]),
        ("postgresql:///lk?host=/a,b,c&port=1,2,3", [("/a", 1), ("b", 2), ("c", 3)]),
        ("postgresql:///lk?host=a,b&port=5433", [("a", 5433), ("b", 5433)]),
        ("postgresql://lk:a:b$!~@db/lk", [("db", 5432)]),
    ],
)
def test_servers_are_those_of_the_address_in_its_order(url: str, servers: list[tuple[str, int]]):
    assert parse(url).servers == tuple(Server(*server) for server in servers)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_of_asyncpg_is_accepted(name: str):
    host = "&host=db" if name == "port" else ""
    assert parse(f"postgresql://?{name}={VALUES.get(name, 'x')}{host}").sslmode == (
        "verify-full" if name == "sslmode" else None
    )


@pytest.mark.parametrize("name", ["application_name", "options", "search_path", "lk.custom"])
def test_settings_of_postgresql_are_accepted(name: str):
    assert parse(f"postgresql://lk@db/lk?{name}=x").servers == (Server("db", 5432),)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://lk@db/lk", "must begin with postgresql:// or postgres://"),
        ("postgresql://lk@db/lk?connect_timeout=3", "has the option connect_timeout, which isn't"),
        ("postgresql://lk@db/lk?channel_binding=require", "has the option channel_binding, which"),
        ("postgresql://lk@db/lk?TimeZone=UTC", "has the option TimeZone, which lk sets itself"),
        ("postgresql://lk@db/lk?sslmode=yes", "has an sslmode that isn't one of allow, disable"),
        ("postgresql://lk@db/lk?target_session_attrs=standby", "has a target_session_attrs other"),
        ("postgresql://lk@db/lk?sslmode", "has an option that isn't written as name=value"),
        ("postgresql://lk@db/lk?sslmode=", "has an option that isn't written as name=value"),
        ("postgresql://lk@db/lk?&&", "has an option that isn't written as name=value"),
        ("postgresql://lk@db/lk?options=-c+a%3Db", "has a + in an option, which may mean a blank"),
        ("postgresql://lk@db/lk?sslmode=allow&sslmode=require", "has the option sslmode twice"),
        ("postgresql://lk@db/lk?a-b=c", "has an option with an invalid name; write the "),
        ("postgresql://lk@db/lk?host=db2", "has the option host, which repeats a part"),
        ("postgresql://lk@db/lk?port=5433", "has the option port, which repeats a part"),
        ("postgresql://lk@db/lk?user=b", "has the option user, which repeats a part"),
        ("postgresql://lk:a@db/lk?password=b", "has the option password, which repeats a part"),
        ("postgresql://lk@db/lk?dbname=b", "has the option dbname, which repeats a part"),
        ("postgresql://lk@db?dbname=b&database=c", "has the option database, which repeats a part"),
        ("postgresql://lk@/lk?port=5433", "has the option port without a host"),
        ("postgresql:///lk?host=a,b,c&port=1,2", "has different numbers of ports and hosts"),
        ("postgresql://lk@a,,b/lk", "has a host that is neither a name, an address nor a folder"),
        ("postgresql://lk@,/lk", "has a host that is neither a name, an address nor a folder"),
        ("postgresql://lk@::1/lk", "has a host that is neither a name, an address nor a folder"),
        ("postgresql://lk@db:0/lk", "has a port that isn't a number from 1 to 65535"),
        ("postgresql://lk@db:65536/lk", "has a port that isn't a number from 1 to 65535"),
        ("postgresql:///lk?host=db&port=٥٤٣٢", "has a port that isn't a number from 1 to 65535"),
        ("postgresql://lk@db\u200b/lk", "has an invisible character, U+200B, at position"),
        ("postgresql://lk@db/lk\tx", "has an invisible character, U+0009, at position 22"),
        ("postgresql://lk@db /lk", "has an invisible character, U+0020, at position 19"),
        ("postgresql://lk:%E9@db/lk", "has percent-encoded bytes that aren't UTF-8"),
        ("postgresql://lk:%00@db/lk", "has percent-encoded bytes that aren't UTF-8"),
        ("postgresql://lk:a@b@db/lk", "can't be divided into its parts: write the characters @"),
        ("postgresql://lk:a/b@db/lk", "can't be divided into its parts: write the characters @"),
        ("postgresql://lk:a?b@db/lk", "can't be divided into its parts: write the characters @"),
        ("postgresql://lk:a#b@db/lk", "can't be divided into its parts: write the characters @"),
        ("postgresql://lk:a[b@db/lk", "can't be divided into its parts: write the characters @"),
        ("postgresql://lk@db/lk/x", "can't be divided into its parts: write the characters @"),
    ],
)
def test_an_ambiguous_or_invalid_address_is_refused_with_a_reason(url: str, reason: str):
    with pytest.raises(ValueError, match=re.escape(reason)) as refused:
        parse(url)
    assert str(refused.value).startswith(reason)


ODD = st.text(
    st.one_of(
        st.sampled_from(list("@/?#[]:%&=+ ,;'\"\\{}<>|^`~$!*()")),
        st.characters(codec="utf-8", exclude_characters="\0"),
    ),
    min_size=4,
    max_size=24,
).map("hunter2".__add__)


@given(password=ODD)
def test_an_encoded_password_is_a_secret_of_the_address_and_of_its_host(password: str):
    for url in (
        f"postgresql://lk:{quote(password, safe='')}@db/lk",
        f"postgresql://lk@db/lk?password={quote(password, safe='')}",
    ):
        if "\N{REPLACEMENT CHARACTER}" in password:
            continue
        address = parse(url)
        assert address.servers == (Server("db", 5432),)
        assert password in address.secrets
        assert redacted(url, f"no {password}!") == "no ***!"


@given(password=ODD)
@example("hunter2/@x")
@example("hunter2[x]")
@example("hunter2%zz")
@example("hunter2?x=1#@")
def test_a_raw_password_is_parsed_or_refused_without_being_quoted(password: str):
    url = f"postgresql://lk:{password}@db/lk"
    reason = reason_against(url)
    assert "hunter2" not in reason
    if reason:
        assert redacted(url, f"bad query field: {password}") == "the address is malformed"
    else:
        assert parse(url).servers == (Server("db", 5432),)
        assert password in parse(url).secrets


def reason_against(url: str) -> str:
    try:
        parse(url)
    except ValueError as refused:
        return str(refused)
    return ""

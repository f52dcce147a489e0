"""Settings: error messages for missing and invalid values, without secrets."""

import os

import pytest

from lk_graphql import settings
from lk_graphql.cli.production import setting_views

KEY = "k" * 32
PRODUCTION = {
    "LK_DATABASE_URL": "postgresql://lk:hunter2@db/lk",
    "LK_SMTP_URL": "smtp://lk:hunter2@mail",
    "LK_SECRET_KEY": KEY,
    "LK_PUBLIC_URL": "https://lk.example.com/",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment without the developer's `LK_…` variables."""
    for name in [name for name in os.environ if name.upper().startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    return monkeypatch


def errors_of(**variables: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(settings.InvalidSettings) as error:
            settings.read().require_production()
    return error.value.sentences


def test_production_names_each_missing_setting_with_an_example():
    sentences = errors_of(LK_SMTP_URL="smtp://mail", LK_PUBLIC_URL="")
    assert [sentence.split()[0] for sentence in sentences] == [
        "LK_DATABASE_URL",
        "LK_SECRET_KEY",
        "LK_PUBLIC_URL",
    ]
    assert sentences[2] == (
        "LK_PUBLIC_URL is not set."
        " The address of this server, for uploads, files and, by default, pages."
        " For example: export LK_PUBLIC_URL=https://lk.example.com"
    )


def test_production_accepts_the_required_settings(environment: pytest.MonkeyPatch):
    for name, value in PRODUCTION.items():
        environment.setenv(name, value)
    current = settings.read()
    current.require_production()
    assert current.company.public_url == "https://lk.example.com"
    assert current.sender == "no-reply@lk.example.com"


def test_a_pooler_needs_a_direct_address_beside_it():
    assert errors_of(**PRODUCTION | {"LK_DATABASE_POOLING": "transaction"}) == [
        "LK_DATABASE_POOLING needs LK_DIRECT_DATABASE_URL, the database without PgBouncer."
    ]


def test_production_requires_https_unless_on_this_machine():
    assert errors_of(**PRODUCTION | {"LK_CABINET_URL": "http://app.example.com"}) == [
        "LK_CABINET_URL must be https://, because browsers refuse the session's cookie over http."
    ]
    assert errors_of(**PRODUCTION | {"LK_PUBLIC_URL": "http://lk.example.com"}) == [
        "LK_PUBLIC_URL must be https://, because browsers refuse the session's cookie over http."
    ]
    settings.read(
        database_url="postgresql:///lk", smtp_url="smtp://m", secret_key=KEY,
        public_url="http://127.0.0.1:8000",
    ).require_production()  # fmt: skip


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LK_DATABASE_URL", "mysql://hunter2@db", "must begin with postgresql:// or postgres://."),
        ("LK_REPLICA_URLS", "mysql://hunter2@db", "must begin with postgresql:// or postgres://."),
        ("LK_SMTP_URL", "hunter2@mail", "must begin with smtp:// or smtps://."),
        ("LK_FILES_URL", "hunter2", "must begin with file:/// or s3:// or s3+http://."),
        ("LK_SECRET_KEY", "hunter2", "must have at least 32 characters."),
        ("LK_PUBLIC_URL", "lk.example.com", "must look like https://lk.example.com, without a"),
        ("LK_PUBLIC_URL", "https://a.example/lk", "must look like https://lk.example.com, without"),
        ("LK_PORT", "70000", "Input should be less than or equal to 65535."),
        ("LK_TIME_ZONE", "Mars", "invalid timezone: Mars."),
        ("LK_ACCOUNT_NUMBER_PATTERN", "[0-9", "must be a regular expression:"),
        ("LK_PUBLIC_URL", "https://hunter2:x@lk.example.com", "must look like https://lk.example"),
        ("LK_PUBLIC_URL", "https://lk.example.com?x=1", "must look like https://lk.example.com,"),
        ("LK_PUBLIC_URL", "https://lk.example.com:port", "must look like https://lk.example.com,"),
        ("LK_PUBLIC_URL", "https://lk..example.com", "must look like https://lk.example.com, with"),
        ("LK_PUBLIC_URL", "http://localhost:*", "must look like https://lk.example.com, without"),
        ("LK_CABINET_URL", "https://[hunter2]", "must look like https://lk.example.com, without"),
        ("LK_ACQUIRER_URL", "https://api.yookassa.ru:v3", "can't be divided into its parts: wri"),
        ("LK_ACQUIRER_URL", "https://", "must be https:// unless it is on this machine."),
        ("LK_TRACES_URL", "https://u:[hunter2]@traces.example", "can't be divided into its parts"),
        ("LK_RECEIPT_URL", "https://ofd.example/{fn}", "must look like https://ofd.example.com"),
        ("LK_RECEIPT_URL", "https://ofd.example/{storage", "must look like https://ofd.example."),
        ("LK_RECEIPT_URL", "ofd.example/{storage}", "must look like https://ofd.example.com/{st"),
        ("LK_VALKEY_URL", "valkey://:a/hunter2@cache:6379", "can't be divided into its parts: wr"),
        (
            "LK_VALKEY_URL",
            "valkey://cache?timeout=hunter2",
            "may only have the options db, ssl_ca",
        ),
        ("LK_VALKEY_URL", "valkey://cache/hunter2", "has a database that isn't a number, as in"),
        ("LK_VALKEY_URL", "valkey://cache?db=hunter2", "has an invalid value of the option db."),
        (
            "LK_VALKEY_URL",
            "valkeys://c?ssl_ca_certs=/hunter2",
            "has an invalid value of the option ",
        ),
        ("LK_VALKEY_URL", "valkey://c?ssl_cert_reqs=none", "has the option ssl_cert_reqs without"),
        ("LK_TRUSTED_PROXIES", "10.0.0.0/8;::1", "10.0.0.0/8;::1 is neither an address nor a net"),
        ("LK_TRUSTED_PROXIES", "::1, nginx", "nginx is neither an address nor a network such as"),
        (
            "LK_TRUSTED_PROXIES",
            "10.0.0.1/8",
            "10.0.0.1/8 has bits set after its prefix: the network is 10.0.0.0/8.",
        ),
    ],
)
def test_an_invalid_value_is_reported_without_being_quoted(variable: str, value: str, message: str):
    (sentence,) = errors_of(**{variable: value})
    assert sentence.startswith(f"{variable}: {message}")
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("https://LK.Example.com:443/", "https://lk.example.com"),
        ("HTTPS://lk.example.com", "https://lk.example.com"),
        ("https://lk_test.example.com:8443", "https://lk_test.example.com:8443"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        ("https://кабинет.рф", "https://кабинет.рф"),  # in mails as its owner typed it
    ],
)
def test_the_public_address_is_spelled_as_browsers_send_it(typed: str, value: str):
    assert settings.read(public_url=typed).public_url == value


def test_lists_are_written_with_commas(environment: pytest.MonkeyPatch):
    environment.setenv("LK_CORS_ORIGINS", "https://a.example, https://b.example")
    assert settings.read().cors_origins == ("https://a.example", "https://b.example")


def test_addresses_of_replicas_may_have_several_hosts_and_need_tls(
    environment: pytest.MonkeyPatch,
):
    urls = "postgresql://lk@db2,db3/lk?sslmode=verify-full, postgres://lk@db4:6432/lk,"
    environment.setenv("LK_REPLICA_URLS", urls)
    assert [url.get_secret_value() for url in settings.read().replica_urls] == [
        "postgresql://lk@db2,db3/lk?sslmode=verify-full",
        "postgres://lk@db4:6432/lk?sslmode=require",
    ]


def test_keys_rotate_and_are_never_printed(environment: pytest.MonkeyPatch):
    """The newest signs and encrypts; those that are accepted come after it."""
    environment.setenv("LK_SECRET_KEY", "a" * 32)
    environment.setenv("LK_SECRET_KEYS_ACCEPTED", f"{'b' * 32}, {'c' * 32}")
    environment.setenv("LK_FACTOR_KEY", "d" * 32)
    environment.setenv("LK_FACTOR_KEYS_ACCEPTED", "e" * 32)

    chosen = settings.read()

    signer = chosen.signer
    assert (signer.secret_key, signer.accepted_keys) == (b"a" * 32, (b"b" * 32, b"c" * 32))
    assert signer.encryption_keys == (b"d" * 32, b"e" * 32)
    shown = {row.variable: row.value for row in setting_views(chosen)}
    assert shown["LK_SECRET_KEYS_ACCEPTED"] == "(set), (set)"
    assert not any(letter * 32 in repr(chosen) for letter in "abcde")
    environment.setenv("LK_SECRET_KEYS_ACCEPTED", "short")
    with pytest.raises(settings.InvalidSettings) as refused:
        settings.read()
    assert refused.value.sentences == ["LK_SECRET_KEYS_ACCEPTED: must have at least 32 characters."]


def test_the_list_has_every_setting_with_its_description_and_no_secret(
    environment: pytest.MonkeyPatch,
):
    for name, value in (PRODUCTION | {"LK_FILES_URL": "s3://key:hunter2@s3/files"}).items():
        environment.setenv(name, value)
    rows = list(setting_views(settings.read()))
    assert [row.variable for row in rows if not row.description.endswith(".")] == []
    assert {row.variable: row.value for row in rows if row.value == "(set)"}.keys() == {
        "LK_DATABASE_URL",
        "LK_SMTP_URL",
        "LK_SECRET_KEY",
        "LK_FILES_URL",
    }
    assert not any(secret in str(rows) for secret in ("hunter2", KEY))
    assert not any(secret in repr(settings.read()) for secret in ("hunter2", KEY))


def test_without_a_factor_key_the_secret_key_encrypts_while_others_are_accepted():
    chosen = settings.read(secret_key="a" * 32, factor_keys_accepted=("e" * 32,))
    assert chosen.signer.encryption_keys == (b"a" * 32, b"e" * 32)

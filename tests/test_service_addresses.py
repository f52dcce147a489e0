"""Addresses of services in settings: used as they are meant, or refused without a secret."""

from pathlib import Path
from typing import Any

import pytest

from lk_graphql import settings
from lk_graphql.api.middleware import Origins
from lk_graphql.app import build_files, build_mailer
from lk_graphql.kit.service_urls import split_service_url
from lk_graphql.ports.mail.smtp import server

BUILDERS: dict[str, Any] = {
    "smtp://lk:{}@mail.example:25": ("smtp_url", build_mailer),
    "s3://lk:{}@files.example:9000/bucket": ("files_url", build_files),
}


@pytest.mark.parametrize("form", BUILDERS)
@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("a/hunter2", "can't be divided into its parts: write the characters / ? # [ ] and %"),
        ("hunter2/a", "can't be divided into its parts: write the characters / ? # [ ] and %"),
        ("hunter2#a", "can't be divided into its parts: write the characters / ? # [ ] and %"),
        ("hunter2?a", "can't be divided into its parts: write the characters / ? # [ ] and %"),
        ("[hunter2]", "can't be divided into its parts: write the characters / ? # [ ] and %"),
        ("hunter2%E9", "has percent-encoded bytes that aren't UTF-8."),
    ],
)
def test_an_ambiguous_password_is_refused_without_being_quoted(
    form: str, password: str, reason: str
):
    name, build = BUILDERS[form]
    chosen = settings.read(public_url="https://lk.example", **{name: form.format(password)})
    with pytest.raises(settings.InvalidSettings) as refused:
        build(chosen)

    (sentence,) = refused.value.sentences
    assert sentence.startswith(f"LK_{name.upper()}: {reason}")
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    "url", ["smtp://lk:p@mail:smtp", "smtp://lk:p@mail:65536", "smtp://::1", "smtp://mail..example"]
)
def test_an_invalid_port_or_host_is_refused(url: str):
    with pytest.raises(ValueError, match="can't be divided into its parts"):
        split_service_url(url)


@pytest.mark.parametrize(
    "rest",
    ["?timeout=hunter2", "?timeout=0", "?timeout=-1", "?timeout=nan", "/hunter2", "#hunter2"],
)
def test_a_time_limit_of_mail_is_seconds_and_nothing_follows_the_host(rest: str):
    with pytest.raises(ValueError, match="An SMTP address") as refused:
        server(f"smtp://mail.example{rest}")

    assert "hunter2" not in str(refused.value)
    assert server("smtp://mail.example?timeout=2.5").timeout == 2.5


def test_a_folder_that_can_t_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "taken").write_bytes(b"")
    folder = tmp_path / "taken" / "files"
    with pytest.raises(settings.InvalidSettings) as refused:
        build_files(settings.read(files_url=f"file://{folder}"))

    assert refused.value.sentences == [
        f"LK_FILES_URL: the folder {folder} can't be created: Not a directory."
    ]


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://кабинет.рф", "https://xn--80acmlhv0b.xn--p1ai"),
        ("https://LK.Example.com:443", "https://lk.example.com"),
    ],
)
def test_the_server_url_is_right_behind_a_proxy_that_sends_another_host(
    public_url: str, origin: str
):
    origins = Origins(settings.read(public_url=public_url).public_url)
    headers = {"host": "127.0.0.1:8000", "origin": origin}

    origins.require_same_site(headers)
    assert origins.server_url(headers) == origin

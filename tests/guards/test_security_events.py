"""Security events: what a failed sign-in leaves, and what it must not contain."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.guards.security_events import failed_sign_ins, network
from lk_graphql.identity.errors import CaptchaWrong, WrongEmailOrPassword
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.signing import Signer
from tests.factories.accounts import NOW

SIGNER = Signer(b"s" * 32)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", None),
        ("testclient", None),
        ("203.0.113.7:443", None),
    ],
)
def test_an_address_becomes_a_network(address: str, expected: str | None):
    assert network(address) == expected


def lines_of(error: Exception, login: str, kind: str = "customer") -> list[Any]:
    with (
        capture_logs() as lines,
        pytest.raises(type(error)),
        failed_sign_ins(kind, login, address="203.0.113.7", is_known_device=False, signer=SIGNER),
    ):
        raise error
    return lines


def test_a_refusal_is_a_line_with_code_network_and_hmac():
    (line,) = lines_of(WrongEmailOrPassword(), "anna@example.com")
    subject = line.pop("subject")
    assert line == {
        "event": "sign_in_failed",
        "log_level": "warning",
        "kind": "customer",
        "code": "WRONG_EMAIL_OR_PASSWORD",
        "network": "203.0.113.0/24",
        "is_known_device": False,
    }
    assert len(subject) == 64
    assert "anna" not in subject


def test_the_hmac_is_the_same_for_a_login_and_no_other():
    refusals: list[Refusal] = [WrongEmailOrPassword(), RateLimitExceeded(NOW, now=NOW)]
    subjects = {lines_of(refusal, "anna@example.com")[0]["subject"] for refusal in refusals}
    assert len(subjects) == 1
    others = {
        lines_of(WrongEmailOrPassword(), "boris@example.com")[0]["subject"],
        lines_of(WrongEmailOrPassword(), "anna@example.com", "staff")[0]["subject"],
    }
    assert len(subjects | others) == 3


def test_each_refusal_of_a_form_is_a_line_and_other_exceptions_are_none():
    lines = lines_of(Refusals([CaptchaWrong(), WrongEmailOrPassword()]), "x")
    assert [line["code"] for line in lines] == ["CAPTCHA_WRONG", "WRONG_EMAIL_OR_PASSWORD"]
    assert lines_of(RuntimeError("x"), "x") == []

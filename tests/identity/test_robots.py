"""What robots send: the limits hold over HTTP as they do in production, and nothing breaks."""

import time
from typing import Any

import pytest

from lk_graphql.identity.models import Attempts, User
from lk_graphql.identity.service import limits
from lk_graphql.ports.passwords import Passwords
from tests.factories import identity
from tests.identity.browser import Browser

SIGN_IN = """{alias}: sessionCreate(
  input: {{ email: "{email}", password: "{password}", delivery: BEARER }}
) {{ token errors {{ code }} }}"""
FORM = {
    "lastName": "Иванова",
    "firstName": "Анна",
    "hasNoPatronymic": True,
    "phone": "+79131234567",
    "password": identity.PASSWORD,
    "termsVersion": identity.VERSION,
    "personalDataVersion": identity.VERSION,
}


def sign_ins(count: int, email: str = "robot{n}@example.com", password: str = "Wrong1234") -> str:
    tries = (
        SIGN_IN.format(alias=f"a{n}", email=email.format(n=n), password=password)
        for n in range(count)
    )
    return f"mutation {{ {' '.join(tries)} }}"


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost as much as in production."""
    monkeypatch.setattr(identity, "PASSWORDS", Passwords())


async def test_a_thousand_sign_ins_in_one_request_are_none(browser: Browser):
    began = time.monotonic()
    answer = await browser.ask(sign_ins(1000))
    assert time.monotonic() - began < 1
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["TOO_COMPLEX"]
    assert await Attempts.all().count() == 0


@pytest.mark.usefixtures("dear")
async def test_no_request_hashes_more_than_a_few_passwords(browser: Browser):
    refused, answered = await browser.ask(sign_ins(6)), await browser.ask(sign_ins(5))
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["TOO_COMPLEX"]
    assert codes_in(answered) == ["WRONG_EMAIL_OR_PASSWORD"] * 5


async def test_many_addresses_are_tried_no_more_often_in_one_request_than_one_by_one(
    browser: Browser,
):
    allowed = limits.SIGN_IN_FROM_CLIENT.windows[0].attempts
    answers = [await browser.ask(sign_ins(5, f"robot{n}-{{n}}@example.com")) for n in range(14)]
    codes = [code for answer in answers for code in codes_in(answer)]
    assert codes == ["WRONG_EMAIL_OR_PASSWORD"] * allowed + ["TOO_MANY_TRIES"] * (70 - allowed)


async def test_a_flood_of_registrations_ends_at_the_client_s_limit(browser: Browser):
    codes: list[str] = []
    for n in range(13):
        made = await browser.change("captchaCreate", "captcha { id }", withAudio=False)
        captcha = {"id": made["captcha"]["id"], "code": "kept7"}
        form: dict[str, Any] = {**FORM, "email": f"robot{n}@example.com", "captcha": captcha}
        codes += codes_of(await browser.change("userRegister", "sentTo", **form))
    allowed = limits.REGISTER_FROM_CLIENT.windows[0].attempts
    assert codes == ["TOO_MANY_TRIES"] * (13 - allowed)
    assert await User.all().count() == allowed
    assert len(await browser.mails()) == allowed


def codes_of(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def codes_in(answer: dict[str, Any]) -> list[str]:
    """Of all payloads of an answer without a top-level error."""
    assert "errors" not in answer, answer
    return [code for payload in answer["data"].values() for code in codes_of(payload)]

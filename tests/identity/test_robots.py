"""Rate and complexity limits over HTTP, with the settings of production."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.models import Attempts, User
from lk_graphql.identity.service import limits
from lk_graphql.kit.addresses import client_network
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
def production_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at the cost of production."""
    monkeypatch.setattr(identity, "PASSWORDS", Passwords())


async def test_hundreds_of_sign_ins_in_one_request_are_none(browser: Browser):
    start = time.monotonic()
    response = await browser.execute(sign_ins(400))
    assert time.monotonic() - start < 1
    assert [error["extensions"]["code"] for error in response["errors"]] == ["TOO_COMPLEX"]
    assert await Attempts.all().count() == 0


@pytest.mark.usefixtures("production_hashes")
async def test_no_request_hashes_more_than_a_few_passwords(browser: Browser):
    refused, accepted = await browser.execute(sign_ins(6)), await browser.execute(sign_ins(5))
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["TOO_COMPLEX"]
    assert codes_in(accepted) == ["WRONG_EMAIL_OR_PASSWORD"] * 5


async def test_many_addresses_are_tried_no_more_often_in_one_request_than_one_by_one(
    browser: Browser,
):
    limit = limits.SIGN_IN_FROM_CLIENT.windows[0].attempts
    responses = [
        await browser.execute(sign_ins(5, f"robot{n}-{{n}}@example.com")) for n in range(14)
    ]
    codes = [code for response in responses for code in codes_in(response)]
    assert codes == ["WRONG_EMAIL_OR_PASSWORD"] * limit + ["TOO_MANY_TRIES"] * (70 - limit)


async def test_a_flood_of_registrations_ends_at_the_client_s_limit(browser: Browser):
    codes: list[str] = []
    limit = limits.REGISTER_FROM_CLIENT
    async with AttemptCounter(identity.LINKS, datetime.now(UTC)) as attempts:
        for _ in range(limit.windows[0].attempts - 10):
            await attempts.count(limit, client_network("127.0.0.1"))
    for n in range(13):
        created = await browser.mutate("captchaCreate", "captcha { id }", withAudio=False)
        captcha = {"id": created["captcha"]["id"], "code": "kept7"}
        form: dict[str, Any] = {**FORM, "email": f"robot{n}@example.com", "captcha": captcha}
        codes += codes_of(await browser.mutate("userRegister", "sentTo", **form))
    assert codes == ["TOO_MANY_TRIES"] * 3
    assert await User.all().count() == 10
    assert len(await browser.mails()) == 10


def codes_of(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def codes_in(response: dict[str, Any]) -> list[str]:
    """Return the error codes of all payloads; fails on a top-level error."""
    assert "errors" not in response, response
    return [code for payload in response["data"].values() for code in codes_of(payload)]

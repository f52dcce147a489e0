"""Known devices: strangers' attempts don't lock a login out where it has signed in before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lk_graphql.guards import devices
from lk_graphql.identity.models import Attempts, Session
from lk_graphql.identity.service import captchas
from tests.factories import identity
from tests.factories.accounts import LINKS
from tests.factories.identity import EMAIL, PASSWORD
from tests.support.client import ApiClient

SIGN_IN = """mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
  viewer { id sessions { isCurrent } } token deviceToken expiresAt
  errors { code path message retryAt } } }"""
CHANGE = """mutation ($input: PasswordResetInput!) { passwordReset(input: $input) {
  isReset errors { code } } }"""
WRONG = "Wrong1234"


@dataclass
class Device:
    """A browser with its cookies; each has an address of its own."""

    api: ApiClient
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    set_cookies: list[str] = field(default_factory=list[str])

    async def sign_in(
        self, email: str = EMAIL, password: str = PASSWORD, *, solved: bool = False
    ) -> list[str]:
        """The codes of the refusals."""
        values: dict[str, Any] = {"email": email, "password": password, "delivery": "COOKIE"}
        if solved:
            values["captcha"] = await captcha(self.api.clock())
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"cookie": cookie, "origin": "https://lk.example"} if cookie else {}
        self.api.http.cookies.clear()
        answer = await self.api.http.post(
            "/graphql", json={"query": SIGN_IN, "variables": {"input": values}}, headers=headers
        )
        self.set_cookies = answer.headers.get_list("set-cookie")
        for line in self.set_cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.api.http.cookies.clear()
        return [error["code"] for error in answer.json()["data"]["sessionCreate"]["errors"]]

    def forget_session(self) -> None:
        self.cookies.pop("__Host-lk_session", None)


async def captcha(now: datetime) -> dict[str, str]:
    stored = await captchas.store("A7K2", "4711", signer=LINKS, now=now)
    return {"id": f"cap_{stored.id.hex}", "code": "a7k2"}


async def attack(api: ApiClient, email: str = EMAIL, times: int = 6) -> list[str]:
    """Codes of strangers' wrong passwords, each from a new browser."""
    return [
        code
        for number in range(times)
        for code in await Device(api).sign_in(email, WRONG, solved=number > 2)
    ]


async def test_a_known_device_signs_in_while_others_are_locked_out(api: ApiClient):
    await identity.user()
    known = Device(api)
    assert await known.sign_in() == []
    known.forget_session()
    assert await attack(api) == ["WRONG_EMAIL_OR_PASSWORD"] * 5 + ["TOO_MANY_TRIES"]
    assert await Device(api).sign_in(solved=True) == ["TOO_MANY_TRIES"]
    assert await known.sign_in() == []
    known.forget_session()
    assert await Device(api).sign_in(solved=True) == ["TOO_MANY_TRIES"]  # it gave them no new tries
    assert await known.sign_in() == []


async def test_the_cookie_is_for_the_cabinet_s_own_pages(api: ApiClient):
    await identity.user()
    device = Device(api)
    await device.sign_in()
    _, cookie = device.set_cookies
    value, *attributes = cookie.split("; ")
    assert value.startswith("__Host-lk_device=")
    expires = attributes.pop(1)
    assert attributes == ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"]
    until = datetime.strptime(expires, "Expires=%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(until - datetime.now(UTC) - devices.LIFETIME) < timedelta(minutes=1)


async def test_a_device_has_limits_of_its_own(api: ApiClient):
    await identity.user()
    known = Device(api)
    await known.sign_in()
    known.forget_session()
    tries = [await known.sign_in(password=WRONG) for _ in range(4)]
    assert tries == [["WRONG_EMAIL_OR_PASSWORD"]] * 3 + [["CAPTCHA_REQUIRED"]]
    tries = [await known.sign_in(password=WRONG, solved=True) for _ in range(3)]
    assert tries == [["WRONG_EMAIL_OR_PASSWORD"]] * 2 + [["TOO_MANY_TRIES"]]
    assert await known.sign_in(solved=True) == ["TOO_MANY_TRIES"]
    assert await Device(api).sign_in() == []  # others aren't concerned
    api.clock.now = datetime.now(UTC) + timedelta(minutes=16)
    assert await known.sign_in(solved=True) == []


async def test_a_device_isn_t_known_to_other_logins(api: ApiClient):
    await identity.user()
    await identity.user("other@example.com")
    mallory = Device(api)
    assert await mallory.sign_in("other@example.com") == []
    mallory.forget_session()
    for number in range(5):
        assert await mallory.sign_in(password=WRONG, solved=number > 2) == [
            "WRONG_EMAIL_OR_PASSWORD"
        ]
    assert await Device(api).sign_in(solved=True) == ["TOO_MANY_TRIES"]


async def test_a_known_device_signs_in_beyond_its_network_s_limit(api: ApiClient):
    """Thousands share the address of a mobile operator."""
    await identity.user()
    known = Device(api)
    await known.sign_in()
    known.forget_session()
    codes = [await Device(api).sign_in(f"robot{n}@example.com", WRONG) for n in range(60)]
    assert codes[-1] == ["TOO_MANY_TRIES"]
    assert await Device(api).sign_in() == ["TOO_MANY_TRIES"]
    assert await known.sign_in() == []


async def test_one_login_can_t_have_passwords_hashed_without_end(api: ApiClient):
    """Each success makes a new device, with new counters."""
    await identity.user()
    device = Device(api)
    codes: list[str] = []
    while not codes:
        codes = await device.sign_in()
        device.forget_session()
    assert codes == ["TOO_MANY_TRIES"]
    assert await Session.all().count() == 61
    assert await Device(api).sign_in() == []  # unknown devices aren't concerned


async def test_a_family_s_computer_knows_five_logins(api: ApiClient):
    emails = [f"family{n}@example.com" for n in range(6)]
    for email in emails:
        await identity.user(email)
    computer = Device(api)
    for email in emails:
        assert await computer.sign_in(email) == []
        computer.forget_session()
    for email in emails[:2]:
        await attack(api, email)
    assert len(computer.cookies["__Host-lk_device"].split("~")) == 5
    assert await computer.sign_in(emails[0], solved=True) == ["TOO_MANY_TRIES"]  # the oldest
    assert await computer.sign_in(emails[1]) == []


async def test_a_new_password_ends_the_block_of_a_device(api: ApiClient):
    user = await identity.user()
    known = Device(api)
    await known.sign_in()
    known.forget_session()
    for number in range(5):
        await known.sign_in(password=WRONG, solved=number > 2)
    assert await known.sign_in(solved=True) == ["TOO_MANY_TRIES"]
    user.password_hash = await identity.PASSWORDS.hash("Kuzbass43y")
    await user.save()
    assert await known.sign_in(password="Kuzbass43y") == []


def forged(token: str, other: str) -> Sequence[str]:
    login, end, signature = token.split(".")
    return (
        other,
        f"{other.split('.', maxsplit=1)[0]}.{end}.{signature}",
        f"{login}.{int(end) + 1}.{signature}",
        f"{login}.{end}.{signature[:-2]}AA",
        f"{login}.{end}",
        "x" * 4000,
        "..",
        "~~~~~~~~~~~~~~~",
        "",
    )


async def test_a_program_sends_the_token_and_a_forged_one_is_none(api: ApiClient):
    await identity.user()
    await identity.user("other@example.com")

    async def sign_in(email: str = EMAIL, device: str | None = None, **changed: Any) -> Any:
        values = {"email": email, "password": PASSWORD, "delivery": "BEARER", **changed}
        answer = await api.post(SIGN_IN, input=values | {"deviceToken": device})
        return answer["data"]["sessionCreate"]

    token, other = [(await sign_in(email))["deviceToken"] for email in (EMAIL, "other@example.com")]
    await attack(api)
    for wrong in (None, *forged(token, other)):
        solved = await captcha(datetime.now(UTC))
        refused = await sign_in(device=wrong, captcha=solved)
        assert [error["code"] for error in refused["errors"]] == ["TOO_MANY_TRIES"], wrong
        assert (refused["token"], refused["deviceToken"]) == (None, None)
    assert (await sign_in(device=token))["errors"] == []
    api.clock.now = datetime.now(UTC) + devices.LIFETIME + timedelta(minutes=1)
    await attack(api)
    late = await sign_in(device=token, captcha=await captcha(api.clock()))
    assert [error["code"] for error in late["errors"]] == ["TOO_MANY_TRIES"]


async def test_a_token_opens_nothing_and_nothing_of_it_is_stored(api: ApiClient):
    await identity.user()
    device = Device(api)
    await device.sign_in()
    token = device.cookies["__Host-lk_device"]
    answer = await api.post("{ viewer { email } }", token)
    assert answer["data"] == {"viewer": None}
    headers = {"cookie": f"__Host-lk_device={token}"}
    guest = await api.http.post("/graphql", json={"query": "{ viewer { id } }"}, headers=headers)
    assert guest.json()["data"] == {"viewer": None}
    assert await Session.all().count() == 1
    assert await Attempts.filter(key__startswith="sign-in/device").count() == 0

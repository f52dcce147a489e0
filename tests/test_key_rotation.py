"""New keys for a running cabinet: what outlives them, for how long, and what ends."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from pyotp.totp import TOTP

from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service.consents import publish
from lk_graphql.staff.models import StaffMember
from tests.support.cli_process import lk, start_lk, wait_for
from tests.support.sandbox_acquirer import free_port

OLD, NEW, FACTOR = "o" * 32, "n" * 32, "f" * 32
CUSTOMER, ADMIN, PASSWORD = "anna@example.com", "admin@example.com", "Kuzbass42"
NAMES = ("--last-name", "Петрова", "--first-name", "Анна", "--patronymic", "")

SIGN_IN = """mutation ($email: String!, $password: String!, $device: String) {
  sessionCreate(input: { email: $email, password: $password, delivery: BEARER,
    deviceToken: $device }) { token deviceToken errors { code } } }"""
STAFF_SIGN_IN = """mutation ($email: String!, $password: String!, $code: String) {
  staffSessionCreate(input: { email: $email, password: $password, code: $code, delivery: BEARER }) {
    token enrolment { secret } errors { code } } }"""
SET_PASSWORD = """mutation ($token: String!, $password: String!) {
  staffPasswordSet(input: { token: $token, newPassword: $password }) { isSet errors { code } } }"""
FEED = """mutation { calendarFeedSwitch(input: { on: true }) {
  viewer { calendarUrl } errors { code } } }"""
ME = "{ viewer { email } }"


class Cabinet:
    """A running `lk serve` with some keys."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, query: str, bearer: str = "", **variables: str) -> Any:
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        body = {"query": query, "variables": variables}
        answer = httpx.post(f"{self.url}/graphql", json=body, headers=headers).json()
        assert "errors" not in answer, answer
        (value,) = answer["data"].values()
        return value

    def status(self, url: str) -> int:
        """The status of an address, whose host is the one that customers see."""
        return httpx.get(self.url + url.removeprefix("https://lk.example.com")).status_code

    def staff(self, code: str | None = None) -> Any:
        values = {"code": code} if code else {}
        return self.post(STAFF_SIGN_IN, email=ADMIN, password=PASSWORD, **values)


@pytest_asyncio.fixture
async def documents(database: str) -> None:
    await publish(demo_documents())


@contextmanager
def serving(dsn: str, folder: Path, **keys: str) -> Generator[Cabinet]:
    port = free_port()
    settings = {
        "LK_DATABASE_URL": dsn,
        "LK_SMTP_URL": "smtp://127.0.0.1:1",
        "LK_PUBLIC_URL": "https://lk.example.com",
        "LK_PORT": str(port),
    }
    process = start_lk("serve", log=folder / "log", **settings, **keys)
    try:
        wait_for(f"http://127.0.0.1:{port}", process.is_alive)
        yield Cabinet(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.join(30)


def invite(dsn: str, email: str, key: str) -> str:
    """The token of a new member's invitation."""
    words = ("staff", "add", email, "--role", "admin", *NAMES)
    settings = {"LK_DATABASE_URL": dsn, "LK_PUBLIC_URL": "https://lk.example.com"}
    done = lk(*words, LK_SECRET_KEY=key, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().partition("#token=")[2]


async def test_keys_rotate_and_sessions_stay_valid(database: str, documents: None, tmp_path: Path):
    done = lk(
        *("user", "create", CUSTOMER, *NAMES, "--phone", "+79135554433", "--password", PASSWORD),
        LK_DATABASE_URL=database,
    )
    assert done.returncode == 0, done.stderr
    invitation = invite(database, ADMIN, OLD)
    unused = invite(database, "second@example.com", OLD)

    with serving(database, tmp_path, LK_SECRET_KEY=OLD) as cabinet:
        session = cabinet.post(SIGN_IN, email=CUSTOMER, password=PASSWORD)
        feed = cabinet.post(FEED, session["token"])["viewer"]["calendarUrl"]
        cabinet.post(SET_PASSWORD, token=invitation, password=PASSWORD)
        app = TOTP(cabinet.staff()["enrolment"]["secret"])
        clerk = cabinet.staff(app.now())["token"]
        assert clerk

    await _forget_last_step()
    keys = {"LK_SECRET_KEY": NEW, "LK_SECRET_KEYS_ACCEPTED": OLD, "LK_FACTOR_KEY": FACTOR}
    with serving(database, tmp_path, **keys) as cabinet:
        assert cabinet.post(ME, session["token"])["email"] == CUSTOMER
        assert cabinet.status(feed) == 200
        assert cabinet.staff(app.now())["token"]
        device = session["deviceToken"]
        again = cabinet.post(SIGN_IN, email=CUSTOMER, password=PASSWORD, device=device)
        assert again["errors"] == []
        new_feed = cabinet.post(ME.replace("email", "calendarUrl"), session["token"])
        assert cabinet.status(new_feed["calendarUrl"]) == 200

    done = lk("secrets", "rotate", LK_DATABASE_URL=database, **keys)
    assert (done.returncode, done.stdout) == (
        0,
        "Second factors encrypted with the newest key: 1\n",
    )

    await _forget_last_step()
    keys = {"LK_SECRET_KEY": NEW, "LK_FACTOR_KEY": FACTOR}
    with serving(database, tmp_path, **keys) as cabinet:
        assert cabinet.post(ME, session["token"])["email"] == CUSTOMER
        assert cabinet.staff(app.now())["token"]
        assert cabinet.status(new_feed["calendarUrl"]) == 200
        assert cabinet.status(feed) == 404
        refused = cabinet.post(SET_PASSWORD, token=unused, password=PASSWORD)
        assert refused["errors"] == [{"code": "INVITATION_INVALID"}]


async def test_a_missing_key_is_reported_and_no_secret_changed(
    database: str, documents: None, tmp_path: Path
):
    invitation = invite(database, ADMIN, OLD)
    with serving(database, tmp_path, LK_SECRET_KEY=OLD) as cabinet:
        cabinet.post(SET_PASSWORD, token=invitation, password=PASSWORD)
        cabinet.staff()
    before = await StaffMember.all().values_list("factor_secret", flat=True)

    done = lk("secrets", "rotate", LK_DATABASE_URL=database, LK_SECRET_KEY=NEW)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("A second factor was encrypted with a key that isn't set.")
    assert await StaffMember.all().values_list("factor_secret", flat=True) == before


async def _forget_last_step() -> None:
    """Let the current code count again: the test doesn't wait for the next half minute."""
    await StaffMember.all().update(last_step=None)

"""Equal work for known and unknown addresses.

The tests compare SQL statements and hashes instead of times, which vary on a busy machine.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from lk_graphql.identity.errors import WrongEmailOrPassword
from lk_graphql.identity.service import authentication, passwords, registration
from lk_graphql.identity.service.authentication import Credentials
from lk_graphql.kit.viewer import SignInSource
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories import identity
from tests.factories.identity import CLIENT, EMAIL, LINKS, NOW, PASSWORD
from tests.support.sql_recorder import SqlRecorder, recording

UNKNOWN = "nobody@example.com"


class CountingPasswords(Passwords):
    def __init__(self) -> None:
        super().__init__(HashCost(8, 1))
        self.work: list[str] = []

    async def hash(self, password: str) -> str:
        self.work.append("hash")
        return await super().hash(password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        self.work.append("verify")
        return await super().verify(hashed, password)


@dataclass
class Work:
    """Recorder of the SQL statements and the hashes of a call."""

    hashes: CountingPasswords = field(default_factory=CountingPasswords)

    async def of(self, call: Callable[[], Awaitable[Any]]) -> list[str]:
        recorder = SqlRecorder()
        self.hashes.work.clear()
        async with recording(recorder):
            await call()
        assert len(recorder.statements) > 2
        return [*(statement.sql for statement in recorder.statements), *self.hashes.work]


@pytest.fixture
def work() -> Work:
    return Work()


async def test_registering_takes_the_same_work_for_an_existing_address(
    empty_database: asyncpg.Connection, work: Work
):
    await identity.user()

    async def register(email: str) -> None:
        form = await identity.form(email=email)
        await registration.register(
            form, client=CLIENT, now=NOW, passwords=work.hashes, signer=LINKS
        )

    work_for_known = await work.of(lambda: register(EMAIL))
    assert work_for_known == await work.of(lambda: register(UNKNOWN))
    assert work_for_known.count("hash") == 1


async def test_signing_in_takes_the_same_work_for_an_existing_address(
    empty_database: asyncpg.Connection, work: Work
):
    await identity.user()

    async def sign_in(email: str) -> None:
        with pytest.raises(WrongEmailOrPassword):
            await authentication.sign_in(
                Credentials(email, "Wrong1234"),
                source=SignInSource(CLIENT), now=NOW, passwords=work.hashes, signer=LINKS,
            )  # fmt: skip

    work_for_known = await work.of(lambda: sign_in(EMAIL))
    assert work_for_known == await work.of(lambda: sign_in(UNKNOWN))
    assert work_for_known.count("verify") == 1


@pytest.mark.parametrize("request_mail", [registration.resend_activation, passwords.request_reset])
@pytest.mark.parametrize("activated", [True, False])
async def test_requesting_a_mail_takes_the_same_work_for_an_existing_address(
    empty_database: asyncpg.Connection,
    work: Work,
    request_mail: Callable[..., Awaitable[None]],
    *,
    activated: bool,
):
    await identity.user(activated=activated)

    async def call(email: str) -> None:
        await request_mail(email, client=CLIENT, signer=LINKS, now=NOW)

    work_for_known = await work.of(lambda: call(EMAIL))
    assert work_for_known == await work.of(lambda: call(UNKNOWN))


async def test_a_dummy_is_no_password(empty_database: asyncpg.Connection):
    with pytest.raises(WrongEmailOrPassword):
        await authentication.sign_in(
            Credentials(UNKNOWN, PASSWORD),
            source=SignInSource(CLIENT), now=NOW, passwords=CountingPasswords(), signer=LINKS,
        )  # fmt: skip

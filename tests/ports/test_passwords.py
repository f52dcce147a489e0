import asyncio

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError

from lk_graphql.kit.errors import Unavailable
from lk_graphql.ports.passwords import HashCost, Passwords

CHEAP = HashCost(memory_kib=8, passes=1)


@pytest.fixture
def passwords():
    passwords = Passwords(CHEAP)
    yield passwords
    passwords.close()


async def test_only_the_right_password_is_verified(passwords: Passwords):
    hashed = await passwords.hash("Kuzbass42")

    assert hashed.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await passwords.verify(hashed, "Kuzbass42")
    assert not await passwords.verify(hashed, "kuzbass42")
    assert not await passwords.verify(hashed, "")


async def test_equal_passwords_have_unequal_hashes(passwords: Passwords):
    assert await passwords.hash("Kuzbass42") != await passwords.hash("Kuzbass42")


async def test_one_password_may_be_spelled_in_two_ways(passwords: Passwords):
    hashed = await passwords.hash("Синий\u0438\u0306 aB3")

    assert await passwords.verify(hashed, "Синий\u0439 aB3")


async def test_an_unknown_customer_is_never_verified(passwords: Passwords):
    assert not await passwords.verify(None, "Kuzbass42")


async def test_a_password_longer_than_the_rules_allow_is_never_verified(passwords: Passwords):
    hashed = await passwords.hash("x" * 128)

    assert await passwords.verify(hashed, "x" * 128)
    assert not await passwords.verify(hashed, "x" * 129)
    assert not await passwords.verify(hashed, "x" * 1_000_000)


async def test_half_a_character_is_only_wrong(passwords: Passwords):
    assert not await passwords.verify(await passwords.hash("Kuzbass42"), "Kuzbass\ud800")


async def test_a_broken_hash_is_a_bug_and_not_a_wrong_password(passwords: Passwords):
    with pytest.raises(InvalidHashError):
        await passwords.verify("plain text", "plain text")


async def test_a_hash_of_another_cost_is_made_anew(passwords: Passwords):
    hashed = await passwords.hash("Kuzbass42")
    costlier = Passwords(HashCost(memory_kib=16, passes=1))

    assert not passwords.needs_rehash(hashed)
    assert costlier.needs_rehash(hashed)
    assert await costlier.verify(hashed, "Kuzbass42")
    costlier.close()


async def test_an_unknown_customer_costs_a_hash_like_an_existing_one(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
):
    hashed = await passwords.hash("Kuzbass42")
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, hashed: str, password: str) -> bool:
        verified.append(hashed.rpartition("$")[0].rpartition("$")[0])  # without salt and hash
        return verify(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not await passwords.verify(hashed, "another one")
    assert not await passwords.verify(None, "another one")
    existing, unknown = verified
    assert existing == unknown != ""


async def test_a_full_queue_refuses_new_calls_and_answers_the_others():
    passwords = Passwords(HashCost(memory_kib=8 * 1024, passes=2), at_once=1, waiting=3)
    hashing = [asyncio.create_task(passwords.hash("Kuzbass42")) for _ in range(3)]
    await asyncio.sleep(0)

    for refused in (passwords.hash("Kuzbass42"), passwords.verify(None, "Kuzbass42")):
        with pytest.raises(Unavailable):
            await refused
    with pytest.raises(Unavailable):
        passwords.require_capacity()

    assert len(await asyncio.gather(*hashing)) == 3
    assert await passwords.hash("Kuzbass42")
    passwords.close()


async def test_a_call_that_waits_too_long_is_refused_and_leaves_the_queue():
    passwords = Passwords(HashCost(memory_kib=64 * 1024, passes=4), at_once=1, seconds=0.001)

    outcomes = await asyncio.gather(
        *(passwords.hash("Kuzbass42") for _ in range(3)), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
    passwords.require_capacity()
    passwords.close()


async def test_cancelled_callers_leave_the_queue():
    passwords = Passwords(HashCost(memory_kib=8 * 1024, passes=2), at_once=1, waiting=2)
    hashing = [asyncio.create_task(passwords.hash("Kuzbass42")) for _ in range(2)]
    await asyncio.sleep(0)
    for task in hashing:
        task.cancel()
    await asyncio.gather(*hashing, return_exceptions=True)

    assert await passwords.hash("Kuzbass42")
    passwords.close()


async def test_the_event_loop_runs_while_passwords_are_hashed():
    passwords = Passwords(HashCost(memory_kib=32 * 1024, passes=3), at_once=1)
    hashing = asyncio.gather(*(passwords.hash("Kuzbass42") for _ in range(3)))
    turns = 0

    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 10
    passwords.close()

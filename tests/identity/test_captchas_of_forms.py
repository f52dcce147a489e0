"""Lifetime, attempts and use of captchas."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.errors import CaptchaExpired, CaptchaWrong
from lk_graphql.identity.models import Captcha
from lk_graphql.identity.service import captchas
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.kit.errors import Refusal
from lk_graphql.ports.captcha import FixedCaptchas
from tests.factories import identity
from tests.factories.identity import CLIENT, CODE, LINKS, NOW


async def outcome(answer: CaptchaAnswer, code: str, after: timedelta = timedelta(0)) -> str:
    try:
        await captchas.check(CaptchaAnswer(answer.id, code), signer=LINKS, now=NOW + after)
    except Refusal as refusal:
        return refusal.code
    return "right"


async def test_the_picture_and_the_recording_each_solve_a_captcha(
    empty_database: asyncpg.Connection,
):
    captcha = await captchas.create(drawing=FixedCaptchas(), client=CLIENT, signer=LINKS, now=NOW)
    answer = CaptchaAnswer(captcha.id, "")
    assert await outcome(answer, " kept 7") == "right"
    assert await outcome(answer, "КЕРТ7") == "right"  # typed on a Russian keyboard
    assert await outcome(answer, "123456") == "right"
    assert await Captcha.filter(failures=0).count() == 1


async def test_the_third_mistake_ends_a_captcha(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    outcomes = [await outcome(answer, "nope") for _ in range(3)]
    assert outcomes == ["CAPTCHA_WRONG", "CAPTCHA_WRONG", "CAPTCHA_EXPIRED"]
    assert await outcome(answer, CODE) == "CAPTCHA_EXPIRED"


async def test_simultaneous_guesses_are_limited_to_three(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    outcomes = await asyncio.gather(*(outcome(answer, f"guess{n}") for n in range(20)))
    assert outcomes.count("CAPTCHA_WRONG") == 2
    assert await Captcha.filter(failures=3).count() == 1


async def test_a_captcha_expires_after_five_minutes(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    assert await outcome(answer, CODE, timedelta(minutes=5) - timedelta(seconds=1)) == "right"
    assert await outcome(answer, CODE, timedelta(minutes=5)) == "CAPTCHA_EXPIRED"


async def test_an_unknown_captcha_has_expired(empty_database: asyncpg.Connection):
    assert await outcome(CaptchaAnswer(None, ""), CODE) == "CAPTCHA_EXPIRED"


async def test_of_two_simultaneous_uses_of_a_captcha_one_counts(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    uses = (captchas.use(answer, now=NOW) for _ in range(2))
    results = await asyncio.gather(*uses, return_exceptions=True)
    assert [type(result) for result in results if result] == [CaptchaExpired]
    assert await outcome(answer, CODE) == "CAPTCHA_EXPIRED"


async def test_only_fingerprints_of_captchas_are_stored_and_they_differ(
    empty_database: asyncpg.Connection,
):
    await identity.solved_captcha()
    await identity.solved_captcha()
    first, second = await Captcha.all()
    assert first.picture_hash != second.picture_hash
    assert len(first.picture_hash) == len(first.audio_hash) == 32


async def test_the_drawing_of_captchas_is_limited(empty_database: asyncpg.Connection):
    async def create() -> None:
        await captchas.create(drawing=FixedCaptchas(), client=CLIENT, signer=LINKS, now=NOW)

    for _ in range(30):
        await create()
    with pytest.raises(RateLimitExceeded):
        await create()
    assert await Captcha.all().count() == 30
    assert CaptchaWrong.code != RateLimitExceeded.code

"""Exact rate limits: concurrent attempts, several windows, and rollbacks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import (
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
    RateLimitExceeded,
)
from lk_graphql.identity.models import Attempts
from lk_graphql.identity.service import limits
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.signing import Signer

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
SIGNER = Signer(b"k" * 32)
FIVE = AttemptLimit("test", (AttemptWindow(5, timedelta(minutes=15)),))
SECONDS = timedelta(seconds=1)


async def passes(limit: AttemptLimit, moment: datetime, subject: str = "x") -> bool:
    try:
        await AttemptCounter(SIGNER, moment).count(limit, subject)
    except RateLimitExceeded:
        return False
    return True


async def test_of_fifty_simultaneous_attempts_exactly_five_pass(database: str):
    attempts = [passes(FIVE, NOW + n * timedelta(milliseconds=1)) for n in range(50)]
    assert sum(await asyncio.gather(*attempts)) == 5


async def test_a_refused_attempt_has_the_moment_of_the_next_one(database: str):
    for second in range(5):
        assert await passes(FIVE, NOW + second * SECONDS)
    with pytest.raises(RateLimitExceeded) as error:
        await AttemptCounter(SIGNER, NOW + 60 * SECONDS).count(FIVE, "x")
    retry_at = error.value.retry_at
    assert retry_at == NOW + timedelta(minutes=15)
    assert not await passes(FIVE, retry_at - SECONDS)
    assert await passes(FIVE, retry_at)
    assert not await passes(FIVE, retry_at)


async def test_an_attempt_beyond_the_limit_is_a_security_event_without_its_subject(database: str):
    email = "anna@example.com"
    with capture_logs() as lines:
        results = [await passes(FIVE, NOW, email) for _ in range(7)]
    assert results == [True] * 5 + [False] * 2
    first, second = lines
    assert first == second
    assert (first["event"], first["kind"], first["log_level"]) == (
        "limit_exhausted", "test", "warning",
    )  # fmt: skip
    assert first["subject"] == SIGNER.fingerprint("test", email)
    assert email not in repr(lines)


async def test_subjects_do_not_share(database: str):
    assert [await passes(FIVE, NOW, "a") for _ in range(6)] == [True] * 5 + [False]
    assert await passes(FIVE, NOW, "b")


async def test_the_wait_grows_with_the_failures(database: str):
    moment, moments = NOW, list[datetime]()
    for _ in range(21):
        moment = await rate_limits.available_at(
            limits.SIGN_INS.of_login.with_captcha, "x", signer=SIGNER, now=moment
        )
        assert await passes(limits.SIGN_INS.of_login.with_captcha, moment)
        moments.append(moment)
    assert moments[4] == NOW
    assert moments[5] == NOW + timedelta(minutes=15)
    assert moments[10] == NOW + timedelta(hours=3)
    assert moments[20] == NOW + timedelta(days=1)


async def test_a_rollback_of_the_request_keeps_the_attempt(database: str):
    async with in_transaction():
        with pytest.raises(RuntimeError):
            await AttemptCounter(SIGNER, NOW).count(FIVE, "x")
    assert await Attempts.all().count() == 0


@pytest.mark.parametrize(
    ("reason", "remaining"),
    [(Unavailable("database"), 1), (RateLimitExceeded(NOW, now=NOW), 2), (RuntimeError(), 2)],
)
async def test_only_an_outage_returns_an_attempt(database: str, reason: Exception, remaining: int):
    """Of two tries of the same moment, one; the subject of another limit keeps its own."""
    await AttemptCounter(SIGNER, NOW).count(FIVE, "x")
    await AttemptCounter(SIGNER, NOW).count(FIVE, "y")

    async def work() -> None:
        async with AttemptCounter(SIGNER, NOW) as attempts:
            await attempts.count(FIVE, "x")
            raise reason

    with pytest.raises(type(reason)):
        await work()

    counts = sorted([len(row.moments) for row in await Attempts.all()])
    assert counts == sorted([1, remaining])


async def test_keys_have_no_personal_data_and_rows_do_not_grow(database: str):
    for day in range(30):
        assert await passes(FIVE, NOW + timedelta(days=day), "ivanov@example.com")
    row = await Attempts.get()
    assert "ivanov" not in row.key
    assert row.moments == [NOW + timedelta(days=day) for day in range(25, 30)]
    assert row.forget_at == NOW + timedelta(days=29, minutes=15)


async def test_clearing_an_attempt_limit_is_complete(database: str):
    assert [await passes(FIVE, NOW) for _ in range(6)][-1] is False
    await rate_limits.reset(FIVE, "x", signer=SIGNER)
    assert await Attempts.all().count() == 0


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.integers(0, 400), max_size=25),
    windows=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 2000)), min_size=1, max_size=3),
)
async def test_the_limit_agrees_with_a_list_of_moments(
    database: str, gaps: list[int], windows: list[tuple[int, int]]
):
    await Attempts.all().delete()
    limit = AttemptLimit(
        "test",
        tuple(AttemptWindow(attempts, span * SECONDS) for attempts, span in windows),
    )
    moment, passed = NOW, list[datetime]()
    for gap in gaps:
        moment += gap * SECONDS
        fits = all(
            sum(earlier + window.span > moment for earlier in passed) < window.attempts
            for window in limit.windows
        )
        assert await passes(limit, moment) is fits
        passed += [moment] * fits


def test_a_household_is_one_client():
    assert client_network("2001:db8:1:2:aaaa::1") == client_network("2001:db8:1:2:bbbb::9")
    assert client_network("2001:db8:1:2::1") != client_network("2001:db8:1:3::1")
    assert client_network("::ffff:192.0.2.1") == "192.0.2.1"
    assert client_network("testclient") == "testclient"


def test_limits_that_count_together_have_the_same_name_and_maximum():
    assert (
        limits.SIGN_INS.of_login.with_captcha.name == limits.SIGN_INS.of_login.without_captcha.name
    )
    assert (
        limits.SIGN_INS.of_login.with_captcha.max_attempts
        == limits.SIGN_INS.of_login.without_captcha.max_attempts
    )

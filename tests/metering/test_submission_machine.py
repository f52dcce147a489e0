"""Random steps of users, staff, billing and the calendar keep readings consistent.

Steps run over HTTP; `reading_model` has the expected answers and rows.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from lk_graphql.identity.models import User
from lk_graphql.metering.models import AnomalyRule, LatePolicy, Reading, Register, WindowRule
from tests.factories.accounts import given_bare_account, given_meter, given_session, given_user
from tests.factories.metering import given_read, given_rules
from tests.metering.driver import given_driver
from tests.metering.reading_model import BEGINNING, LINKED, OFFLINE_DAYS, START, TURN
from tests.metering.street import Street
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner
from tests.support.path_comparison import EXAMPLES

LONG_AFTER = datetime(2027, 1, 1, tzinfo=UTC)
EVERY = {
    "ACCEPTED",
    "NEEDS_CONFIRMATION",
    "WINDOW_CLOSED",
    "PERIOD_BILLED",
    "TAKEN_TOO_LONG_AGO",
    "ZONES_MISSING",
    "TAKEN_BEFORE_PREVIOUS",
    "TOO_MANY_DIGITS",
    "BELOW_PREVIOUS",
    "REGISTER_NOT_FOUND",
    "REGISTER_REPEATED",
    "METER_REMOVED",
    "ACCOUNT_NOT_FOUND",
    "CONFIRMATION_NEEDED",
    "CONFIRM_TOKEN_INVALID",
    "READING_FINAL",
    "READING_NOT_FOUND",
    "IDEMPOTENCY_CONFLICT",
    "ANOTHER_COUNTS",
    "confirm",
    "withdraw",
    "reject",
    "accept",
    "load",
}
"""Outcomes that must occur in a run, so that it covers all rules."""

Step = tuple[Any, ...]

read = st.sampled_from(["day", "night", "single"])
whose = st.sampled_from(["anna", "anna", "anna", "boris", "clara"])
changes = st.sampled_from([0, 40, 150, 290, 900, 900, -30, -400, TURN])
registers = st.sampled_from(["day", "night", "single", "single", "gone", "foreign"])
entries = st.one_of(
    st.tuples(*(st.tuples(st.just(name), changes) for name in ("day", "night", "single"))),
    st.tuples(*(st.tuples(st.just(name), changes) for name in ("night", "day"))),
    st.lists(st.tuples(registers, changes), min_size=1, max_size=3).map(tuple),
)
ago = st.sampled_from([0, 0, 0, 0, 1, OFFLINE_DAYS, OFFLINE_DAYS + 1])
places = st.sampled_from([0, 0, 1, 2, 5])
seldom = st.sampled_from([False, False, True])
sources = st.sampled_from(["CUSTOMER", "CONTROLLER", "CONTROLLER", "ESTIMATED"])
KINDS: dict[str, st.SearchStrategy[Step]] = {
    "wait": st.tuples(st.just("wait"), st.sampled_from([1, 2, 3, 9])),
    "send": st.tuples(st.just("send"), whose, entries, ago, seldom, seldom),
    "repeat": st.tuples(st.just("repeat"), places, st.sampled_from(["same", "other"])),
    "confirm": st.tuples(st.just("confirm"), whose, st.sampled_from([0, 0, 1])),
    "withdraw": st.tuples(st.just("withdraw"), whose, places),
    "judge": st.tuples(st.sampled_from(["accept", "reject"]), places),
    "bill": st.tuples(st.just("bill"), st.sampled_from([1, 1, 1, 1, 0])),
    "return": st.tuples(st.just("give_back"), places),
    "load": st.tuples(st.just("load"), read, changes, st.sampled_from([0, 0, 1, 9]), sources),
}
often = ["send"] * 7 + ["wait", "confirm", "judge"] * 2
steps = st.lists(
    st.sampled_from([*KINDS, *often]).flatmap(KINDS.__getitem__), min_size=40, max_size=50
)

SELDOM: list[Step] = [
    ("send", "anna", (("night", 40),), 0, False, False),
    ("load", "day", 0, 0, "CONTROLLER"),
    ("send", "anna", (("day", 40), ("night", 40)), 0, False, False),
    ("wait", 1),
    ("send", "anna", (("day", TURN), ("single", 900)), 0, False, False),
    ("accept", 0),
    ("load", "single", 40, 1, "CUSTOMER"),
]
"""Rare outcomes of random steps: a missing zone, an inspector's reading of the same day."""


@pytest_asyncio.fixture
async def street(api: ApiClient, tmp_path: Path) -> AsyncGenerator[Street]:
    """Anna and Boris have the account linked; Clara has not."""
    await given_rules()
    await WindowRule.all().update(offline_days=OFFLINE_DAYS)
    await AnomalyRule.all().update(usual_months=999, least_months=999)
    people = {name: await given_user(f"{name}@example.com") for name in (*LINKED, "clara")}
    sessions = {
        name: await given_session(await User.get(id=viewer.id), LONG_AFTER)
        for name, viewer in people.items()
    }
    meter = await given_meter(await given_bare_account("9999999999"))
    register = await Register.filter(meter=meter).first()
    assert register
    await Reading.filter(register=register).delete()
    street = Street(
        api,
        ImportRunner(tmp_path),
        people,
        sessions,
        (register, await given_read(register, START, BEGINNING)),
    )
    yield street
    assert {*street.outcomes} >= EVERY, EVERY - {*street.outcomes}


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 40) or 8,
    derandomize=not EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking a list of steps takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(policy=LatePolicy.REFUSED, drawn=SELDOM)
@given(policy=st.sampled_from(LatePolicy), drawn=steps)
async def test_random_submissions_keep_the_invariants_of_readings(
    street: Street, policy: LatePolicy, drawn: list[Step]
):
    await WindowRule.all().update(late_policy=policy)
    driver = await given_driver(street, late_ones_count=policy is LatePolicy.NEXT_PERIOD)
    await driver.wait(0)
    for step in drawn:
        await driver.take(step)

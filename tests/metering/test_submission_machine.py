"""Whatever people, staff, billing and the calendar do, and in whatever order, readings stay sane.

A model in plain Python foretells each step's outcome; the real service and database follow.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from cabinet import COMPANY
from equality import EXAMPLES
from given_accounts import LINKS, given_bare_account, given_link, given_user
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from metering.given_home import given_read, noon
from metering.given_rules import given_rules

from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.periods import month_of, shift
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import (
    AnomalyRule,
    LatePolicy,
    Meter,
    Reading,
    Register,
    WindowRule,
    Zone,
)
from lk_graphql.metering.service import changes, submission
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.books import Moment
from lk_graphql.metering.service.checks import Entry
from lk_graphql.metering.service.submission import Form, Outcome

TURN = 10_000
START, BEGINNING = 9_700, date(2026, 1, 20)
USUAL = 3 * 100  # thrice the norm of one person: there are too few months for an average
POSSIBLE = 15 * 24

sending = st.tuples(st.just("send"), st.sampled_from([0, 1, 40, 150, 290, 900, -30, -400]))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 12)),
        sending,
        sending,
        sending,
        st.tuples(st.just("repeat"), st.just(0)),
        st.tuples(st.just("confirm"), st.just(0)),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
        st.tuples(st.just("accept"), st.just(0)),
        st.tuples(st.just("reject"), st.integers(0, 3)),
        st.tuples(st.just("bill"), st.just(0)),
    ),
    min_size=12,
    max_size=40,
)
Step = tuple[str, int]


@dataclass
class Sent:
    """A reading as the model knows it."""

    value: int
    taken_on: date
    period: date
    state: str
    key: UUID = field(default_factory=lambda: UUID(int=0))


@dataclass
class Told:
    """The model: what should be there after each step."""

    today: date = date(2026, 2, 16)
    billed: date = date(2026, 1, 1)
    sent: list[Sent] = field(
        default_factory=lambda: [Sent(START, BEGINNING, date(2026, 1, 1), "ACCEPTED")]
    )

    @property
    def period(self) -> date:
        month = month_of(self.today)
        return month if self.today.day <= 25 else shift(month, 1)

    @property
    def is_open(self) -> bool:
        return self.today.day >= 15

    def living(self, *states: str) -> list[Sent]:
        return [one for one in self.sent if one.period == self.period and one.state in states]

    @property
    def last(self) -> Sent:
        accepted = [s for s in self.sent if s.state == "ACCEPTED" and s.period != self.period]
        return max(accepted, key=lambda one: one.taken_on)

    def expected(self, value: int) -> str:
        """The state or the code that sending a value should give."""
        if not self.is_open:
            return "WINDOW_CLOSED"
        if self.period <= self.billed:
            return "PERIOD_BILLED"
        last = self.last
        if (last.taken_on, last.period) >= (self.today, self.period):
            return "TAKEN_BEFORE_PREVIOUS"
        passed, days = (value - last.value) % TURN, (self.today - last.taken_on).days
        if value < last.value and passed > days * POSSIBLE:
            return "BELOW_PREVIOUS"
        months = max(
            1, (self.period.year - last.period.year) * 12 + self.period.month - last.period.month
        )
        return "NEEDS_CONFIRMATION" if passed > USUAL * months else "ACCEPTED"


@dataclass
class World:
    """The real thing, driven step by step beside the model.

    `newest` is the last sending; `token` the last that was given, for the reading `asked`.
    """

    viewer: Viewer
    account_id: UUID
    register: Register
    told: Told = field(default_factory=Told)
    keys: Any = field(default_factory=lambda: count(1))
    newest: tuple[Form, str, Moment, Outcome] | None = None
    token: str | None = None
    asked: UUID | None = None

    @property
    def billing(self) -> BillingSide:
        async def billed_through(_account_id: UUID) -> date | None:
            return self.told.billed

        side = BillingSide()
        side.billed_through = billed_through
        return side

    @property
    def moment(self) -> Moment:
        return Moment(noon(self.told.today), None, COMPANY)

    async def take(self, step: Step) -> None:
        name, number = step
        await getattr(self, name)(number)
        await self.look()

    async def wait(self, days: int) -> None:
        self.told.today += timedelta(days=days)

    async def send(self, change: int) -> None:
        """A value as far from the last accepted one."""
        value = (self.told.last.value + change) % TURN
        form = Form(self.account_id, [Entry(self.register.id, Decimal(value))])
        key, expected = f"key {next(self.keys)}", self.told.expected(value)
        done = await submission.submit(
            self.viewer, form, key, self.moment, billing=self.billing, links=LINKS
        )
        (entry,) = done.entries
        self.newest = (form, key, self.moment, done)
        if "reading" not in entry:
            assert entry["fault"]["code"] == expected
            return
        assert entry["status"] == expected
        replaced = ("NEEDS_CONFIRMATION", "ON_REVIEW")
        for one in self.told.living(*replaced, *(["ACCEPTED"] if expected == "ACCEPTED" else [])):
            one.state = "SUPERSEDED"
        one = Sent(value, self.told.today, self.told.period, expected, UUID(entry["reading"]))
        self.told.sent.append(one)
        if done.token:
            self.token, self.asked = done.token, one.key

    async def repeat(self, _: int) -> None:
        """The last sending once more, whatever has happened since."""
        if self.newest:
            form, key, moment, done = self.newest
            again = await submission.submit(
                self.viewer, form, key, moment, billing=self.billing, links=LINKS
            )
            assert again == done

    async def confirm(self, _: int) -> None:
        """What the newest token is for, if that still waits."""
        if self.token is None:
            return
        waiting = [
            s for s in self.told.sent if (s.state, s.key) == ("NEEDS_CONFIRMATION", self.asked)
        ]
        code = await self.refusal(
            changes.confirm(
                self.viewer,
                self.token,
                f"confirm {next(self.keys)}",
                billing=self.billing,
                links=LINKS,
                now=self.moment.now,
            )
        )
        if not waiting:
            assert code == "CONFIRM_TOKEN_INVALID"
        elif waiting[0].period <= self.told.billed:
            assert code == "PERIOD_BILLED"
        else:
            assert code is None
            waiting[0].state = "ON_REVIEW"

    async def withdraw(self, place: int) -> None:
        await self.change(
            place, "WITHDRAWN", lambda key: changes.withdraw(self.viewer, key, billing=self.billing)
        )

    async def reject(self, place: int) -> None:
        await self.change(
            place,
            "REJECTED",
            lambda key: changes.reject_reading(
                key, "Нет", billing=self.billing, now=self.moment.now
            ),
        )

    async def change(self, place: int, state: str, act: Callable[[UUID], Awaitable[Any]]) -> None:
        """The newest but `place` becomes so, while it counts or may and isn't billed."""
        mine = self.told.sent[1:][::-1]
        if place >= len(mine):
            return
        one = mine[place]
        code = await self.refusal(act(one.key))
        if one.period <= self.told.billed:
            assert code == "PERIOD_BILLED"
        elif one.state in ("ACCEPTED", "NEEDS_CONFIRMATION", "ON_REVIEW"):
            assert code is None
            one.state = state
        else:
            assert code == "READING_FINAL"

    async def accept(self, _: int) -> None:
        """Staff accept the oldest that waits."""
        waiting = [s for s in self.told.sent if s.state in ("NEEDS_CONFIRMATION", "ON_REVIEW")]
        if not waiting:
            return
        one = waiting[0]
        code = await self.refusal(
            changes.accept_reading(one.key, billing=self.billing, now=self.moment.now)
        )
        if one.period <= self.told.billed:
            assert code == "PERIOD_BILLED"
            return
        assert code is None
        for other in self.told.sent:
            if other.period == one.period and other.state == "ACCEPTED":
                other.state = "SUPERSEDED"
        one.state = "ACCEPTED"

    async def bill(self, _: int) -> None:
        """The month before the one that readings count for now."""
        self.told.billed = max(self.told.billed, shift(self.told.period, -1))

    async def refusal(self, act: Awaitable[Any]) -> str | None:
        try:
            await act
        except Refusals as several:
            return several.found[0].code
        except Refusal as one:
            return one.code
        return None

    async def look(self) -> None:
        """The database holds what the model says, and nothing besides."""
        rows = await Reading.filter(register=self.register).order_by("id")
        found = [(int(r.value), r.taken_on, r.period, r.state.value) for r in rows]
        assert found == [(s.value, s.taken_on, s.period, s.state) for s in self.told.sent]
        for states in (["ACCEPTED"], ["NEEDS_CONFIRMATION", "ON_REVIEW"]):
            periods = [s.period for s in self.told.sent if s.state in states]
            assert len(periods) == len(set(periods))


async def new_world() -> World:
    """An account of its own for each example: the rules are everybody's."""
    number = new_key().hex[-12:]
    viewer = await given_user(f"{number}@example.com")
    account = await given_bare_account(number, residents=1)
    await given_link(viewer, account)
    meter = await Meter.create(
        account=account, serial="1", model="M", ratio=Decimal(1), installed_on=date(2020, 1, 1)
    )
    register = await Register.create(
        meter=meter, position=1, zone=Zone.SINGLE, label="T1", digits=4
    )
    await given_read(register, START, BEGINNING)
    return World(viewer, account.id, register)


@pytest_asyncio.fixture
async def rules(database: str) -> None:
    await given_rules()
    await WindowRule.all().update(late_policy=LatePolicy.NEXT_PERIOD)
    await AnomalyRule.all().update(usual_months=999, least_months=999)


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 20) or 40,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),  # to shrink a list of steps takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=steps)
async def test_readings_stay_sane(rules: None, drawn: list[Step]):
    world = await new_world()
    for step in drawn:
        await world.take(step)

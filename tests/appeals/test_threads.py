"""Whatever people do to a thread in whatever order, it stays one."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, Direction
from lk_graphql.appeals.service import customers, staff, threads
from lk_graphql.appeals.service.threads import MessageStream
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import NOW
from tests.factories.appeals import TODAY, given_appeal, sending
from tests.factories.staff import staff_viewer

STEPS = 30


class Thread:
    """One appeal, and what a very simple book-keeper thinks of it."""

    def __init__(self, viewer: Viewer, clerk: UUID, appeal: Appeal, dice: Random) -> None:
        self.viewer, self.clerk, self.id, self.dice = viewer, clerk, appeal.id, dice
        self.now = NOW
        self.state, self.count, self.taken, self.answered = AppealState.NEW, 1, False, False

    async def step(self) -> None:
        """Do something; refused exactly when the book-keeper says so."""
        self.now += timedelta(minutes=1)
        act, allowed = self.dice.choice(self._acts())
        try:
            await act()
        except (Refusal, Refusals):
            assert not allowed, act
        else:
            assert allowed, act

    def _acts(self) -> list[tuple[Any, bool]]:
        is_open = self.state is not AppealState.CLOSED
        return [
            (self.reply, is_open),
            (self.answer, is_open),
            (self.close, is_open),
            (self.reopen, not is_open),
            (self.claim, is_open),
            (self.give_back, is_open),
            (self.rate, self.answered),
            (self.read, True),
        ]

    async def reply(self) -> None:
        await customers.reply(self.viewer, self.id, "Ещё", sending(self.now))
        self.count += 1
        if self.state is AppealState.ANSWERED:
            self.state = AppealState.IN_PROGRESS if self.taken else AppealState.NEW

    async def answer(self) -> None:
        await staff.answer(staff_viewer(self.clerk), self.id, "Ответ", now=self.now)
        self.count += 1
        self.state, self.taken, self.answered = AppealState.ANSWERED, True, True

    async def close(self) -> None:
        await customers.close(self.viewer, self.id, rating=None, now=self.now)
        self.state = AppealState.CLOSED

    async def reopen(self) -> None:
        await customers.reopen(self.viewer, self.id, "Снова", sending(self.now))
        self.count += 1
        self.state = AppealState.IN_PROGRESS if self.taken else AppealState.NEW

    async def claim(self) -> None:
        await staff.claim(self.clerk, self.id, now=self.now)
        self.taken = True
        if self.state is AppealState.NEW:
            self.state = AppealState.IN_PROGRESS

    async def give_back(self) -> None:
        await staff.transfer(self.id, today=TODAY)
        self.taken = False
        if self.state is not AppealState.ANSWERED:
            self.state = AppealState.NEW

    async def rate(self) -> None:
        await customers.rate(self.viewer, self.id, self.dice.randint(1, 5))

    async def read(self) -> None:
        until = self.dice.randint(0, self.count + 1)
        await customers.mark_read(self.viewer, self.id, until=until, now=self.now)

    async def check(self) -> None:
        """The rows say what the book-keeper says."""
        appeal = await Appeal.get(id=self.id)
        assert (appeal.state, appeal.message_count) == (self.state, self.count)
        assert (appeal.clerk_id is not None) == self.taken
        numbers = await AppealMessage.filter(appeal_id=self.id).order_by("created_at", "number")
        assert [message.number for message in numbers] == [*range(1, self.count + 1)]


@pytest.mark.parametrize("seed", range(3))
async def test_a_thread_keeps_its_order_whatever_is_done_to_it(
    anna: Viewer, clerk: UUID, seed: int
):
    dice = Random(seed)
    thread = Thread(anna, clerk, await given_appeal(anna), dice)
    watched, told = MessageStream(anna, thread.id), list[UUID]()
    for step in range(STEPS):
        await thread.step()
        await thread.check()
        if step % dice.randint(1, 5) == 0:
            told += await watched.added()
    told += await watched.added()
    messages = await AppealMessage.filter(appeal_id=thread.id).order_by("number")
    assert told == [message.id for message in messages][-len(told) :]
    assert len(set(told)) == len(told)


async def test_watching_from_a_message_on_tells_all_that_came_since(anna: Viewer, clerk: UUID):
    first, other = await given_appeal(anna), await given_appeal(anna)
    seen = await AppealMessage.get(appeal=other)
    later = NOW + timedelta(hours=1)
    added = [
        await staff.answer(staff_viewer(clerk), first.id, "Раз", now=later),
        await staff.answer(staff_viewer(clerk), other.id, "Два", now=later + timedelta(minutes=1)),
    ]
    for appeal_id, expected in ((None, added), (other.id, added[1:])):
        watched = MessageStream(anna, appeal_id)
        await watched.resume_after(anna, seen.id)
        assert await watched.added() == expected
        assert await watched.added() == []


async def test_the_newest_message_is_told_first(anna: Viewer, boris: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    answer = await staff.answer(staff_viewer(clerk), appeal.id, "Раз", now=NOW + timedelta(hours=1))
    watched = MessageStream(anna, None)
    assert await watched.added() == [answer]
    assert await MessageStream(boris, None).added() == []
    assert not await MessageStream(boris, appeal.id).exists()


async def test_reading_tells_those_who_watch_and_adds_nothing(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    await staff.answer(staff_viewer(clerk), appeal.id, "Раз", now=NOW)
    watched = MessageStream(anna, None)
    await watched.added()
    await customers.mark_read(anna, appeal.id, until=9, now=NOW)
    assert await watched.added() == []
    assert await threads.mark_read(appeal, Direction.RECEIVED, 9, now=NOW) == 0
    assert (await AppealMessage.get(appeal=appeal, number=2)).read_at == NOW

"""Random operations on a thread, compared with a simple model."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, Direction
from lk_graphql.appeals.service import customers, staff, threads
from lk_graphql.appeals.service.threads import MessageStream
from lk_graphql.database import raw_sql
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import NOW
from tests.factories.appeals import TODAY, given_appeal, sending
from tests.factories.staff import staff_viewer

STEPS = 30


class Thread:
    """An appeal with a model of its expected state."""

    def __init__(self, viewer: Viewer, clerk: UUID, appeal: Appeal, rng: Random) -> None:
        self.viewer, self.clerk, self.id, self.rng = viewer, clerk, appeal.id, rng
        self.now = NOW
        self.state, self.count, self.is_claimed, self.is_answered = AppealState.NEW, 1, False, False

    async def step(self) -> None:
        """Perform a random operation; it is refused exactly if the model forbids it."""
        self.now += timedelta(minutes=1)
        operation, is_allowed = self.rng.choice(self._operations())
        try:
            await operation()
        except (Refusal, Refusals):
            assert not is_allowed, operation
        else:
            assert is_allowed, operation

    def _operations(self) -> list[tuple[Any, bool]]:
        is_open = self.state is not AppealState.CLOSED
        return [
            (self.reply, is_open),
            (self.answer, is_open),
            (self.close, is_open),
            (self.reopen, not is_open),
            (self.claim, is_open),
            (self.give_back, is_open),
            (self.rate, self.is_answered),
            (self.read, True),
        ]

    async def reply(self) -> None:
        await customers.reply(self.viewer, self.id, "Ещё", sending(self.now))
        self.count += 1
        if self.state is AppealState.ANSWERED:
            self.state = AppealState.IN_PROGRESS if self.is_claimed else AppealState.NEW

    async def answer(self) -> None:
        await staff.answer(staff_viewer(self.clerk), self.id, "Ответ", now=self.now)
        self.count += 1
        self.state, self.is_claimed, self.is_answered = AppealState.ANSWERED, True, True

    async def close(self) -> None:
        await customers.close(self.viewer, self.id, rating=None, now=self.now)
        self.state = AppealState.CLOSED

    async def reopen(self) -> None:
        await customers.reopen(self.viewer, self.id, "Снова", sending(self.now))
        self.count += 1
        self.state = AppealState.IN_PROGRESS if self.is_claimed else AppealState.NEW

    async def claim(self) -> None:
        await staff.claim(self.clerk, self.id, now=self.now)
        self.is_claimed = True
        if self.state is AppealState.NEW:
            self.state = AppealState.IN_PROGRESS

    async def give_back(self) -> None:
        await staff.transfer(self.id, today=TODAY)
        self.is_claimed = False
        if self.state is not AppealState.ANSWERED:
            self.state = AppealState.NEW

    async def rate(self) -> None:
        await customers.rate(self.viewer, self.id, self.rng.randint(1, 5))

    async def read(self) -> None:
        until = self.rng.randint(0, self.count + 1)
        await customers.mark_read(self.viewer, self.id, until=until, now=self.now)

    async def check(self) -> None:
        """Compare the rows with the model."""
        appeal = await Appeal.get(id=self.id)
        assert (appeal.state, appeal.message_count) == (self.state, self.count)
        assert (appeal.clerk_id is not None) == self.is_claimed
        numbers = await AppealMessage.filter(appeal_id=self.id).order_by("created_at", "number")
        assert [message.number for message in numbers] == [*range(1, self.count + 1)]


@pytest.mark.parametrize("seed", range(3))
async def test_a_thread_keeps_its_order_whatever_is_done_to_it(
    anna: Viewer, clerk: UUID, seed: int
):
    rng = Random(seed)
    thread = Thread(anna, clerk, await given_appeal(anna), rng)
    stream, delivered = MessageStream(anna, thread.id), list[UUID]()
    for step in range(STEPS):
        await thread.step()
        await thread.check()
        if step % rng.randint(1, 5) == 0:
            delivered += await stream.new_message_keys()
    delivered += await stream.new_message_keys()
    messages = await AppealMessage.filter(appeal_id=thread.id).order_by("number")
    assert delivered == [message.id for message in messages][-len(delivered) :]
    assert len(set(delivered)) == len(delivered)


async def test_a_resumed_stream_has_all_messages_since_a_message(anna: Viewer, clerk: UUID):
    first, second = await given_appeal(anna), await given_appeal(anna)
    last_seen = await AppealMessage.get(appeal=second)
    later = NOW + timedelta(hours=1)
    answers = [
        await staff.answer(staff_viewer(clerk), first.id, "Раз", now=later),
        await staff.answer(staff_viewer(clerk), second.id, "Два", now=later + timedelta(minutes=1)),
    ]
    for appeal_id, expected in ((None, answers), (second.id, answers[1:])):
        stream = MessageStream(anna, appeal_id)
        await stream.resume_after(last_seen.id)
        assert await stream.new_message_keys() == expected
        assert await stream.new_message_keys() == []


async def test_a_message_that_waited_for_another_one_comes_after_it(anna: Viewer, clerk: UUID):
    """The customer's request begins first, and gets the row lock second."""
    appeal, other = await given_appeal(anna), await given_appeal(anna)
    stream = MessageStream(anna, None)
    await stream.new_message_keys()
    later = NOW + timedelta(hours=1)
    answer = await staff.answer(staff_viewer(clerk), appeal.id, "Раз", now=later)
    await customers.reply(anna, appeal.id, "Два", sending(NOW + timedelta(minutes=1)))
    waited = await staff.answer(
        staff_viewer(clerk), other.id, "Три", now=NOW + timedelta(minutes=2)
    )
    reply = (await AppealMessage.get(appeal=appeal, number=3)).id

    assert await stream.new_message_keys() == [answer, reply, waited]
    for last_seen, expected in ((answer, [reply, waited]), (reply, [waited]), (waited, [])):
        stream = MessageStream(anna, None)
        await stream.resume_after(last_seen)
        assert await stream.new_message_keys() == expected


async def test_numbers_decide_in_an_appeal_whatever_the_clocks_of_servers(
    anna: Viewer, clerk: UUID
):
    appeal = await given_appeal(anna)
    for text in ("Раз", "Два"):
        await staff.answer(staff_viewer(clerk), appeal.id, text, now=NOW)
    second, third = await AppealMessage.filter(appeal=appeal, number__gt=1).order_by("number")
    early = UUID(int=1)
    await raw_sql.fetch("UPDATE appeal_message SET id = $1 WHERE id = $2", early, third.id)

    stream = MessageStream(anna, None)
    await stream.resume_after(second.id)

    assert await stream.new_message_keys() == [early]


async def test_a_new_stream_starts_with_the_newest_message(
    anna: Viewer, boris: Viewer, clerk: UUID
):
    appeal = await given_appeal(anna)
    answer = await staff.answer(staff_viewer(clerk), appeal.id, "Раз", now=NOW + timedelta(hours=1))
    stream = MessageStream(anna, None)
    assert await stream.new_message_keys() == [answer]
    assert await MessageStream(boris, None).new_message_keys() == []
    assert not await MessageStream(boris, appeal.id).exists()


async def test_reading_adds_no_message_to_a_stream(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    await staff.answer(staff_viewer(clerk), appeal.id, "Раз", now=NOW)
    stream = MessageStream(anna, None)
    await stream.new_message_keys()
    await customers.mark_read(anna, appeal.id, until=9, now=NOW)
    assert await stream.new_message_keys() == []
    assert await threads.mark_read(appeal, Direction.RECEIVED, 9, now=NOW) == 0
    assert (await AppealMessage.get(appeal=appeal, number=2)).read_at == NOW

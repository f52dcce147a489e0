"""Appeals from the clerks' side, through the functions that the back office calls."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.appeals import errors
from lk_graphql.appeals.models import AppealMessage, AppealNote, AppealState, Direction
from lk_graphql.appeals.service import staff
from lk_graphql.appeals.service.topics import due_on, last_day
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.kit.working_days import is_working_day
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import NOW
from tests.factories.appeals import QUALITY, QUESTIONS, TODAY, given_appeal, topic_id
from tests.factories.staff import staff_viewer


async def test_one_clerk_has_an_appeal(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    await staff.claim(clerk, appeal.id, now=NOW)
    await staff.claim(clerk, appeal.id, now=NOW)
    for operation in (
        staff.claim(new_key(), appeal.id, now=NOW),
        staff.answer(staff_viewer(new_key()), appeal.id, "Я быстрее", now=NOW),
    ):
        with pytest.raises(errors.AppealTaken):
            await operation
    message = await AppealMessage.get(appeal=appeal)
    assert message.read_at == NOW


async def test_an_answer_creates_one_notice(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    key = await staff.answer(staff_viewer(clerk), appeal.id, " Исправили. ", now=NOW)
    await appeal.refresh_from_db()
    assert (appeal.state, appeal.answered_at, appeal.clerk_id) == (AppealState.ANSWERED, NOW, clerk)
    message = await AppealMessage.get(id=key)
    assert (message.direction, message.text, message.number) == (
        Direction.RECEIVED,
        "Исправили.",
        2,
    )
    notice = await Notice.get(user_id=anna.id)
    assert (notice.kind, notice.subject_id) == (NoticeKind.APPEAL_ANSWERED, appeal.id)


async def test_a_note_is_for_colleagues(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    key = await staff.add_note(clerk, appeal.id, "Позвонить в РЭС", now=NOW)
    assert (await AppealNote.get(id=key)).text == "Позвонить в РЭС"
    assert await AppealMessage.filter(appeal=appeal).count() == 1
    with pytest.raises(errors.StaffAppealNotFound):
        await staff.add_note(clerk, new_key(), "Никому", now=NOW)


async def test_a_transfer_may_shorten_the_term_but_not_prolong_it(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    await staff.claim(clerk, appeal.id, now=NOW)
    queued = await staff.transfer(appeal.id, topic_id=await topic_id(QUALITY), today=TODAY)
    assert (queued.state, queued.clerk_id) == (AppealState.NEW, None)
    assert queued.due_on == date(2026, 11, 25)
    colleague = new_key()
    transferred = await staff.transfer(
        appeal.id, member_id=colleague, topic_id=await topic_id(QUESTIONS), today=TODAY
    )
    assert (transferred.state, transferred.clerk_id, transferred.due_on) == (
        AppealState.IN_PROGRESS,
        colleague,
        date(2026, 11, 25),
    )
    with pytest.raises(errors.TopicNotFound):
        await staff.transfer(appeal.id, topic_id=new_key(), today=TODAY)


async def test_a_closed_appeal_can_t_be_changed(anna: Viewer, clerk: UUID):
    appeal = await given_appeal(anna)
    await staff.close(appeal.id, now=NOW)
    for operation in (
        staff.claim(clerk, appeal.id, now=NOW),
        staff.answer(staff_viewer(clerk), appeal.id, "Поздно", now=NOW),
        staff.transfer(appeal.id, today=TODAY),
        staff.close(appeal.id, now=NOW),
    ):
        with pytest.raises(errors.StaffAppealClosed):
            await operation
    assert await Notice.all().count() == 0


@given(day=st.dates(date(2024, 1, 1), date(2026, 12, 1)), days=st.integers(1, 40))
def test_terms_end_on_working_days_and_never_too_early(day: date, days: int):
    calendar_end = last_day(day, days, are_working_days=False)
    assert is_working_day(calendar_end)
    assert calendar_end >= day + timedelta(days=days)
    working_end = last_day(day, days, are_working_days=True)
    days_between = [
        day + timedelta(days=offset) for offset in range(1, (working_end - day).days + 1)
    ]
    assert sum(map(is_working_day, days_between)) == days
    assert is_working_day(working_end)


async def test_terms_are_those_of_the_topic(database: str):
    assert await due_on(await topic_id(QUALITY), date(2026, 11, 20)) == date(2026, 11, 25)
    assert await due_on(await topic_id(QUESTIONS), date(2026, 11, 20)) == date(2026, 12, 21)
    with pytest.raises(LookupError):
        await due_on(await topic_id(QUALITY), date(2019, 1, 1))

"""What is late is put before the supervisors, and they are told, once."""

from datetime import timedelta

from lk_graphql.appeals.models import Appeal
from lk_graphql.appeals.service import customers, staff
from lk_graphql.backoffice.jobs import escalate
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.ports.jobs import JobContext, run_until_empty
from tests.factories.accounts import NOW
from tests.factories.appeals import given_appeal, sending
from tests.factories.staff import given_staff, staff_viewer
from tests.support.client import COMPANY, ApiClient

LATE = COMPANY.today(NOW) - timedelta(days=1)


async def clock(api: ApiClient, dsn: str, hours: int = 0) -> list[tuple[str, str]]:
    """The clock strikes; who got which mails since the last time."""
    api.mails.sent.clear()
    await escalate(JobContext(api.state.ports, COMPANY, NOW + timedelta(hours=hours)))
    await run_until_empty(api.state.ports, COMPANY, dsn=dsn)
    return [(to, mail.subject) for to, mail in api.mails.sent]


async def test_supervisors_are_told_of_what_has_become_late_once(
    api: ApiClient, anna: Viewer, database: str
):
    clerk = await given_staff()
    await given_staff(Role.SUPERVISOR)
    await given_staff(Role.SUPERVISOR, "gone@example.com", locked_at=NOW)
    await given_staff(Role.ADMIN)
    late, fresh, answered = [await given_appeal(anna) for _ in range(3)]
    await Appeal.filter(id__in=[late.id, answered.id]).update(due_on=LATE)
    await staff.answer(staff_viewer(clerk.id), answered.id, "Ответ", now=NOW)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)

    one = ("supervisor@example.com", "Просроченные обращения: 1")
    assert await clock(api, database) == [one]
    text = api.mails.sent[0][1].text
    assert late.number in text
    assert "Иванова" not in text
    assert await clock(api, database, hours=1) == []
    marks = dict(await Appeal.all().values_list("id", "escalated_at"))
    assert marks == {late.id: NOW, fresh.id: None, answered.id: None}

    await customers.reply(anna, late.id, "Ещё раз", sending())
    await Appeal.filter(id=fresh.id).update(due_on=LATE)
    assert await clock(api, database, hours=2) == [(one[0], "Просроченные обращения: 2")]


async def test_without_supervisors_administrators_are_told(
    api: ApiClient, anna: Viewer, database: str
):
    await given_staff(Role.ADMIN)
    await Appeal.filter(id=(await given_appeal(anna)).id).update(due_on=LATE)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [to for to, _ in await clock(api, database)] == ["admin@example.com"]


async def test_what_was_answered_before_the_mail_left_isn_t_in_it(
    api: ApiClient, anna: Viewer, database: str
):
    clerk = await given_staff()
    await given_staff(Role.SUPERVISOR)
    appeal = await given_appeal(anna)
    await Appeal.filter(id=appeal.id).update(due_on=LATE)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await escalate(JobContext(api.state.ports, COMPANY, NOW))
    await staff.answer(staff_viewer(clerk.id), appeal.id, "Ответ", now=NOW)
    api.mails.sent.clear()
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert api.mails.sent == []

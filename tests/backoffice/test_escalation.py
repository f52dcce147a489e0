"""Escalation of overdue appeals: each is reported to the supervisors once."""

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

YESTERDAY = COMPANY.today(NOW) - timedelta(days=1)


async def run_escalation(api: ApiClient, dsn: str, hours: int = 0) -> list[tuple[str, str]]:
    """Run the job; return recipients and subjects of the mails sent by it."""
    api.mails.sent.clear()
    await escalate(JobContext(api.state.ports, COMPANY, NOW + timedelta(hours=hours)))
    await run_until_empty(api.state.ports, COMPANY, dsn=dsn)
    return [(recipient, mail.subject) for recipient, mail in api.mails.sent]


async def test_supervisors_get_one_mail_about_each_overdue_appeal(
    api: ApiClient, anna: Viewer, database: str
):
    clerk = await given_staff()
    await given_staff(Role.SUPERVISOR)
    await given_staff(Role.SUPERVISOR, "gone@example.com", locked_at=NOW)
    await given_staff(Role.ADMIN)
    overdue, open_appeal, answered_appeal = [await given_appeal(anna) for _ in range(3)]
    await Appeal.filter(id__in=[overdue.id, answered_appeal.id]).update(due_on=YESTERDAY)
    await staff.answer(staff_viewer(clerk.id), answered_appeal.id, "Ответ", now=NOW)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)

    expected = ("supervisor@example.com", "Просроченные обращения: 1")
    assert await run_escalation(api, database) == [expected]
    text = api.mails.sent[0][1].text
    assert overdue.number in text
    assert "Иванова" not in text
    assert await run_escalation(api, database, hours=1) == []
    marks = dict(await Appeal.all().values_list("id", "escalated_at"))
    assert marks == {overdue.id: NOW, open_appeal.id: None, answered_appeal.id: None}

    await customers.reply(anna, overdue.id, "Ещё раз", sending())
    await Appeal.filter(id=open_appeal.id).update(due_on=YESTERDAY)
    assert await run_escalation(api, database, hours=2) == [
        (expected[0], "Просроченные обращения: 2")
    ]


async def test_administrators_get_the_mail_if_there_are_no_supervisors(
    api: ApiClient, anna: Viewer, database: str
):
    await given_staff(Role.ADMIN)
    await Appeal.filter(id=(await given_appeal(anna)).id).update(due_on=YESTERDAY)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [recipient for recipient, _ in await run_escalation(api, database)] == [
        "admin@example.com"
    ]


async def test_an_appeal_answered_before_the_mail_is_not_in_it(
    api: ApiClient, anna: Viewer, database: str
):
    clerk = await given_staff()
    await given_staff(Role.SUPERVISOR)
    appeal = await given_appeal(anna)
    await Appeal.filter(id=appeal.id).update(due_on=YESTERDAY)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await escalate(JobContext(api.state.ports, COMPANY, NOW))
    await staff.answer(staff_viewer(clerk.id), appeal.id, "Ответ", now=NOW)
    api.mails.sent.clear()
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert api.mails.sent == []

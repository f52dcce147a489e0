"""Administrators see who wants to be forgotten, by when, and what was destroyed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.profile.models import Destroyed, ErasureRequest, ErasureState
from lk_graphql.profile.service.erasure import erase_due
from lk_graphql.staff.models import AccessNote, Act
from tests.factories.accounts import given_user
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient

WAITING = """{ staff { administration { waitingErasures { nodes {
  customerId state dueOn isOverdue closedAt protocol { what } } } } } }"""
CLOSED = """{ staff { administration { closedErasures { nodes {
  customerId state isOverdue closedAt protocol { what rows wasDeleted happenedAt } } } } } }"""


async def given_wish(viewer: Viewer, due_on: date, **changed: Any) -> ErasureRequest:
    asked = datetime.combine(due_on - timedelta(days=30), datetime.min.time(), UTC)
    known: dict[str, Any] = {"state": ErasureState.WAITING, **changed}
    return await ErasureRequest.create(
        user_id=viewer.id,
        requested_at=asked,
        starts_at=asked + timedelta(days=14),
        due_on=due_on,
        **known,
    )


async def listed(api: ApiClient, query: str, now: datetime) -> list[dict[str, Any]]:
    token = await given_staff_session(await given_staff(Role.ADMIN))
    (found,) = (await api.ask(query, token, now=now))["staff"]["administration"].values()
    return found["nodes"]


async def test_what_is_overdue_comes_first(
    api: ApiClient, anna: Viewer, boris: Viewer, database: str
):
    now = datetime.now(UTC)
    today, clara = COMPANY.today(now), await given_user("clara@example.com")
    day = timedelta(days=1)
    await given_wish(clara, today + day)
    await given_wish(anna, today)
    await given_wish(boris, today - day)
    await given_wish(boris, today - 9 * day, state=ErasureState.WITHDRAWN, closed_at=now)
    assert await listed(api, WAITING, now) == [
        {
            "customerId": to_public("scu", viewer.id),
            "state": "WAITING",
            "dueOn": due_on.isoformat(),
            "isOverdue": is_overdue,
            "closedAt": None,
            "protocol": [],
        }
        for viewer, due_on, is_overdue in (
            (boris, today - day, True),
            (anna, today, False),
            (clara, today + day, False),
        )
    ]


async def test_the_protocol_of_a_done_one_is_shown_whole(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    now = datetime.now(UTC).replace(microsecond=0)
    today = COMPANY.today(now)
    before = now - timedelta(days=1)
    await given_wish(boris, today, state=ErasureState.WITHDRAWN, closed_at=before)
    done = await given_wish(anna, today - timedelta(days=2))
    await AccessNote.create(user_id=anna.id, what=Act.LOOKED, role=Role.CLERK, happened_at=now)
    assert await erase_due(passwords=api.state.ports.passwords, now=now) == 1

    first, second = await listed(api, CLOSED, now)

    assert (second["state"], second["protocol"]) == ("WITHDRAWN", [])
    lines = {line["what"]: line for line in first.pop("protocol")}
    assert (await ErasureRequest.get(id=done.id)).state is ErasureState.DONE
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert first == {
        "customerId": to_public("scu", anna.id),
        "state": "DONE",
        "isOverdue": False,
        "closedAt": moment,
    }
    assert lines["access_note"] == {
        "what": "access_note", "rows": 1, "wasDeleted": True, "happenedAt": moment,
    }  # fmt: skip
    assert lines["user"] == {
        "what": "user", "rows": 1, "wasDeleted": False, "happenedAt": moment,
    }  # fmt: skip
    assert [*lines] == sorted(lines)
    assert await Destroyed.filter(request=done).count() == len(lines)


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
@pytest.mark.parametrize("query", [WAITING, CLOSED])
async def test_it_is_for_administrators(api: ApiClient, anna: Viewer, role: Role, query: str):
    now = datetime.now(UTC)
    await given_wish(anna, COMPANY.today(now))
    token = await given_staff_session(await given_staff(role))
    assert await api.ask(query, token, now=now) == {"staff": {"administration": None}}
    own = await api.signed_in(anna)
    assert await api.ask(query, own, now=now) == {"staff": None}
    assert await api.ask(query, "", now=now) == {"staff": None}

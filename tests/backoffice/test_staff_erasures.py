"""Erasure requests for administrators: queue, due days, protocol."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.accounts.models import LinkRole
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.profile.models import Destroyed, ErasureRequest, ErasureState
from lk_graphql.profile.service.consent_withdrawal import erase_due
from lk_graphql.staff.models import AccessNote, Act
from tests.factories.accounts import given_account, given_link, given_user
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient

WAITING = """{ staff { administration { waitingErasures { nodes {
  customerId state dueOn isOverdue closedAt protocol { what } } } } } }"""
CLOSED = """{ staff { administration { closedErasures { nodes {
  customerId state isOverdue closedAt protocol { what rows wasDeleted happenedAt } } } } } }"""

CUSTOMERS = """query ($id: ID!) { node(id: $id) { ...Customer }
  staff {
    customers { nodes { ...Customer } }
    account(number: "0012345678") { links { state customer { ...Customer } } } } }
  fragment Customer on StaffCustomer { id fullName emailMasked phoneMasked }"""


async def create_request(viewer: Viewer, due_on: date, **overrides: Any) -> ErasureRequest:
    requested_at = datetime.combine(due_on - timedelta(days=30), datetime.min.time(), UTC)
    columns: dict[str, Any] = {"state": ErasureState.WAITING, **overrides}
    return await ErasureRequest.create(
        user_id=viewer.id,
        requested_at=requested_at,
        starts_at=requested_at + timedelta(days=14),
        due_on=due_on,
        **columns,
    )


async def list_requests(api: ApiClient, query: str, now: datetime) -> list[dict[str, Any]]:
    token = await given_staff_session(await given_staff(Role.ADMIN))
    (connection,) = (await api.ask(query, token, now=now))["staff"]["administration"].values()
    return connection["nodes"]


async def test_overdue_erasure_requests_come_first(
    api: ApiClient, anna: Viewer, boris: Viewer, database: str
):
    now = datetime.now(UTC)
    today, clara = COMPANY.today(now), await given_user("clara@example.com")
    day = timedelta(days=1)
    await create_request(clara, today + day)
    await create_request(anna, today)
    await create_request(boris, today - day)
    await create_request(boris, today - 9 * day, state=ErasureState.WITHDRAWN, closed_at=now)
    assert await list_requests(api, WAITING, now) == [
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


async def test_the_protocol_of_a_finished_erasure_is_complete(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    now = datetime.now(UTC).replace(microsecond=0)
    today = COMPANY.today(now)
    yesterday = now - timedelta(days=1)
    await create_request(boris, today, state=ErasureState.WITHDRAWN, closed_at=yesterday)
    request = await create_request(anna, today - timedelta(days=2))
    await AccessNote.create(user_id=anna.id, what=Act.LOOKED, role=Role.CLERK, happened_at=now)
    assert await erase_due(passwords=api.state.ports.passwords, now=now) == 1

    first, second = await list_requests(api, CLOSED, now)

    assert (second["state"], second["protocol"]) == ("WITHDRAWN", [])
    lines = {line["what"]: line for line in first.pop("protocol")}
    assert (await ErasureRequest.get(id=request.id)).state is ErasureState.DONE
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
    assert await Destroyed.filter(request=request).count() == len(lines)


async def test_an_erased_customer_is_listed_among_the_others(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    now = datetime.now(UTC)
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER, day=1)
    await given_link(boris, account, day=2)
    request = await create_request(anna, COMPANY.today(now))
    assert await erase_due(passwords=api.state.ports.passwords, now=now) == 1
    token = await given_staff_session(await given_staff(Role.ADMIN))

    data = await api.ask(CUSTOMERS, token, now=now, id=to_public("scu", request.user_id))

    erased = {
        "id": to_public("scu", anna.id),
        "fullName": "— —",
        "emailMasked": f"{anna.id.hex[0]}***@erased.invalid",
        "phoneMasked": "+7 0** ***-**-00",
    }
    assert data["node"] == erased
    links = data["staff"]["account"]["links"]
    assert [(link["state"], link["customer"]["emailMasked"]) for link in links] == [
        ("ENDED", erased["emailMasked"]),
        ("ACTIVE", "b***@example.com"),
    ]
    customers = data["staff"]["customers"]["nodes"]
    assert {customer["emailMasked"] for customer in customers} == {
        erased["emailMasked"],
        "b***@example.com",
    }


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
@pytest.mark.parametrize("query", [WAITING, CLOSED])
async def test_the_erasure_requests_are_for_administrators(
    api: ApiClient, anna: Viewer, role: Role, query: str
):
    now = datetime.now(UTC)
    await create_request(anna, COMPANY.today(now))
    token = await given_staff_session(await given_staff(role))
    assert await api.ask(query, token, now=now) == {"staff": {"administration": None}}
    customer_token = await api.signed_in(anna)
    assert await api.ask(query, customer_token, now=now) == {"staff": None}
    assert await api.ask(query, "", now=now) == {"staff": None}

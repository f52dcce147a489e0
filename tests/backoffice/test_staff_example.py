"""The example operations of staff in GraphiQL, run as one working day."""

from pathlib import Path
from typing import Any

import orjson

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.staff.models import StaffMember
from tests.factories.accounts import given_account, given_link
from tests.factories.appeals import given_appeal
from tests.factories.staff import PASSWORD, code, given_staff
from tests.support.client import ApiClient

FOLDER = Path(__file__).parents[2] / "examples" / "operations"
EXAMPLE = (FOLDER / "13-staff.graphql").read_text()
VARIABLES: dict[str, Any] = orjson.loads((FOLDER / "13-staff.json").read_bytes())


async def send_example(api: ApiClient, name: str, **overrides: Any) -> Any:
    """Send one of the example's operations with its variables, authenticated by cookie."""
    body = {"query": EXAMPLE, "operationName": name, "variables": {**VARIABLES, **overrides}}
    answer = (await api.http.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def sign_in(api: ApiClient) -> StaffMember:
    clerk = await given_staff()
    credentials = {"email": clerk.email, "password": PASSWORD, "code": code(clerk)}
    payload = (await send_example(api, "StaffSignIn", **credentials))["staffSessionCreate"]
    assert (payload["member"]["role"], payload["errors"]) == ("CLERK", [])
    return clerk


async def test_a_clerk_s_examples_work_from_sign_in_to_the_cabinet(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_appeal(anna, text="Почему мигает?")
    clerk = await sign_in(api)

    (queued,) = (await send_example(api, "StaffQueue"))["staff"]["appeals"]["nodes"]
    assert queued["messages"][0]["text"] == "Почему мигает?"
    variables = {"appealId": queued["id"]}
    claimed = (await send_example(api, "StaffClaimAppeal", **variables))["staffAppealClaim"][
        "appeal"
    ]
    assert (claimed["state"], claimed["clerkId"]) == ("IN_PROGRESS", to_public("stf", clerk.id))
    with_note = (await send_example(api, "StaffNoteAppeal", **variables))["staffAppealNote"][
        "appeal"
    ]
    assert [note["text"] for note in with_note["notes"]] == [VARIABLES["note"]]
    answer = (await send_example(api, "StaffAnswerAppeal", **variables))["staffAppealAnswer"][
        "appeal"
    ]
    assert answer["state"] == "ANSWERED"
    assert (await send_example(api, "StaffQueue"))["staff"]["appeals"]["totalCount"] == 0

    filters = {"customer": {"accountNumber": account.number}, "account": {"number": account.number}}
    staff = (await send_example(api, "StaffFindCustomer", **filters))["staff"]
    (customer,), (account_node,) = staff["customers"]["nodes"], staff["accounts"]["nodes"]
    assert [link["customer"]["id"] for link in account_node["links"]] == [customer["id"]]
    cabinet = await send_example(api, "StaffOpenCabinet", customerId=customer["id"])
    token = cabinet["staffCabinetOpen"]["token"]
    data = await api.ask("{ viewer { accounts { number } } }", token)
    assert data["viewer"]["accounts"] == [{"number": account.number}]


async def test_the_last_example_signs_the_clerk_out(api: ApiClient):
    await sign_in(api)

    data = await send_example(api, "StaffSignOut")

    assert data["staffSessionEnd"] == {"endedSessions": 1, "errors": []}
    assert await send_example(api, "StaffQueue") == {"staff": None}

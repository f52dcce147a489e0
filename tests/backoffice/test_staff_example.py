"""A clerk's day, by the operations that newcomers find in GraphiQL."""

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


async def ask(api: ApiClient, name: str, **changed: Any) -> Any:
    """One of the example's operations, with its variables, as the page sends it: by cookie."""
    body = {"query": EXAMPLE, "operationName": name, "variables": {**VARIABLES, **changed}}
    answer = (await api.http.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def sign_in(api: ApiClient) -> StaffMember:
    clerk = await given_staff()
    typed = {"email": clerk.email, "password": PASSWORD, "code": code(clerk)}
    signed_in = (await ask(api, "StaffSignIn", **typed))["staffSessionCreate"]
    assert (signed_in["member"]["role"], signed_in["errors"]) == ("CLERK", [])
    return clerk


async def test_a_clerk_signs_in_answers_finds_and_looks(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_appeal(anna, text="Почему мигает?")
    clerk = await sign_in(api)

    (waiting,) = (await ask(api, "StaffQueue"))["staff"]["appeals"]["nodes"]
    assert waiting["messages"][0]["text"] == "Почему мигает?"
    about = {"appealId": waiting["id"]}
    claimed = (await ask(api, "StaffClaimAppeal", **about))["staffAppealClaim"]["appeal"]
    assert (claimed["state"], claimed["clerkId"]) == ("IN_PROGRESS", to_public("stf", clerk.id))
    noted = (await ask(api, "StaffNoteAppeal", **about))["staffAppealNote"]["appeal"]
    assert [note["text"] for note in noted["notes"]] == [VARIABLES["note"]]
    answered = (await ask(api, "StaffAnswerAppeal", **about))["staffAppealAnswer"]["appeal"]
    assert answered["state"] == "ANSWERED"
    assert (await ask(api, "StaffQueue"))["staff"]["appeals"]["totalCount"] == 0

    wanted = {"customer": {"accountNumber": account.number}, "account": {"number": account.number}}
    staff = (await ask(api, "StaffFindCustomer", **wanted))["staff"]
    (found,), (card,) = staff["customers"]["nodes"], staff["accounts"]["nodes"]
    assert [link["customer"]["id"] for link in card["links"]] == [found["id"]]
    opened = await ask(api, "StaffOpenCabinet", customerId=found["id"])
    token = opened["staffCabinetOpen"]["token"]
    seen = await api.ask("{ viewer { accounts { number } } }", token)
    assert seen["viewer"]["accounts"] == [{"number": account.number}]


async def test_it_ends_with_a_sign_out(api: ApiClient):
    await sign_in(api)

    ended = await ask(api, "StaffSignOut")

    assert ended["staffSessionEnd"] == {"endedSessions": 1, "errors": []}
    assert await ask(api, "StaffQueue") == {"staff": None}

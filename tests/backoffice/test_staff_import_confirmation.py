"""Staff imports by which customers would lose something wait for a confirmation."""

from typing import Any

import pytest_asyncio

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkState
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.ports.jobs import dead_letters, run_until_empty
from tests.factories.accounts import given_account, given_link
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient

UPLOAD = """mutation ($input: StaffUploadCreateInput!) { staffUploadCreate(input: $input) {
    uploadId url errors { code } } }"""
START = """mutation ($input: StaffImportStartInput!) { staffImportStart(input: $input) {
    importRun { id state impact { affectedAccounts } } errors { code } } }"""
RUNS = """{ staff { importRuns(first: 1) { nodes { state rowsLoaded reason expectedChanges impact {
    linkedAccounts affectedAccounts changes { kind accounts links } exampleNumbers } } } } }"""
HEADER = (
    "number;contract_number;contract_signed_on;address;house_kind;tariff_category;"
    "holder_last_name;holder_first_name\n"
)
NUMBERS = [f"{number:010}" for number in range(1, 6)]
LOST = {
    "linkedAccounts": 5,
    "affectedAccounts": 5,
    "changes": [{"kind": "HOLDER_CHANGED", "accounts": 5, "links": 5}],
    "exampleNumbers": NUMBERS,
}


@pytest_asyncio.fixture
async def olga(database: str) -> str:
    """Session token of a supervisor."""
    return await given_staff_session(await given_staff(Role.SUPERVISOR))


async def given_linked_accounts(anna: Viewer) -> None:
    for number in NUMBERS:
        await given_link(anna, await given_account(number))


async def upload(api: ApiClient, token: str) -> str:
    """Upload a file in which another person holds all accounts."""
    lines = (f"{number};Э;2019-03-01;ул. Мира;APARTMENT;RURAL;Пак;Пётр\n" for number in NUMBERS)
    body = (HEADER + "".join(lines)).encode()
    form = {"fileName": "accounts.csv", "contentType": "text/csv", "size": len(body)}
    payload = (await api.post(UPLOAD, token, input=form))["data"]["staffUploadCreate"]
    assert (await api.http.put(payload["url"], content=body)).status_code == 204
    return payload["uploadId"]


async def run(api: ApiClient, token: str, dsn: str, upload_id: str, **options: Any) -> Any:
    """Start an import, let a worker execute it, and return the run."""
    form = {"kind": "ACCOUNTS", "uploadIds": [upload_id], **options}
    answer = await api.post(START, token, input=form)
    payload = answer["data"]["staffImportStart"]
    assert payload["errors"] == []
    assert payload["importRun"]["impact"] is None
    await run_until_empty(api.state.ports, COMPANY, dsn=dsn)
    (node,) = (await api.ask(RUNS, token))["staff"]["importRuns"]["nodes"]
    return node


async def snapshot() -> list[Any]:
    return [
        await Account.all().order_by("id").values(),
        await Holder.all().order_by("id").values(),
        await AccountLink.all().order_by("id").values(),
    ]


async def test_the_same_uploads_are_imported_with_the_right_number_only(
    api: ApiClient, olga: str, database: str, anna: Viewer
):
    await given_linked_accounts(anna)
    before, upload_id = await snapshot(), await upload(api, olga)

    for expected in (None, 4, 6):
        stopped = await run(api, olga, database, upload_id, expectedChanges=expected)

        reason = stopped.pop("reason")
        assert stopped == {
            "state": "NEEDS_CONFIRMATION",
            "rowsLoaded": 0,
            "expectedChanges": expected,
            "impact": LOST,
        }
        assert "on 5 of 5 linked accounts" in reason
        assert await snapshot() == before
    assert api.mails.sent == []

    loaded = await run(api, olga, database, upload_id, expectedChanges=5)

    assert (loaded["state"], loaded["reason"], loaded["impact"]) == ("DONE", None, LOST)
    assert await AccountLink.filter(state=LinkState.SUSPENDED).count() == 5
    assert await dead_letters() == []


async def test_a_trial_shows_the_number_to_expect(
    api: ApiClient, olga: str, database: str, anna: Viewer
):
    await given_linked_accounts(anna)
    before, upload_id = await snapshot(), await upload(api, olga)

    trial = await run(api, olga, database, upload_id, isDryRun=True)

    assert (trial["state"], trial["impact"]) == ("CHECKED", LOST)
    assert "expect 5 changes" in trial["reason"]
    assert await snapshot() == before
    confirmed = await run(api, olga, database, upload_id, expectedChanges=5)
    assert confirmed["state"] == "DONE"


async def test_an_import_without_losses_has_no_impact(api: ApiClient, olga: str, database: str):
    loaded = await run(api, olga, database, await upload(api, olga), expectedChanges=0)

    assert (loaded["state"], loaded["impact"]) == ("DONE", None)

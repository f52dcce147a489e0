"""Changes elsewhere can be selected in the payload of a mutation, for normalised caches."""

from datetime import timedelta
from typing import Any

from lk_graphql.accounts.models import AccountLink
from lk_graphql.appeals.service import staff
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from tests.factories.accounts import NOW, given_account, given_link
from tests.factories.appeals import QUESTIONS, given_appeal, topic_id
from tests.factories.metering import TODAY, given_home, noon
from tests.factories.staff import given_staff, staff_viewer
from tests.support.client import ApiClient

UNLINK = """mutation ($input: AccountUnlinkInput!) { accountUnlink(input: $input) {
  accountId viewer { accounts { number } } errors { reason } } }"""
SUBMIT = """mutation ($input: ReadingsSubmitInput!) { readingsSubmit(input: $input) {
  entries { register { id lastReading { value } } }
  account { id readingWindow { isOpen } meters { registers { lastReading { value } } } }
  viewer { unreadNotices } errors { reason } } }"""
WITHDRAW = """mutation ($input: ReadingWithdrawInput!) { readingWithdraw(input: $input) {
  reading { state register { lastReading { value } } } errors { reason } } }"""
READ = """mutation ($input: AppealMarkReadInput!) { appealMarkRead(input: $input) {
  appeal { unreadMessages } viewer { unreadAppealMessages } errors { reason } } }"""
CREATE = """mutation ($input: AppealCreateInput!) { appealCreate(input: $input) {
  appeal { id } viewer { appeals { totalCount nodes { id } } } errors { reason } } }"""
REPLY = """mutation ($input: AppealReplyInput!) { appealReply(input: $input) {
  message { number appeal { state messageCount } } viewer { id } errors { reason } } }"""


async def payload(api: ApiClient, query: str, viewer: Viewer, **values: Any) -> Any:
    answer = await api.post(query, await api.signed_in(viewer), input=values)
    (value,) = answer["data"].values()
    assert value["errors"] == []
    return value


async def test_unlinking_returns_the_viewer_s_other_accounts(api: ApiClient, anna: Viewer):
    accounts = [await given_account(), await given_account("0000000009")]
    for account in accounts:
        await given_link(anna, account)

    left = await payload(api, UNLINK, anna, accountId=to_public("acc", accounts[0].id))

    assert left["viewer"] == {"accounts": [{"number": "0000000009"}]}
    assert await AccountLink.filter(user_id=anna.id, state="ACTIVE").count() == 1


async def test_submitting_returns_the_registers_and_the_account(api: ApiClient, anna: Viewer):
    api.clock.now = noon(TODAY)
    home = await given_home(api, anna)

    sent = await payload(
        api,
        SUBMIT,
        anna,
        accountId=home.id,
        entries=home.entries(22600, 51300),
        idempotencyKey="1",
    )

    values = [{"lastReading": {"value": value}} for value in ("22600", "51300")]
    assert [entry["register"] for entry in sent["entries"]] == [
        {"id": to_public("reg", register.id), **last}
        for register, last in zip((home.day, home.night), values, strict=True)
    ]
    assert sent["account"] == {
        "id": home.id,
        "readingWindow": {"isOpen": True},
        "meters": [{"registers": values}],
    }
    assert sent["viewer"] == {"unreadNotices": 1}


async def test_withdrawing_returns_the_register_with_its_reading_before(
    api: ApiClient, anna: Viewer
):
    api.clock.now = noon(TODAY)
    home = await given_home(api, anna)
    sent = await home.submit(22600, 51300)

    reading = sent["entries"][0]["reading"]["id"]
    withdrawn = await payload(api, WITHDRAW, anna, readingId=reading)

    before = withdrawn["reading"].pop("register")["lastReading"]["value"]
    assert withdrawn["reading"] == {"state": "WITHDRAWN"}
    assert before < "22600"


async def test_marking_an_appeal_as_read_returns_the_counters(api: ApiClient, anna: Viewer):
    appeal = await given_appeal(anna)
    clerk = staff_viewer((await given_staff(Role.CLERK)).id)
    await staff.answer(clerk, appeal.id, "Авария.", now=NOW + timedelta(hours=1))

    read = await payload(api, READ, anna, appealId=to_public("apl", appeal.id), until=9)

    assert read["appeal"] == {"unreadMessages": 0}
    assert read["viewer"] == {"unreadAppealMessages": 0}


async def test_creating_an_appeal_returns_the_list_of_appeals(api: ApiClient, anna: Viewer):
    topic = to_public("tpc", await topic_id(QUESTIONS))

    created = await payload(api, CREATE, anna, topicId=topic, text="Почему?", idempotencyKey="1")
    id_ = created["appeal"]["id"]
    reply = await payload(api, REPLY, anna, appealId=id_, text="И ещё", idempotencyKey="2")

    assert created["viewer"]["appeals"] == {"totalCount": 1, "nodes": [{"id": id_}]}
    assert reply["message"] == {"number": 2, "appeal": {"state": "NEW", "messageCount": 2}}
    assert reply["viewer"] == {"id": to_public("usr", anna.id)}


async def test_a_refusal_has_no_viewer(api: ApiClient, anna: Viewer):
    answer = await api.post(UNLINK, await api.signed_in(anna), input={"accountId": "acc_0"})

    errors = [{"reason": "ACCOUNT_NOT_FOUND"}]
    assert answer["data"]["accountUnlink"] == {"accountId": None, "viewer": None, "errors": errors}

"""The queue of appeals: claim, answer, note, transfer, close."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.appeals.models import (
    Appeal,
    AppealMessage,
    AppealState,
    AppealTopic,
    Direction,
    SubjectKind,
)
from lk_graphql.appeals.service import customers
from lk_graphql.appeals.service.customers import AppealDraft
from lk_graphql.appeals.service.subjects import SubjectRef
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import NOW, given_account, given_link
from tests.factories.appeals import CORRUPTION, QUALITY, given_appeal, sending, topic_id
from tests.factories.applications import given_file
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient
from tests.support.locks import until_locks_are_awaited

QUEUE = """query ($where: StaffAppealFilterInput) { staff { appeals(where: $where) { nodes {
  number state author authorId clerkId unmasked { customer { fullName } }
  messages { text } notes { text } } } } }"""
ABOUT = """{ staff { appeals { nodes { hidesName subjectKind subjectText
  messages { attachments { fileName size } } } } } }"""
FIELDS = "appeal { state clerkId messages { text direction } notes { text } }"


async def mutate(api: ApiClient, token: str, name: str, **input: Any) -> Any:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{ {name}(input: $input) {{
        {FIELDS} errors {{ code path }} }} }}"""
    answer = await api.post(query, token, input=input)
    assert "errors" not in answer, answer
    return answer["data"][name]


@pytest_asyncio.fixture
async def appeal(database: str, anna: Viewer) -> Appeal:
    topic = await AppealTopic.all().order_by("position").first()
    assert topic is not None
    row = await Appeal.create(
        user_id=anna.id,
        topic=topic,
        number="О-2026-000001",
        message_count=1,
        created_at=NOW,
        due_on=date(2026, 12, 1),
    )
    await AppealMessage.create(
        appeal=row, number=1, direction=Direction.SENT, text="Почему так много?", created_at=NOW
    )
    return row


async def queue(api: ApiClient, token: str, **where: Any) -> Any:
    return (await api.ask(QUEUE, token, where=where))["staff"]["appeals"]["nodes"]


async def test_an_appeal_is_claimed_and_answered(api: ApiClient, appeal: Appeal, anna: Viewer):
    member = await given_staff()
    token, public = await given_staff_session(member), to_public("sap", appeal.id)
    assert await queue(api, token, states=["NEW"]) == [
        {
            "number": "О-2026-000001",
            "state": "NEW",
            "author": "Иванова Пелагея Сергеевна",
            "authorId": to_public("scu", anna.id),
            "clerkId": None,
            "unmasked": None,
            "messages": [{"text": "Почему так много?"}],
            "notes": [],
        }
    ]
    claimed = await mutate(api, token, "staffAppealClaim", appealId=public)
    assert claimed["appeal"]["clerkId"] == to_public("stf", member.id)
    answer = await mutate(api, token, "staffAppealAnswer", appealId=public, text="Холодно было")
    assert answer["appeal"]["state"] == "ANSWERED"
    assert answer["appeal"]["messages"][1] == {"text": "Холодно было", "direction": "RECEIVED"}
    query = "{ viewer { appeals { nodes { number state } } } }"
    data = await api.ask(query, await api.signed_in(anna))
    assert data["viewer"]["appeals"]["nodes"] == [{"number": "О-2026-000001", "state": "ANSWERED"}]
    acts = AuditEntry.filter(subject_id=appeal.id).order_by("id")
    assert await acts.values_list("act", flat=True) == [Act.APPEAL_CLAIMED, Act.APPEAL_ANSWERED]


async def test_an_answer_that_is_sent_twice_is_one(
    api: ApiClient, appeal: Appeal, anna: Viewer, opened: asyncpg.Connection
):
    """A double click would otherwise mail the customer twice."""
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)

    async def answer(text: str) -> Any:
        return await mutate(api, token, "staffAppealAnswer", appealId=public, text=text)

    async with opened.transaction():
        await opened.execute("SELECT FROM appeal FOR UPDATE")
        answers = [asyncio.create_task(answer("Холодно было")) for _ in range(2)]
        await until_locks_are_awaited(opened, 2)
    for sent in answers:
        payload = await sent
        assert (payload["errors"], payload["appeal"]["state"]) == ([], "ANSWERED")
        assert [message["text"] for message in payload["appeal"]["messages"]] == [
            "Почему так много?", "Холодно было",
        ]  # fmt: skip
    assert len(await notices_of(api, anna)) == 1

    assert len((await answer("И ветрено"))["appeal"]["messages"]) == 3
    assert len((await answer("Холодно было"))["appeal"]["messages"]) == 4
    await customers.reply(anna, appeal.id, "Холодно было", sending())
    assert len((await answer("Холодно было"))["appeal"]["messages"]) == 6
    assert len(await notices_of(api, anna)) == 4


async def test_the_notice_names_the_answered_appeal(api: ApiClient, appeal: Appeal, anna: Viewer):
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)
    await mutate(api, token, "staffAppealAnswer", appealId=public, text="Холодно было")

    assert await notices_of(api, anna) == [
        ("На обращение О-2026-000001 ответили. Ответ — в кабинете.", "О-2026-000001")
    ]


async def test_the_notice_about_a_hidden_author_s_appeal_has_no_number(
    api: ApiClient, appeal: Appeal, anna: Viewer
):
    """A hidden appeal's number in its author's notices, visible to clerks, would identify them."""
    await Appeal.filter(id=appeal.id).update(hides_name=True)
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)
    await mutate(api, token, "staffAppealAnswer", appealId=public, text="Проверим")

    assert await notices_of(api, anna) == [("На обращение ответили. Ответ — в кабинете.", None)]


async def notices_of(api: ApiClient, viewer: Viewer) -> list[tuple[str, str | None]]:
    query = "{ viewer { notices { nodes { text reference } } } }"
    data = await api.ask(query, await api.signed_in(viewer))
    return [(notice["text"], notice["reference"]) for notice in data["viewer"]["notices"]["nodes"]]


async def test_a_colleague_s_is_the_colleague_s(api: ApiClient, appeal: Appeal):
    first, second = await given_staff(), await given_staff(email="other@example.com")
    public = to_public("sap", appeal.id)
    await mutate(api, await given_staff_session(first), "staffAppealClaim", appealId=public)
    token = await given_staff_session(second)
    refusal = await mutate(api, token, "staffAppealClaim", appealId=public)
    assert refusal["errors"] == [{"code": "APPEAL_TAKEN", "path": ["appealId"]}]
    transferred = await mutate(
        api,
        token,
        "staffAppealTransfer",
        appealId=public,
        memberId=to_public("stf", second.id),
    )
    assert transferred["appeal"]["clerkId"] == to_public("stf", second.id)
    assert len(await queue(api, token, clerkId=to_public("stf", second.id))) == 1
    closed = await mutate(api, token, "staffAppealClose", appealId=public)
    assert closed["appeal"]["state"] == "CLOSED"
    repeated = await mutate(api, token, "staffAppealClose", appealId=public)
    assert repeated["errors"] == [{"code": "APPEAL_CLOSED", "path": ["appealId"]}]
    missing = await mutate(api, token, "staffAppealClose", appealId="sap_" + "0" * 32)
    assert missing["errors"] == [{"code": "APPEAL_NOT_FOUND", "path": ["appealId"]}]


async def test_the_queue_is_sorted_by_the_term_and_filtered(api: ApiClient, anna: Viewer):
    member = await given_staff()
    token = await given_staff_session(member)
    question = await given_appeal(anna, "Где счётчик 100%?")
    urgent = await given_appeal(anna, title=QUALITY)
    await mutate(api, token, "staffAppealClaim", appealId=to_public("sap", urgent.id))
    await Appeal.filter(id=question.id).update(escalated_at=NOW)
    cases: list[tuple[dict[str, Any], list[Appeal]]] = [
        ({}, [urgent, question]),
        ({"topicId": to_public("tpc", await topic_id(QUALITY))}, [urgent]),
        ({"clerkId": to_public("stf", member.id)}, [urgent]),
        ({"isClaimed": True}, [urgent]),
        ({"isClaimed": False}, [question]),
        ({"isEscalated": True}, [question]),
        ({"states": ["IN_PROGRESS"]}, [urgent]),
        ({"dueBy": urgent.due_on.isoformat()}, [urgent]),
        ({"number": question.number}, [question]),
        ({"text": "счётчик 100%"}, [question]),
        ({"text": "нет такого"}, []),
    ]
    for where, expected in cases:
        numbers = [item["number"] for item in await queue(api, token, **where)]
        assert numbers == [item.number for item in expected], where


async def test_the_files_and_the_subject_of_an_appeal_are_visible(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    upload = await given_file(anna, datetime.now(UTC))
    subject = SubjectRef(SubjectKind.ACCOUNT, account.id)
    for title in (QUALITY, CORRUPTION):
        files = (upload.id,) if title == QUALITY else ()
        draft = AppealDraft(await topic_id(title), "Вот.", subject, files, title == CORRUPTION)
        await customers.create(anna, draft, sending(datetime.now(UTC)))
    token = await given_staff_session(await given_staff())
    nodes = (await api.post(ABOUT, token))["data"]["staff"]["appeals"]["nodes"]
    by_hiding = {node["hidesName"]: node for node in nodes}
    assert by_hiding[False]["subjectText"] == f"Лицевой счёт {account.number}, {account.address}"
    assert by_hiding[False]["messages"] == [
        {"attachments": [{"fileName": "паспорт.pdf", "size": 3}]}
    ]
    assert (by_hiding[True]["subjectKind"], by_hiding[True]["subjectText"]) == ("ACCOUNT", None)


@pytest.mark.parametrize("unknown_id", ["somebody", "stf_" + "0" * 32])
async def test_a_transfer_to_an_unknown_colleague_or_topic_is_refused(
    api: ApiClient, appeal: Appeal, unknown_id: str
):
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)
    await mutate(api, token, "staffAppealClaim", appealId=public)
    payload = await mutate(api, token, "staffAppealTransfer", appealId=public, memberId=unknown_id)
    assert payload["errors"] == [{"code": "COLLEAGUE_NOT_FOUND", "path": ["memberId"]}]
    payload = await mutate(api, token, "staffAppealTransfer", appealId=public, topicId=unknown_id)
    assert payload["errors"] == [{"code": "TOPIC_NOT_FOUND", "path": ["topicId"]}]
    assert (await Appeal.get(id=appeal.id)).clerk_id is not None


async def test_a_topic_of_the_staff_s_list_is_a_target_of_a_transfer(
    api: ApiClient, appeal: Appeal
):
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)
    topics = await api.ask("{ staff { appealTopics { nodes { id title } } } }", token)
    (chosen,) = (t for t in topics["staff"]["appealTopics"]["nodes"] if t["title"] == QUALITY)
    payload = await mutate(api, token, "staffAppealTransfer", appealId=public, topicId=chosen["id"])
    assert payload["errors"] == []
    assert (await Appeal.get(id=appeal.id)).topic_id == await topic_id(QUALITY)
    public_id = to_public("tpc", await topic_id(CORRUPTION))
    payload = await mutate(api, token, "staffAppealTransfer", appealId=public, topicId=public_id)
    assert payload["errors"] == []
    assert (await Appeal.get(id=appeal.id)).topic_id == await topic_id(CORRUPTION)


async def test_customers_never_see_a_note(api: ApiClient, appeal: Appeal, anna: Viewer):
    token, public = await given_staff_session(await given_staff()), to_public("sap", appeal.id)
    payload = await mutate(api, token, "staffAppealNote", appealId=public, text="Звонить утром")
    assert payload["appeal"]["notes"] == [{"text": "Звонить утром"}]
    body = {"query": "{ viewer { appeals { nodes { messages(first: 9) { nodes { text } } } } } }"}
    headers = {"authorization": f"Bearer {await api.signed_in(anna)}"}
    answer = await api.http.post("/graphql", json=body, headers=headers)
    assert "Почему так много?" in answer.text
    assert "Звонить утром" not in answer.text


async def test_a_hidden_name_is_for_supervisors(api: ApiClient, appeal: Appeal):
    await Appeal.filter(id=appeal.id).update(hides_name=True)
    (node,) = await queue(api, await given_staff_session(await given_staff()))
    assert (node["author"], node["authorId"], node["unmasked"]) == (None, None, None)
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    (node,) = await queue(api, supervisor)
    assert node["unmasked"] == {"customer": {"fullName": "Иванова Пелагея Сергеевна"}}
    assert (await Appeal.get(id=appeal.id)).state is AppealState.NEW

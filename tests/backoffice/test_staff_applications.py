"""The queue of contract applications: claim, ask, note, transfer, decide."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.contracts.models import Application, ApplicationDocument
from lk_graphql.contracts.service import applications
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.staff.models import Act, AuditEntry, StaffMember
from lk_graphql.uploads.models import Upload
from tests.factories.accounts import NOW
from tests.factories.applications import given_draft, given_submitted
from tests.factories.staff import codes, given_staff, given_staff_session
from tests.factories.uploads import PDF
from tests.support.client import COMPANY, ApiClient

FIELDS = """state clerkId reason customer { fullName } objects { address powerKw }
  documents { kind file { fileName kind size downloadUrl } } timeline { kind text clerkId }
  notes { text clerkId }"""
QUEUE = f"""query ($where: StaffContractApplicationFilterInput) {{ staff {{
  contractApplications(where: $where) {{ totalCount nodes {{ id number {FIELDS} }} }} }} }}"""
NUMBERS = """query ($where: StaffContractApplicationFilterInput) { staff {
  contractApplications(where: $where) { nodes { number } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
CUSTOMER_QUERY = (
    "{ viewer { contractApplications { nodes { state reason timeline { kind text } } } } }"
)


async def mutate(
    api: ApiClient, token: str, verb: str, application: Application, **fields: Any
) -> Any:
    """Send `staffContractApplication<verb>` and return its payload."""
    name = f"staffContractApplication{verb}"
    query = f"""mutation ($input: StaffContractApplication{verb}Input!) {{ {name}(input: $input) {{
        application {{ {FIELDS} }} errors {{ code message path }} }} }}"""
    input_ = {"applicationId": to_public("sca", application.id), **fields}
    answer = await api.post(query, token, input=input_)
    assert "errors" not in answer, answer
    return answer["data"][name]


@pytest_asyncio.fixture
async def application(database: str, anna: Viewer) -> Application:
    return await given_submitted(anna, datetime.now(UTC))


@pytest_asyncio.fixture
async def clerk(database: str) -> StaffMember:
    return await given_staff()


async def test_an_application_is_claimed_questioned_and_decided(
    api: ApiClient, application: Application, clerk: StaffMember, anna: Viewer
):
    token, member_id = await given_staff_session(clerk), to_public("stf", clerk.id)
    claimed = await mutate(api, token, "Claim", application)
    assert (claimed["application"]["state"], claimed["application"]["clerkId"]) == (
        "IN_REVIEW",
        member_id,
    )
    await mutate(api, token, "Note", application, text=" Позвонить в РЭС ")
    question = await mutate(api, token, "Ask", application, text="Пришлите акт")
    assert question["application"]["state"] == "QUESTION"
    await applications.answer(anna, application.id, "Прислал", now=datetime.now(UTC))
    decision = await mutate(api, token, "Decide", application, isApproved=True, reason="Всё есть")

    assert decision["errors"] == []
    node = decision["application"]
    assert (node["state"], node["reason"]) == ("APPROVED", "Всё есть")
    assert node["notes"] == [{"text": "Позвонить в РЭС", "clerkId": member_id}]
    assert [(step["kind"], step["clerkId"]) for step in node["timeline"]] == [
        ("SUBMITTED", None),
        ("CLAIMED", member_id),
        ("ASKED", member_id),
        ("ANSWERED", None),
        ("APPROVED", member_id),
    ]
    acts = AuditEntry.filter(subject="contract_application").order_by("id")
    assert await acts.values_list("act", "staff_id", "subject_id") == [
        (action, clerk.id, application.id)
        for action in (
            Act.APPLICATION_CLAIMED,
            Act.APPLICATION_NOTED,
            Act.APPLICATION_ASKED,
            Act.APPLICATION_APPROVED,
        )
    ]


async def test_the_customer_sees_the_timeline_and_gets_notices(
    api: ApiClient, application: Application, clerk: StaffMember, anna: Viewer
):
    token = await given_staff_session(clerk)
    await mutate(api, token, "Claim", application)
    await mutate(api, token, "Note", application, text="Подозрительно")
    await mutate(api, token, "Ask", application, text="Пришлите акт")
    await mutate(api, token, "Decide", application, isApproved=False, reason="Акта нет")
    response = await api.post(CUSTOMER_QUERY, await api.signed_in(anna))
    assert response["data"]["viewer"]["contractApplications"]["nodes"] == [
        {
            "state": "DECLINED",
            "reason": "Акта нет",
            "timeline": [
                {"kind": "SUBMITTED", "text": None},
                {"kind": "CLAIMED", "text": None},
                {"kind": "ASKED", "text": "Пришлите акт"},
                {"kind": "DECLINED", "text": "Акта нет"},
            ],
        }
    ]
    notices = Notice.filter(user_id=anna.id).order_by("id")
    assert set(await notices.values_list("reference", flat=True)) == {application.number}
    kinds = await notices.values_list("kind", flat=True)
    assert kinds == [
        NoticeKind.APPLICATION_CHANGED,
        NoticeKind.APPLICATION_QUESTION,
        NoticeKind.APPLICATION_DECIDED,
    ]


async def test_an_application_s_number_and_decision_are_mailed(
    api: ApiClient, application: Application, anna: Viewer, database: str
):
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await applications.withdraw(anna, application.id, now=datetime.now(UTC))
    draft = await given_draft(anna)
    await applications.withdraw(anna, draft.id, now=NOW)  # a draft: no mail
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [(recipient, mail.subject) for recipient, mail in api.mails.sent] == [
        ("anna@example.com", f"Заявка {application.number} подана"),
        ("anna@example.com", f"Заявка {application.number} отозвана"),
    ]
    assert "г. Новокузнецк, ул. Кирова, д. 12" in api.mails.sent[0][1].text


async def test_the_queue_is_filtered(api: ApiClient, anna: Viewer, boris: Viewer):
    clerk = await given_staff()
    token = await given_staff_session(clerk)
    first = await given_submitted(anna, NOW)
    second = await given_submitted(boris, NOW + timedelta(days=1), address="СНТ Берёзка, 118")
    await mutate(api, token, "Claim", second)
    cases: list[tuple[dict[str, Any], list[Application]]] = [
        ({}, [first, second]),
        ({"states": ["SUBMITTED"]}, [first]),
        ({"number": second.number}, [second]),
        ({"clerkId": to_public("stf", clerk.id)}, [second]),
        ({"isClaimed": False}, [first]),
        ({"isClaimed": True}, [second]),
        ({"address": "берёзка"}, [second]),
        ({"address": "киров 12"}, [first]),
        ({"lastName": "ива"}, [first, second]),
        ({"lastName": "кузнецов"}, []),
        ({"from": (NOW + timedelta(hours=1)).isoformat()}, [second]),
        ({"to": (NOW + timedelta(hours=1)).isoformat()}, [first]),
    ]
    for where, expected in cases:
        data = await api.ask(NUMBERS, token, where=where)
        numbers = [node["number"] for node in data["staff"]["contractApplications"]["nodes"]]
        assert numbers == [node.number for node in expected], where


async def test_a_draft_is_its_customer_s_business(api: ApiClient, anna: Viewer):
    draft, token = await given_draft(anna), await given_staff_session(await given_staff())
    queue = (await api.ask(QUEUE, token))["staff"]["contractApplications"]
    assert queue == {"totalCount": 0, "nodes": []}
    public = to_public("sca", draft.id)
    assert await api.ask(NODE, token, id=public) == {"node": None}
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await api.ask(nodes, token, ids=[public]) == {"nodes": [None]}
    for verb, fields in (("Claim", {}), ("Note", {"text": "Странно"}), ("Transfer", {})):
        payload = await mutate(api, token, verb, draft, **fields)
        assert payload["errors"] == [
            {
                "code": "APPLICATION_NOT_FOUND",
                "message": "Такой заявки нет.",
                "path": ["applicationId"],
            }
        ]
    assert await AuditEntry.filter(subject_id=draft.id).count() == 0


async def test_a_colleague_s_is_the_colleague_s(
    api: ApiClient, application: Application, clerk: StaffMember
):
    token, colleague = (
        await given_staff_session(clerk),
        await given_staff(email="other@example.com"),
    )
    colleague_token, colleague_id = (
        await given_staff_session(colleague),
        to_public("stf", colleague.id),
    )
    unclaimed = await mutate(api, token, "Ask", application, text="Что это?")
    assert unclaimed["errors"][0]["message"] == "Сначала возьмите заявку в работу."
    await mutate(api, token, "Claim", application)
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("Claim", {}),
        ("Ask", {"text": "Что это?"}),
        ("Decide", {"isApproved": True, "reason": "да"}),
    ]
    for verb, fields in attempts:
        payload = await mutate(api, colleague_token, verb, application, **fields)
        assert codes(payload) == ["APPLICATION_TAKEN"]
    transferred = await mutate(api, colleague_token, "Transfer", application, memberId=colleague_id)
    assert transferred["application"]["clerkId"] == colleague_id
    await mutate(api, colleague_token, "Ask", application, text="Что это?")
    second_question = await mutate(api, colleague_token, "Ask", application, text="Ну?")
    returned = await mutate(api, colleague_token, "Transfer", application)
    assert (codes(second_question), codes(returned)) == (["STATE_FORBIDS"], ["STATE_FORBIDS"])
    decision = await mutate(
        api, colleague_token, "Decide", application, isApproved=True, reason="да"
    )
    assert decision["errors"] == []
    late_transfer = await mutate(api, colleague_token, "Transfer", application)
    assert late_transfer["errors"][0]["message"].startswith("Заявка закрыта")


async def test_an_application_can_return_to_the_queue(
    api: ApiClient, application: Application, clerk: StaffMember
):
    token = await given_staff_session(clerk)
    await mutate(api, token, "Claim", application)
    returned = await mutate(api, token, "Transfer", application)
    assert (returned["application"]["state"], returned["application"]["clerkId"]) == (
        "SUBMITTED",
        None,
    )
    locked = await given_staff(email="gone@example.com", locked_at=NOW)
    for member_id in (to_public("stf", locked.id), "stf_" + "0" * 32, "somebody"):
        payload = await mutate(api, token, "Transfer", application, memberId=member_id)
        assert payload["errors"] == [
            {
                "code": "COLLEAGUE_NOT_FOUND",
                "message": "Такого сотрудника нет или его доступ закрыт.",
                "path": ["memberId"],
            }
        ]
    assert (await Application.get(id=application.id)).clerk_id is None


@pytest.mark.parametrize("text", ["", "   ", "а" * 2001])
async def test_a_question_or_reason_without_text_is_refused(
    api: ApiClient, application: Application, clerk: StaffMember, text: str
):
    token = await given_staff_session(clerk)
    await mutate(api, token, "Claim", application)
    question = await mutate(api, token, "Ask", application, text=text)
    decision = await mutate(api, token, "Decide", application, isApproved=True, reason=text)
    assert (codes(question), codes(decision)) == (["TEXT_INVALID"], ["TEXT_INVALID"])
    assert (await Application.get(id=application.id)).state == "IN_REVIEW"


async def test_staff_read_the_documents(
    api: ApiClient, application: Application, clerk: StaffMember
):
    document = await ApplicationDocument.filter(application=application).first()
    assert document is not None
    upload = await Upload.get(id=document.upload_id)
    await api.state.ports.files.put(upload.path, chunks())
    token = await given_staff_session(clerk)
    (node,) = (await api.post(QUEUE, token))["data"]["staff"]["contractApplications"]["nodes"]
    file = node["documents"][0]["file"]
    assert (file["fileName"], file["kind"], file["size"]) == ("паспорт.pdf", "PDF", 3)
    download = await api.http.get(file["downloadUrl"])
    assert (download.status_code, download.content) == (200, PDF)
    await StaffMember.filter(id=clerk.id).update(locked_at=NOW)
    assert (await api.http.get(file["downloadUrl"])).status_code == 404


async def chunks() -> AsyncGenerator[bytes]:
    yield PDF

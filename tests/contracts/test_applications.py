"""Contract applications from the draft to the decision, from both sides."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.contracts.errors import ApplicationTaken
from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationRule,
    ApplicationState,
    ContractDocumentKind,
    StepKind,
)
from lk_graphql.contracts.service import review
from lk_graphql.contracts.service.requirements import FilledFields, Gap, missing_items
from lk_graphql.kit.ids import key_of, new_key, to_public
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from lk_graphql.notifications.models import Notice
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import delete_unclaimed
from tests.factories.accounts import NOW, given_account, given_link
from tests.factories.applications import given_draft, given_submitted
from tests.factories.uploads import uploaded
from tests.support.client import COMPANY, ApiClient

FIELDS = """{ id number state version reason
    objects { address fiasId kind powerKw purpose }
    documents { kind upload { id fileName downloadUrl } }
    timeline { kind text } missing { gap path } }"""
HOUSE = {
    "address": "г. Новокузнецк, ул. Кирова, д. 12",
    "fiasId": "93409d8c-d8d4-4491-838f-f9aa1678b5e6",
    "kind": "HOUSE",
    "powerKw": "15",
    "purpose": "Отопление и быт",
}
CLERK = StaffViewer(new_key(), new_key(), Role.CLERK)


async def mutate(api: ApiClient, token: str, verb: str, **form: Any) -> Any:
    """Send `contractApplication<verb>` and return its payload."""
    name = f"contractApplication{verb}"
    query = f"""mutation ($input: ContractApplication{verb}Input!) {{ {name}(input: $input) {{
        application {FIELDS} errors {{ code message path }} }} }}"""
    return (await api.post(query, token, input=form))["data"][name]


async def apply(api: ApiClient, token: str, verb: str, **form: Any) -> Any:
    payload = await mutate(api, token, verb, **form)
    assert payload["errors"] == []
    return payload["application"]


async def refusals_of(api: ApiClient, token: str, verb: str, **form: Any) -> list[Any]:
    payload = await mutate(api, token, verb, **form)
    assert payload["application"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def given_rule(demanded: ContractDocumentKind) -> ApplicationRule:
    """A rule from today on: one object, two documents, one of them of the identity."""
    return await ApplicationRule.create(
        from_day=COMPANY.today(datetime.now(UTC)),
        most_open=3,
        most_objects=1,
        most_documents=2,
        demands_identity=True,
        demands_ownership=demanded is ContractDocumentKind.OWNERSHIP,
        demands_grid_connection=demanded is ContractDocumentKind.GRID_CONNECTION,
        demands_power_of_attorney=False,
        reference="приказ",
    )


async def submit_application(api: ApiClient, token: str) -> Any:
    draft = await apply(api, token, "Create", objects=[HOUSE])
    for kind in ("IDENTITY", "OWNERSHIP"):
        file = await uploaded(api, token, f"{kind}.pdf")
        draft = await apply(
            api, token, "AttachDocument", applicationId=draft["id"], kind=kind, uploadId=file
        )
    return await apply(api, token, "Submit", applicationId=draft["id"], version=draft["version"])


async def test_an_application_goes_from_a_draft_to_a_decision(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    draft = await apply(api, token, "Create", objects=[])
    assert [gap["gap"] for gap in draft["missing"]] == [
        "OBJECTS", "IDENTITY_DOCUMENT", "OWNERSHIP_DOCUMENT",
    ]  # fmt: skip
    draft_id = draft["id"]
    incomplete = await apply(api, token, "Update", applicationId=draft_id, version=1,
                      objects=[HOUSE, {"address": "Гараж 7"}])  # fmt: skip
    assert incomplete["objects"][0] == HOUSE
    assert [(gap["gap"], gap["path"]) for gap in incomplete["missing"]][:3] == [
        ("KIND", ["objects", "1", "kind"]),
        ("POWER", ["objects", "1", "powerKw"]),
        ("PURPOSE", ["objects", "1", "purpose"]),
    ]
    assert await refusals_of(api, token, "Submit", applicationId=draft_id, version=2) == [
        ("APPLICATION_INCOMPLETE", [])
    ]
    application = await submit_application(api, token)
    assert (application["state"], application["missing"]) == ("SUBMITTED", [])
    assert application["number"].startswith(f"ЗД-{COMPANY.today(datetime.now(UTC)).year}-")
    assert [document["upload"]["fileName"] for document in application["documents"]] == [
        "IDENTITY.pdf", "OWNERSHIP.pdf",
    ]  # fmt: skip
    download = await api.http.get(application["documents"][0]["upload"]["downloadUrl"])
    assert download.content.startswith(b"%PDF-")

    key = key_of(application["id"])
    assert key is not None
    await review.claim(CLERK, key, now=datetime.now(UTC))
    await review.ask_question(CLERK, key, "Пришлите акт", now=datetime.now(UTC))
    act_upload = await uploaded(api, token, "акт.pdf")
    await apply(api, token, "AttachDocument", applicationId=application["id"],
               kind="GRID_CONNECTION", uploadId=act_upload)  # fmt: skip
    await apply(api, token, "Answer", applicationId=application["id"], text=" Прислал ")
    await review.decide(
        CLERK, key, is_approved=True, reason_text="Всё в порядке", now=datetime.now(UTC)
    )
    query = f"{{ viewer {{ contractApplications {{ nodes {FIELDS} }} }} }}"
    nodes = (await api.post(query, token))["data"]["viewer"]["contractApplications"]["nodes"]
    approved = next(node for node in nodes if node["id"] == application["id"])
    assert (approved["state"], approved["reason"]) == ("APPROVED", "Всё в порядке")
    assert [(step["kind"], step["text"]) for step in approved["timeline"]] == [
        ("CREATED", None),
        ("SUBMITTED", None),
        ("CLAIMED", None),
        ("ASKED", "Пришлите акт"),
        ("ANSWERED", "Прислал"),
        ("APPROVED", "Всё в порядке"),
    ]
    notices = await Notice.filter(user_id=anna.id, subject_id=key)
    assert len(notices) == 3
    assert await refusals_of(api, token, "Withdraw", applicationId=application["id"]) == [
        ("STATE_FORBIDS", ["applicationId"])
    ]


async def test_a_question_about_a_full_application_is_answered_by_files(
    api: ApiClient, anna: Viewer
):
    token = await api.signed_in(anna)
    rule = await given_rule(ContractDocumentKind.OWNERSHIP)
    try:
        application = await submit_application(api, token)
        key = key_of(application["id"])
        assert key is not None
        await review.claim(CLERK, key, now=datetime.now(UTC))
        await review.ask_question(CLERK, key, "Пришлите акт", now=datetime.now(UTC))
        file = {"applicationId": application["id"], "kind": "OTHER"}
        for _ in range(2):
            await apply(api, token, "AttachDocument", **file, uploadId=await uploaded(api, token))

        third = await uploaded(api, token)
        refused = await refusals_of(api, token, "AttachDocument", **file, uploadId=third)
    finally:
        await rule.delete()

    assert refused == [("TOO_MANY", ["uploadId"])]
    assert await ApplicationDocument.filter(application_id=key).count() == 4


async def test_the_second_of_two_simultaneous_changes_is_outdated(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    draft = await apply(api, token, "Create", objects=[HOUSE])
    form = {"applicationId": draft["id"], "version": draft["version"]}
    payloads = await asyncio.gather(
        mutate(api, token, "Update", objects=[], **form),
        mutate(api, token, "Update", objects=[HOUSE, HOUSE], **form),
    )
    codes = sorted(error["code"] for payload in payloads for error in payload["errors"])
    assert codes == ["VERSION_OUTDATED"]
    assert (await Application.get(user_id=anna.id)).version == 2


async def test_a_document_is_attached_once_and_can_be_detached(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    draft = await apply(api, token, "Create", objects=[])
    file = await uploaded(api, token)
    form = {"applicationId": draft["id"], "uploadId": file}
    await apply(api, token, "AttachDocument", kind="OTHER", **form)
    assert await refusals_of(api, token, "AttachDocument", kind="OTHER", **form) == [
        ("UPLOAD_UNUSABLE", ["uploadId"])
    ]
    after = await apply(api, token, "DetachDocument", **form)
    assert (after["documents"], after["version"]) == ([], 3)
    assert (await Upload.get(id=key_of(file))).taken_at is None
    assert await refusals_of(api, token, "DetachDocument", **form) == [
        ("DOCUMENT_NOT_FOUND", ["uploadId"])
    ]
    assert await ApplicationDocument.all().count() == 0


async def test_a_detached_file_counts_for_the_quota_and_can_be_attached_again(
    api: ApiClient, anna: Viewer
):
    token, files = await api.signed_in(anna), api.state.ports.files
    draft = await apply(api, token, "Create", objects=[])
    file = await uploaded(api, token)
    form = {"applicationId": draft["id"], "uploadId": file}
    await apply(api, token, "AttachDocument", kind="OTHER", **form)
    await apply(api, token, "DetachDocument", **form)
    detached_at = datetime.now(UTC)

    assert await delete_unclaimed(files, now=detached_at + timedelta(hours=23)) == 0
    again = await apply(api, token, "AttachDocument", kind="OTHER", **form)
    assert [document["upload"]["id"] for document in again["documents"]] == [file]
    await apply(api, token, "DetachDocument", **form)
    upload = await Upload.get(id=key_of(file))
    assert await delete_unclaimed(files, now=datetime.now(UTC) + timedelta(hours=25)) == 1
    assert await files.size(upload.path) is None


async def test_another_customer_doesn_t_find_the_application(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    owner, stranger = await api.signed_in(anna), await api.signed_in(boris)
    application = await submit_application(api, owner)
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("Update", {"version": 3, "objects": []}),
        ("Submit", {"version": 3}),
        ("Answer", {"text": "да"}),
        ("Withdraw", {}),
    ]
    for verb, form in attempts:
        assert await refusals_of(api, stranger, verb, applicationId=application["id"], **form) == [
            ("APPLICATION_NOT_FOUND", ["applicationId"])
        ]
    assert (await Application.get(id=key_of(application["id"]))).state == ApplicationState.SUBMITTED


@pytest.mark.parametrize(
    ("flawed", "field"),
    [
        ({"address": "а" * 301}, "address"),
        ({"address": "", "purpose": "а" * 301}, "purpose"),
        ({"address": "", "powerKw": "0"}, "powerKw"),
        ({"address": "", "powerKw": "100000.01"}, "powerKw"),
        ({"address": "", "powerKw": "1.005"}, "powerKw"),
        ({"address": "", "fiasId": "дом"}, "fiasId"),
    ],
)
async def test_an_invalid_object_is_refused_with_its_field(
    api: ApiClient, anna: Viewer, flawed: dict[str, str], field: str
):
    token = await api.signed_in(anna)
    assert await refusals_of(api, token, "Create", objects=[HOUSE, flawed]) == [
        ("OBJECT_INVALID", ["objects", "1", field])
    ]
    assert await Application.all().count() == 0


async def test_of_two_clerks_one_claims(anna: Viewer):
    application, other_clerk = (
        await given_submitted(anna),
        StaffViewer(new_key(), new_key(), Role.CLERK),
    )
    results = await asyncio.gather(
        review.claim(CLERK, application.id, now=NOW),
        review.claim(other_clerk, application.id, now=NOW),
        return_exceptions=True,
    )
    assert sorted(map(type, results), key=str) == [type(None), ApplicationTaken]
    assert await ApplicationEvent.filter(kind=StepKind.CLAIMED).count() == 1


async def test_contracts_are_those_of_the_linked_accounts(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account)
    query = """{ viewer { contracts { number signedOn accountNumber accountId address
      account { id } } } }"""
    data = await api.ask(query, await api.signed_in(anna))
    assert data["viewer"]["contracts"] == [
        {
            "number": account.contract_number,
            "signedOn": "2019-03-01",
            "accountNumber": account.number,
            "accountId": f"acc_{account.id.hex}",
            "address": account.address,
            "account": {"id": f"acc_{account.id.hex}"},
        }
    ]
    assert (await api.ask(query, await api.signed_in(boris)))["viewer"]["contracts"] == []


RULES = """{ publicSettings { contractRules {
    mostOpen mostObjects mostDocuments demandedDocuments } } }"""


async def test_a_rule_counts_from_its_day_on(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    application, draft = await submit_application(api, token), await given_draft(anna)
    rule = await given_rule(ContractDocumentKind.GRID_CONNECTION)
    try:
        rules = (await api.post(RULES))["data"]["publicSettings"]["contractRules"]
        assert rules == {
            "mostOpen": 3,
            "mostObjects": 1,
            "mostDocuments": 2,
            "demandedDocuments": ["IDENTITY", "GRID_CONNECTION"],
        }
        query = (
            "query ($id: ID!) { node(id: $id) { ... on ContractApplication { missing { gap } } } }"
        )
        public = to_public("cap", draft.id)
        gaps = (await api.ask(query, token, id=public))["node"]["missing"]
        assert gaps == [{"gap": "GRID_CONNECTION_DOCUMENT"}]
        assert (await api.ask(query, token, id=application["id"]))["node"]["missing"] == []
        assert await refusals_of(api, token, "Submit", applicationId=public, version=1) == [
            ("APPLICATION_INCOMPLETE", [])
        ]
        form = {"applicationId": public, "version": 1, "objects": [HOUSE, HOUSE]}
        assert await refusals_of(api, token, "Update", **form) == [("TOO_MANY", ["objects"])]
        file = {
            "applicationId": public,
            "kind": "OTHER",
            "uploadId": await uploaded(api, token),
        }
        assert await refusals_of(api, token, "AttachDocument", **file) == [
            ("TOO_MANY", ["uploadId"])
        ]
        await apply(api, token, "Create", objects=[])
        assert await refusals_of(api, token, "Create", objects=[]) == [("TOO_MANY", [])]
    finally:
        await rule.delete()


@given(
    st.lists(st.tuples(*[st.booleans()] * 4)),
    st.sets(st.sampled_from(ContractDocumentKind)),
    st.sets(st.sampled_from([*ContractDocumentKind][:4])),
)
def test_missing_items_are_exactly_the_empty_fields_and_absent_documents(
    objects: list[tuple[bool, bool, bool, bool]],
    documents: set[ContractDocumentKind],
    required: set[ContractDocumentKind],
):
    items = list(
        missing_items([FilledFields(*fields) for fields in objects], documents, [*required])
    )
    object_items = [item for item in items if item.path]
    gap_count = sum(not is_filled for fields in objects for is_filled in fields)
    assert len(object_items) == (gap_count or 0) + (not objects)
    assert {item.gap for item in items if not item.path} == {
        Gap(f"{kind}_DOCUMENT") for kind in required - documents
    }

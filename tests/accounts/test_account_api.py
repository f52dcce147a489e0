"""Account linking through the API, and the visibility of linked accounts."""

from typing import Any

import pytest

from lk_graphql.accounts.models import AccountLink, LinkRole, LinkState
from lk_graphql.accounts.service.links import rename
from lk_graphql.identity.models import OneTimeLink
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import NOW, NUMBER, Proofs, given_account, given_link
from tests.support.client import ApiClient

pytestmark = pytest.mark.usefixtures("queued")

PREVIEW = """
mutation Preview($input: AccountLinkPreviewInput!) {
  accountLinkPreview(input: $input) {
    preview { maskedAddress maskedHolder token }
    errors { code message path retryAt }
  }
}"""
LINK = """
mutation Link($input: AccountLinkInput!) {
  accountLink(input: $input) {
    account { number address role holder { lastName } }
    viewer { accounts { number } }
    errors { code path }
  }
}"""
UNDO = """
mutation Undo($input: AccountLinkUndoInput!) {
  accountLinkUndo(input: $input) { isSuspended errors { code path } }
}"""
RENAME = """
mutation Rename($input: AccountRenameInput!) {
  accountRename(input: $input) { account { number name } errors { code message path } }
}"""
UNLINK = """
mutation Unlink($input: AccountUnlinkInput!) {
  accountUnlink(input: $input) { accountId errors { code path } }
}"""
ACCOUNTS = "{ viewer { accounts { number name role linkedAt } } }"


def claim(**changed: Any) -> dict[str, Any]:
    fields = {
        "subscriberType": "HOUSEHOLD",
        "accountNumber": NUMBER,
        "surname": "Иванова",
        "proof": {"lastReading": Proofs.reading},
    }
    return {**fields, **changed}


async def test_a_proved_account_is_previewed_linked_and_listed(api: ApiClient, anna: Viewer):
    await given_account()
    token = await api.signed_in(anna)
    payload = (await api.post(PREVIEW, token, input=claim()))["data"]["accountLinkPreview"]
    assert payload["errors"] == []
    assert payload["preview"]["maskedAddress"] == "г. Н***, ул. К***, д. 1*, кв. 7*"
    assert payload["preview"]["maskedHolder"] == "И*** П. С."
    saved = await api.post(LINK, token, input={"token": payload["preview"]["token"]})
    assert saved["data"]["accountLink"] == {
        "account": {
            "number": NUMBER,
            "address": "654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
            "role": "OWNER",
            "holder": {"lastName": "Иванова"},
        },
        "viewer": {"accounts": [{"number": NUMBER}]},
        "errors": [],
    }
    assert [a["number"] for a in (await api.ask(ACCOUNTS, token))["viewer"]["accounts"]] == [NUMBER]


async def test_a_failed_proof_is_data(api: ApiClient, anna: Viewer):
    await given_account()
    token = await api.signed_in(anna)
    wrong = claim(proof={"billTotal": "1,00"})
    answer = await api.post(PREVIEW, token, input=wrong)
    assert answer["data"]["accountLinkPreview"] == {
        "preview": None,
        "errors": [
            {
                "code": "LINK_PROOF_FAILED",
                "message": "Не удалось подтвердить лицевой счёт. Проверьте введённые данные.",
                "path": [],
                "retryAt": None,
            }
        ],
    }


async def test_all_faults_of_the_form_have_paths(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    wrong = claim(accountNumber="x", surname="42", proof={"unifiedNumber": "7"})
    answer = await api.post(PREVIEW, token, input=wrong)
    errors = answer["data"]["accountLinkPreview"]["errors"]
    assert [(e["code"], e["path"]) for e in errors] == [
        ("ACCOUNT_NUMBER_INVALID", ["accountNumber"]),
        ("SURNAME_INVALID", ["surname"]),
        ("PROOF_INVALID", ["proof", "unifiedNumber"]),
    ]


@pytest.mark.parametrize("proof", [{}, {"lastReading": "1", "billTotal": "2"}, {"billTotal": None}])
async def test_the_schema_requires_exactly_one_proof(
    api: ApiClient, anna: Viewer, proof: dict[str, Any]
):
    token = await api.signed_in(anna)
    answer = await api.post(PREVIEW, token, input=claim(proof=proof))
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_the_sixth_attempt_is_refused_with_retry_at(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    answers = [await api.post(PREVIEW, token, input=claim()) for _ in range(6)]
    errors = [a["data"]["accountLinkPreview"]["errors"][0] for a in answers]
    assert [e["code"] for e in errors] == ["LINK_PROOF_FAILED"] * 5 + ["TOO_MANY_TRIES"]
    assert errors[5]["retryAt"] is not None


async def test_aliases_share_the_limit(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    codes: list[str] = []
    for count in (4, 3):  # a request has five changes at most
        many = " ".join(
            f"a{n}: accountLinkPreview(input: $input) {{ errors {{ code }} }}" for n in range(count)
        )
        query = f"mutation Many($input: AccountLinkPreviewInput!) {{ {many} }}"
        answer = await api.post(query, token, input=claim())
        codes += [payload["errors"][0]["code"] for payload in answer["data"].values()]
    assert codes == ["LINK_PROOF_FAILED"] * 5 + ["TOO_MANY_TRIES"] * 2


@pytest.mark.parametrize(
    ("query", "input"),
    [
        (PREVIEW, claim()),
        (LINK, {"token": "x"}),
        (RENAME, {"accountId": "acc_0", "name": "x"}),
        (UNLINK, {"accountId": "acc_0"}),
    ],
)
async def test_a_guest_may_change_nothing(api: ApiClient, query: str, input: dict[str, Any]):
    answer = await api.post(query, input=input)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_guest_may_undo_by_the_mail(api: ApiClient, anna: Viewer, boris: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    boris_token = await api.signed_in(boris)
    answer = await api.post(PREVIEW, boris_token, input=claim())
    token = answer["data"]["accountLinkPreview"]["preview"]["token"]
    await api.post(LINK, boris_token, input={"token": token})
    undo = token_of(await OneTimeLink.get(user_id=anna.id), api.state.ports.signer)
    answers = [await api.post(UNDO, input={"token": undo}) for _ in range(2)]
    assert [answer["data"]["accountLinkUndo"] for answer in answers] == [
        {"isSuspended": True, "errors": []},
        {"isSuspended": None, "errors": [{"code": "UNDO_TOKEN_INVALID", "path": ["token"]}]},
    ]
    assert (await api.ask(ACCOUNTS, boris_token))["viewer"]["accounts"] == []


async def test_a_guest_sees_the_masked_newcomer_before_the_undo(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    boris_token = await api.signed_in(boris)
    answer = await api.post(PREVIEW, boris_token, input=claim())
    token = answer["data"]["accountLinkPreview"]["preview"]["token"]
    await api.post(LINK, boris_token, input={"token": token})
    undo = token_of(await OneTimeLink.get(user_id=anna.id), api.state.ports.signer)
    query = """query ($link: String!) { accountLinkUndoPreview(token: $link) {
      accountNumber maskedEmail } }"""

    before = (await api.post(query, link=undo))["data"]
    await api.post(UNDO, input={"token": undo})
    after = [(await api.post(query, link=text))["data"] for text in (undo, "x", "", "ж" * 64)]

    preview = {"accountNumber": NUMBER, "maskedEmail": "b***@example.com"}
    assert before == {"accountLinkUndoPreview": preview}
    assert after == [{"accountLinkUndoPreview": None}] * 4


async def test_an_undo_preview_is_empty_after_its_recipient_has_lost_the_account(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    link = await given_link(anna, account, role=LinkRole.OWNER)
    boris_token = await api.signed_in(boris)
    answer = await api.post(PREVIEW, boris_token, input=claim())
    token = answer["data"]["accountLinkPreview"]["preview"]["token"]
    await api.post(LINK, boris_token, input={"token": token})
    undo = token_of(await OneTimeLink.get(user_id=anna.id), api.state.ports.signer)
    link.state = LinkState.ENDED
    await link.save()

    query = "query ($link: String!) { accountLinkUndoPreview(token: $link) { accountNumber } }"
    assert (await api.post(query, link=undo))["data"] == {"accountLinkUndoPreview": None}


async def test_an_undo_preview_is_empty_after_the_newcomer_has_left(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    await given_link(anna, await given_account(), role=LinkRole.OWNER)
    boris_token = await api.signed_in(boris)
    answer = await api.post(PREVIEW, boris_token, input=claim())
    token = answer["data"]["accountLinkPreview"]["preview"]["token"]
    await api.post(LINK, boris_token, input={"token": token})
    undo = token_of(await OneTimeLink.get(user_id=anna.id), api.state.ports.signer)
    await AccountLink.filter(user_id=boris.id).update(state=LinkState.ENDED)

    query = "query ($link: String!) { accountLinkUndoPreview(token: $link) { accountNumber } }"
    assert (await api.post(query, link=undo))["data"] == {"accountLinkUndoPreview": None}


async def test_name_role_and_moment_are_the_viewers_own(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER, day=1)
    await given_link(boris, account, day=2)
    await rename(boris, account.id, "Родители", now=NOW)
    for viewer, fields in (
        (anna, {"name": None, "role": "OWNER", "linkedAt": "2026-10-01T00:00:00.000Z"}),
        (boris, {"name": "Родители", "role": "MEMBER", "linkedAt": "2026-10-02T00:00:00.000Z"}),
    ):
        answer = await api.ask(ACCOUNTS, await api.signed_in(viewer))
        assert answer["viewer"]["accounts"] == [{"number": NUMBER, **fields}]


@pytest.mark.parametrize("state", [LinkState.SUSPENDED, LinkState.ENDED])
async def test_only_an_active_link_shows_anything(api: ApiClient, anna: Viewer, state: LinkState):
    account = await given_account()
    await given_link(anna, account)
    token = await api.signed_in(anna)
    node = "query Node($id: ID!) { node(id: $id) { id ... on Account { number } } }"
    key = to_public("acc", account.id)
    assert (await api.ask(node, token, id=key))["node"] == {"id": key, "number": NUMBER}
    await AccountLink.all().update(state=state)
    assert (await api.ask(ACCOUNTS, token))["viewer"]["accounts"] == []
    assert (await api.ask(node, token, id=key))["node"] is None
    assert (await api.ask(node, id=key))["node"] is None


async def test_an_account_is_renamed_and_unlinked(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    token, key = await api.signed_in(anna), to_public("acc", account.id)
    renamed = await api.post(RENAME, token, input={"accountId": key, "name": "Дача"})
    assert renamed["data"]["accountRename"] == {
        "account": {"number": NUMBER, "name": "Дача"},
        "errors": [],
    }
    unlinked = await api.post(UNLINK, token, input={"accountId": key})
    assert unlinked["data"]["accountUnlink"] == {"accountId": key, "errors": []}
    again = await api.post(UNLINK, token, input={"accountId": key})
    assert again["data"]["accountUnlink"] == {
        "accountId": None,
        "errors": [{"code": "ACCOUNT_NOT_FOUND", "path": ["accountId"]}],
    }


async def test_a_guest_reads_the_fields_of_the_link_form(api: ApiClient):
    query = """{ publicSettings { linkFields {
        subscriberTypes triesPerHour triesPerDay previewSeconds longestName
        fields { path label pattern isProof } } } }"""
    fields = (await api.post(query))["data"]["publicSettings"]["linkFields"]
    assert [(field["path"], field["isProof"]) for field in fields.pop("fields")] == [
        ("accountNumber", False),
        ("surname", False),
        ("proof.lastReading", True),
        ("proof.billTotal", True),
        ("proof.unifiedNumber", True),
    ]
    assert fields == {
        "subscriberTypes": ["HOUSEHOLD"],
        "triesPerHour": 5,
        "triesPerDay": 5,
        "previewSeconds": 600,
        "longestName": 60,
    }

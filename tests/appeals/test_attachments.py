"""Attachments of messages: single use, own uploads only."""

from datetime import timedelta

import pytest

from lk_graphql.appeals.models import Appeal, AppealAttachment, AppealMessage
from lk_graphql.appeals.service import customers
from lk_graphql.appeals.service.customers import AppealDraft
from lk_graphql.kit.errors import Refusals
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.models import Upload, UploadKind, UploadState
from tests.factories.accounts import NOW
from tests.factories.appeals import QUESTIONS, given_appeal, sending, topic_id
from tests.support.client import ApiClient


async def create_upload(
    viewer: Viewer, state: UploadState = UploadState.READY, name: str = "акт.pdf"
) -> Upload:
    return await Upload.create(
        user_id=viewer.id,
        name=name,
        kind=UploadKind.PDF,
        size=3,
        state=state,
        sha256="0" * 64,
        nonce=bytes(32),
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
        received_at=NOW,
    )


async def test_files_go_with_an_appeal_and_a_reply(api: ApiClient, anna: Viewer):
    first, second = await create_upload(anna), await create_upload(anna, name="ещё.pdf")
    draft = AppealDraft(await topic_id(QUESTIONS), "Смотрите акт.", uploads=(first.id,))
    key = await customers.create(anna, draft, sending())
    await customers.reply(anna, key, "И ещё один.", sending(), (second.id,))
    query = """{ viewer { appeals { nodes { messages { nodes {
        number attachments { fileName kind size } } } } } } }"""
    data = await api.ask(query, await api.signed_in(anna))
    (appeal,) = data["viewer"]["appeals"]["nodes"]
    assert appeal["messages"]["nodes"] == [
        {
            "number": number,
            "attachments": [{"fileName": name, "kind": "PDF", "size": 3}],
        }
        for number, name in ((1, "акт.pdf"), (2, "ещё.pdf"))
    ]


async def test_files_go_with_a_reopening(api: ApiClient, anna: Viewer):
    appeal, upload = await given_appeal(anna), await create_upload(anna)
    await customers.close(anna, appeal.id, rating=None, now=NOW)
    query = """mutation($input: AppealReopenInput!) { appealReopen(input: $input) {
        appeal { state messages { nodes { number attachments { fileName } } } }
        errors { code path } } }"""
    form = {"appealId": to_public("apl", appeal.id), "text": "Вот ещё."}
    token = await api.signed_in(anna)
    api.clock.now = NOW + timedelta(hours=1)
    bad_form = {**form, "uploadIds": ["upl_nothing"], "idempotencyKey": "1"}
    refusal = (await api.post(query, token, input=bad_form))["data"]["appealReopen"]
    assert refusal["errors"] == [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "0"]}]
    assert (await Appeal.get(id=appeal.id)).closed_at == NOW

    good_form = {**form, "uploadIds": [to_public("upl", upload.id)], "idempotencyKey": "2"}
    payload = (await api.post(query, token, input=good_form))["data"]["appealReopen"]
    assert (payload["errors"], payload["appeal"]["state"]) == ([], "NEW")
    assert payload["appeal"]["messages"]["nodes"] == [
        {"number": 1, "attachments": []},
        {"number": 2, "attachments": [{"fileName": "акт.pdf"}]},
    ]


async def test_over_http_a_bad_file_is_named_by_its_place(api: ApiClient, anna: Viewer):
    api.clock.now = NOW
    upload = await create_upload(anna)
    topic = to_public("tpc", await topic_id(QUESTIONS))
    form = {
        "topicId": topic,
        "text": "Почему?",
        "uploadIds": [to_public("upl", upload.id), "upl_nothing"],
        "idempotencyKey": "1",
    }
    query = """mutation($input: AppealCreateInput!) {
        appealCreate(input: $input) { appeal { id } errors { code path } } }"""
    answer = await api.post(query, await api.signed_in(anna), input=form)
    assert answer["data"]["appealCreate"] == {
        "appeal": None,
        "errors": [{"code": "ATTACHMENT_UNUSABLE", "path": ["uploadIds", "1"]}],
    }
    assert await Appeal.all().count() == 0
    assert (await Upload.get(id=upload.id)).taken_at is None


async def test_another_s_used_or_unready_upload_can_t_be_attached(anna: Viewer, boris: Viewer):
    appeal = await given_appeal(anna)
    used_upload, scanning_upload = (
        await create_upload(anna),
        await create_upload(anna, UploadState.SCANNING),
    )
    await customers.reply(anna, appeal.id, "Вот.", sending(), (used_upload.id,))
    for key in (
        used_upload.id,
        scanning_upload.id,
        (await create_upload(boris)).id,
        new_key(),
        None,
    ):
        with pytest.raises(Refusals) as raised:
            await customers.reply(anna, appeal.id, "Ещё.", sending(), (key,))
        assert [refusal.code for refusal in raised.value.refusals] == ["ATTACHMENT_UNUSABLE"]
    assert await AppealMessage.filter(appeal=appeal).count() == 2
    assert await AppealAttachment.all().count() == 1


async def test_a_hundred_files_are_too_many(anna: Viewer):
    uploads = tuple(new_key() for _ in range(100))
    draft = AppealDraft(await topic_id(QUESTIONS), "Смотрите.", uploads=uploads)
    with pytest.raises(Refusals) as raised:
        await customers.create(anna, draft, sending())
    assert [refusal.code for refusal in raised.value.refusals] == ["TOO_MANY_ATTACHMENTS"]
    assert await Appeal.all().count() == 0

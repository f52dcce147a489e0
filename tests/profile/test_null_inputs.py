"""Nulls in inputs whose fields are a value or absent: refused by name, and nothing is changed."""

from typing import Any

import pytest

from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from tests.support.client import ApiClient

PROFILE = {
    name: {name: None} for name in ("lastName", "firstName", "patronymic", "phone", "language")
}
SETTINGS: dict[str, Any] = {
    "smsEnabled": {"smsEnabled": None},
    "topics.email": {"topics": {"email": None}},
    "topics.sms": {"topics": {"sms": None}},
    "accounts.0.topics.email": {"accounts": [{"accountId": "x", "topics": {"email": None}}]},
}
OPERATIONS = [
    ("query", "profileUpdatePreview", "ProfileUpdatePreviewInput", PROFILE),
    ("mutation", "profileUpdatePreview", "ProfileUpdatePreviewInput", PROFILE),
    ("mutation", "profileUpdate", "ProfileUpdateInput", PROFILE),
    ("mutation", "notificationSettingsUpdate", "NotificationSettingsUpdateInput", SETTINGS),
]


@pytest.mark.parametrize(
    ("document", "path", "input_"),
    [
        pytest.param(
            f"{kind} ($input: {type_}!) {{ {field}(input: $input) {{ errors {{ code }} }} }}",
            path,
            input_,
            id=f"{kind}-{field}-{path}",
        )
        for kind, field, type_, inputs in OPERATIONS
        for path, input_ in inputs.items()
    ],
)
async def test_a_null_is_refused_by_the_name_of_its_field(
    api: ApiClient, anna: Viewer, document: str, path: str, input_: Any
):
    before = await User.filter(id=anna.id).values()

    answer = await api.post(document, await api.signed_in(anna), input=input_)

    (error,) = answer["errors"]
    assert error["message"] == f"`input.{path}` can't be null: omit it, or pass a value."
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert not answer.get("data")
    assert await User.filter(id=anna.id).values() == before


async def test_a_null_in_the_document_is_refused_likewise(api: ApiClient, anna: Viewer):
    document = "mutation { profileUpdate(input: { phone: null }) { errors { code } } }"

    answer = await api.post(document, await api.signed_in(anna))

    assert [error["message"] for error in answer["errors"]] == [
        "`input.phone` can't be null: omit it, or pass a value."
    ]

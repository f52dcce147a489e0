from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.ids import key_of, new_key, prefix_of, to_public


@given(st.uuids())
def test_a_public_id_leads_back_to_its_key(key: UUID):
    public = to_public("inv", key)

    assert key_of(public) == key_of(public, "inv") == key
    assert prefix_of(public) == "inv"


@given(st.text(max_size=50))
def test_garbage_has_no_key_or_a_complete_one(text: str):
    key = key_of(text)

    assert key is None or isinstance(key, UUID)


@pytest.mark.parametrize("public", ["", "inv", "inv_", "inv_12", f"acc_{'0' * 32}", 7, None])
def test_an_id_of_another_type_has_no_key(public: object):
    assert key_of(public, "inv") is None


def test_keys_grow_with_time():
    keys = [new_key() for _ in range(100)]

    assert keys == sorted(keys)
    assert {key.version for key in keys} == {7}

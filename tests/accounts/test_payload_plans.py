"""Payloads of mutations take one statement and equal the result of a query."""

from typing import Any

import pytest

from lk_graphql.database.connections import ReadPool
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.passwords import Passwords
from tests.factories.accounts import NUMBER, given_account, given_link, given_user
from tests.support.client import ApiClient

PERSON = """fragment Person on User { __typename id fullName
    sessions { isCurrent } accounts { number balance { amountDue } meters { serial } } }"""
SIGN_IN = (
    """mutation ($input: SessionCreateInput!) { opened: sessionCreate(input: $input) {
    token viewer { ...Person } errors { message } } }"""
    + PERSON
)
RENAME = """mutation ($one: AccountRenameInput!, $two: AccountRenameInput!, $first: Int!) {
    a: accountRename(input: $one) { account { number name invoices(first: $first) { total } } }
    b: accountRename(input: $two) { account { name } errors { code } } }"""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL that plans run."""
    queries: list[str] = []
    fetchrow = ReadPool.fetchrow

    async def counting(self: ReadPool, sql: str, *arguments: object) -> Any:
        queries.append(sql)
        return await fetchrow(self, sql, *arguments)

    monkeypatch.setattr(ReadPool, "fetchrow", counting)
    return queries


async def test_a_sign_in_payload_has_the_new_viewer(api: ApiClient, statements: list[str]):
    vera = await given_user("vera@example.com")
    passwords = Passwords()
    hashed = await passwords.hash("Kuzbass42x")
    passwords.close()
    await User.filter(id=vera.id).update(password_hash=hashed)
    account = await given_account()
    await given_link(vera, account)
    answer = await api.post(
        SIGN_IN, input={"email": "vera@example.com", "password": "Kuzbass42x", "delivery": "BEARER"}
    )
    payload = answer["data"]["opened"]
    assert len(statements) == 2  # the session, and the payload
    assert payload["viewer"]["sessions"] == [{"isCurrent": True}]
    query_answer = await api.post("{ viewer { ...Person } }" + PERSON, payload["token"])
    assert payload["viewer"] == query_answer["data"]["viewer"]
    assert payload["errors"] == []


async def test_several_mutations_each_return_their_own_state(
    api: ApiClient, anna: Viewer, statements: list[str]
):
    account = await given_account()
    await given_link(anna, account)
    token = await api.signed_in(anna)
    id_ = to_public("acc", account.id)
    first, second = ({"accountId": id_, "name": name} for name in ("Дача", "Дом"))
    answer = (await api.post(RENAME, token, one=first, two=second, first=2))["data"]
    assert len(statements) == 3
    assert answer["a"]["account"]["name"] == "Дача"
    assert answer["a"]["account"]["number"] == NUMBER
    assert len(answer["a"]["account"]["invoices"]) == 2
    assert answer["b"] == {"account": {"name": "Дом"}, "errors": []}


async def test_a_refusal_reads_nothing(api: ApiClient, boris: Viewer, statements: list[str]):
    account = await given_account()
    token = await api.signed_in(boris)
    foreign = {"accountId": to_public("acc", account.id), "name": "Моё"}
    answer = (await api.post(RENAME, token, one=foreign, two=foreign, first=1))["data"]
    assert len(statements) == 1
    assert answer["a"] == {"account": None}
    assert answer["b"] == {"account": None, "errors": [{"code": "ACCOUNT_NOT_FOUND"}]}

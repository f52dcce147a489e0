"""The subscription to changes of an account."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import pytest_asyncio

from lk_graphql.accounts.models import Account
from lk_graphql.accounts.service import links
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import Call
from tests.factories.accounts import CLIENT, given_account, given_link
from tests.support.client import ApiClient

SUBSCRIPTION = "subscription($id: ID!) { accountChanged(accountId: $id) { name number } }"


@pytest_asyncio.fixture
async def account(api: ApiClient, database: str) -> AsyncGenerator[Account]:
    async with api.state.ports.pubsub.connected(database):
        yield await given_account()


async def results_of(api: ApiClient, viewer: Viewer, account: Account) -> Any:
    """The results of the subscription for a viewer."""
    token = await api.signed_in(viewer)
    operation = api.state.engine.prepare(SUBSCRIPTION)
    hashed = sha256(token.encode()).digest()
    variables = {"id": to_public("acc", account.id)}
    call = Call(operation, variables, hashed, datetime.now(UTC))
    events = await api.state.engine.subscribe(call, await api.context(call))
    async for event in events:
        answer = await api.state.engine.execute_plan(call, event.keys[0])
        assert answer is not None
        context = await api.context(call)
        resolver_event = replace(event, rows=context.rows)
        plain = await api.state.engine.execute_resolvers(call, context, resolver_event)
        assert orjson.loads(answer.data) == plain.data
        yield orjson.loads(answer.data)["accountChanged"]


async def next_of(results: Any) -> Any:
    async with asyncio.timeout(4):
        return await anext(results)


async def test_a_linked_customer_sees_each_change_of_the_account(
    api: ApiClient, account: Account, anna: Viewer
):
    await given_link(anna, account)
    results = results_of(api, anna, account)
    assert await next_of(results) == {"name": None, "number": account.number}
    await links.rename(anna, account.id, "Дача", now=datetime.now(UTC))
    assert await next_of(results) == {"name": "Дача", "number": account.number}


async def test_a_customer_without_a_link_sees_no_change_of_the_account(
    api: ApiClient, account: Account, anna: Viewer, boris: Viewer
):
    await given_link(anna, account)
    own, foreign = results_of(api, anna, account), results_of(api, boris, account)
    assert await next_of(own) == {"name": None, "number": account.number}
    assert await next_of(foreign) is None
    await links.unlink(anna, account.id, client=CLIENT, now=datetime.now(UTC))
    assert await next_of(own) is None
    assert await next_of(foreign) is None

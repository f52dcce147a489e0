"""`@subscription`: root fields that yield an object at once and after each change.

    @subscription(access=Access.CUSTOMER)
    async def account_changed(self, info: Info, account_id: Id) -> AsyncGenerator[Account | None]:
        '''An account, and again after each change of it.'''
        ctx, key = info.context, key_of(account_id, "acc")
        async for _ in ctx.ports.pubsub.changes("account", key):
            yield ctx.rows.by_key(Account, key)

A resolver yields the object's key. One statement reads each result, under the subscriber's session
at that moment. The first result is sent at once, so a client that reconnects misses no change. A
null result (the object is deleted, or no longer belongs to the subscriber) ends the subscription.
"""

import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import wraps
from typing import Any

import strawberry

from lk_graphql.api.access import Access, AccessDirective
from lk_graphql.api.context import Info

EventSource = Callable[..., AsyncGenerator[Any, None]]


@strawberry.type(description="The root of all subscriptions, over WebSocket or Server-Sent Events.")
class Subscription:
    """Slices add their subscriptions by `@extends(Subscription)`."""


def subscription(*, access: Access) -> Callable[[EventSource], Any]:
    """Declare a subscription; the docstring is its description."""

    def declare(source: EventSource) -> Any:
        description = inspect.getdoc(source)
        if not description:
            raise TypeError(
                f"{source.__qualname__} needs a docstring, the description in the schema"
            )

        @wraps(source)
        async def guarded(root: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
            access.require(info.context, is_mutation=False)
            async with aclosing(source(root, info, **arguments)) as events:
                async for ref in events:
                    yield ref

        return strawberry.subscription(
            resolver=guarded, description=description, directives=[AccessDirective(role=access)]
        )

    return declare

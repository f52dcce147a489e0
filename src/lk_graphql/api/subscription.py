"""`@subscription`: a use case that yields what to show, now and after each change.

    @subscription(access=Access.CUSTOMER)
    async def account_changed(self, info: Info, account_id: Id) -> AsyncGenerator[Account | None]:
        '''An account, and again after each change of it.'''
        ctx, key = info.context, key_of(account_id, "acc")
        async for _ in ctx.ports.signals.changes("account", key):
            yield ctx.rows.by_key(Account, key)

What is yielded is only named; it is read by one statement, as the subscriber's session may see
it at that moment, and the first time at once: who reconnects has missed nothing. A null (it is
gone, or isn't the subscriber's any more) is the last answer.
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


@strawberry.type(description="What can be watched, over WebSocket or Server-Sent Events.")
class Subscription:
    """Slices add their subscriptions by `@extends(Subscription)`."""


def subscription(*, access: Access) -> Callable[[EventSource], Any]:
    """Declare a root field to subscribe to; the docstring is its description."""

    def declare(source: EventSource) -> Any:
        said = inspect.getdoc(source)
        if not said:
            raise TypeError(f"{source.__qualname__} needs a docstring: it is what clients read")

        @wraps(source)
        async def guarded(root: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
            access.require(info.context, is_mutation=False)
            async with aclosing(source(root, info, **arguments)) as events:
                async for shown in events:
                    yield shown

        return strawberry.subscription(
            resolver=guarded, description=said, directives=[AccessDirective(role=access)]
        )

    return declare

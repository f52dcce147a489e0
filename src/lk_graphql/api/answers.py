"""What an operation is answered: by its plan where it has one, else by graphql-core."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson
from graphql import ExecutionResult

from lk_graphql.api import errors
from lk_graphql.api.body import Asked
from lk_graphql.api.budget import Bucket, Budget
from lk_graphql.api.context import Context, World
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.faults import MethodNotAllowed, NotSubscribable
from lk_graphql.api.journal import Entry
from lk_graphql.api.limits import Limits, Price
from lk_graphql.api.replies import Reply
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.reads.documents import BadDocument, Operation
from lk_graphql.reads.run import Call


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a program, the hash of its token, and what it may still spend."""

    client: Client
    token_hash: bytes
    bucket: Bucket
    by_get: bool = False
    """A link must not change anything, so a GET may only query."""


class Answers:
    """Weighs, charges and runs operations."""

    def __init__(
        self, world: Callable[[], World], limits: Limits, cookie: SessionCookie, budget: Budget
    ) -> None:
        self._world = world
        self._limits = limits
        self._cookie = cookie
        self._budget = budget
        self._price = lru_cache(1000)(_price)

    async def answer(self, asked: Asked, caller: Caller, entry: Entry, now: datetime) -> Reply:
        """Raises faults, `BadDocument`, and whatever breaks."""
        entry.asked = asked
        operation = self._prepared(asked, caller, entry)
        if caller.by_get and not operation.is_query:
            raise MethodNotAllowed(b"POST")
        if operation.kind == "subscription":
            raise NotSubscribable
        self._charge(operation, asked, caller, entry)
        language = caller.client.language
        call = Call(operation, asked.variables, caller.token_hash, now, language)
        answer = await self._world().reader.planned(call) if operation.is_query else None
        if answer is None:
            return await self._by_core(call, caller, entry)
        entry.path = "plan"
        self._met(answer.viewer, caller, entry)
        return Reply(200, b'{"data":' + answer.data)

    def _prepared(self, asked: Asked, caller: Caller, entry: Entry) -> Operation:
        self._limits.check_text(asked.query)
        self._budget.demand(caller.bucket)
        try:
            operation = self._world().reader.prepare(asked.query, asked.operation_name)
        except BadDocument:
            self._budget.fine(caller.bucket)  # it was parsed for nothing, and will be again
            raise
        entry.kind, entry.name = operation.kind, operation.name
        return operation

    def _charge(self, operation: Operation, asked: Asked, caller: Caller, entry: Entry) -> None:
        entry.cost = self._price(operation).points(asked.variables)
        self._limits.check_cost(entry.cost)
        self._budget.charge(caller.bucket, entry.cost)

    async def _by_core(self, call: Call, caller: Caller, entry: Entry) -> Reply:
        world = self._world()
        viewer = await world.reader.viewer(call)
        entry.path = "core"
        self._met(viewer, caller, entry)
        context = Context(
            now=call.now,
            client=caller.client,
            session=viewer,
            company=world.company,
            ports=world.ports,
            rows=world.reader.rows(call, viewer),
            cookie=self._cookie,
        )
        result = await world.reader.plain(call, context)
        if result.data is None and result.errors and result.errors[0].path is None:
            raise BadDocument(result.errors)  # nothing was executed: the variables are wrong
        cookies = tuple((b"set-cookie", value) for value in context.set_cookies)
        return Reply(200, _written(result, caller, entry), cookies)

    def _met(self, viewer: Viewer | None, caller: Caller, entry: Entry) -> None:
        if viewer is not None:
            entry.viewer = viewer.id
            self._budget.recognise(caller.token_hash)


def _price(operation: Operation) -> Price:
    return Price(operation.catalog.schema, operation.document, operation.node)


def _written(result: ExecutionResult, caller: Caller, entry: Entry) -> bytes:
    answer: dict[str, object] = {}
    if result.errors:
        answer["errors"] = errors.failed(result.errors, entry, caller.client.language)
    answer["data"] = result.data
    return orjson.dumps(answer)[:-1]

"""Runs mutations: the use case once and by graphql-core, what its payload shows by a plan.

graphql-core does all that isn't reading: arguments, refusals, nulls, the order of several root
fields. Where a payload names an object by its key, it is left open until the root field's
resolver is done, that is: committed. Then one statement answers all of them, before the next
root field starts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import FieldNode, located_error
from graphql.pyutils import Path

from lk_graphql.kit.viewer import Viewer
from lk_graphql.reads.payloads import PayloadPlan
from lk_graphql.reads.pool import Database
from lk_graphql.reads.rows import Found
from lk_graphql.reads.untyped import Executor, is_awaitable


@dataclass(frozen=True)
class Bound:
    """A payload's plan with the arguments of this request."""

    plan: PayloadPlan
    arguments: Sequence[object]


@dataclass
class Open:
    """An object that a payload names; `text` is its JSON, when the statement has told it."""

    found: Found[Any]
    path: Path
    nodes: list[FieldNode]
    text: bytes | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """The response keys below the root field's."""
        return tuple(step for step in self.path.as_list()[1:] if isinstance(step, str))


class Mutating(Executor):
    """graphql-core's executor, which leaves open what `payloads` (by root key) can answer."""

    def __init__(
        self, *arguments: Any, payloads: Mapping[str, Bound], database: Database, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.is_awaitable = _is_awaitable
        self._payloads = payloads
        self._database = database

    def execute_field(self, *arguments: Any) -> Any:
        _parent, _source, _details, path, _ = arguments
        value = super().execute_field(*arguments)
        bound = self._payloads.get(str(path.key)) if path.prev is None else None
        return value if bound is None else self._answered(bound, value)

    def complete_object_value(self, *arguments: Any) -> Any:
        _type, _details, info, path, result, _ = arguments
        if isinstance(result, Found):
            return Open(cast("Found[Any]", result), path, info.field_nodes)
        return super().complete_object_value(*arguments)

    async def _answered(self, bound: Bound, value: Any) -> Any:
        """A root field's value with everything in it that was left open."""
        shown = await value if _is_awaitable(value) else value
        by_viewer: dict[Viewer | None, list[Open]] = {}
        for one in _opened(shown):
            by_viewer.setdefault(one.found.rows.occasion.viewer, []).append(one)
        for opened in by_viewer.values():
            try:
                await self._answer(bound, opened)
            except Exception as cause:  # noqa: BLE001 - the change is made: say what can be said
                self._note(cause, opened)
        return _closed(shown)

    async def _answer(self, bound: Bound, opened: list[Open]) -> None:
        """One statement for all that one viewer is shown."""
        plan, occasion = bound.plan, opened[0].found.rows.occasion
        viewer = occasion.viewer
        by_place = [[one for one in opened if one.place == place] for place in plan.places]
        keys = [[one.found.keys[0] for one in there] for there in by_place]
        row = await self._database.fetchrow(
            plan.sql,
            viewer and viewer.id,
            occasion.now,
            viewer and viewer.session_id,
            *keys,
            *bound.arguments,
        )
        for number, (there, items) in enumerate(zip(by_place, row or (), strict=True)):
            for one, item in zip(there, items or (), strict=True):
                one.text = plan.finish(number, item, occasion.known())

    def _note(self, cause: Exception, opened: list[Open]) -> None:
        """An error for each place, as if its field had failed."""
        for one in {one.place: one for one in opened}.values():
            path = [one.path.as_list()[0], *one.place]
            self.collected_errors.add(located_error(cause, one.nodes, path), one.path)


def _is_awaitable(value: Any) -> bool:
    return not isinstance(value, Found) and is_awaitable(value)


def _opened(value: Any) -> Iterator[Open]:
    match value:
        case Open():
            yield value
        case dict():
            for inner in cast("dict[str, Any]", value).values():
                yield from _opened(inner)
        case list():
            for inner in cast("list[Any]", value):
                yield from _opened(inner)
        case _:
            pass


def _closed(value: Any) -> Any:
    """The value with JSON where objects were open; a list lacks those that aren't there."""
    match value:
        case Open():
            return value.text and orjson.Fragment(value.text)
        case dict():
            return {key: _closed(one) for key, one in cast("dict[str, Any]", value).items()}
        case list():
            items = cast("list[Any]", value)
            return [_closed(one) for one in items if not isinstance(one, Open) or one.text]
        case _:
            return value

"""Rows of the resolver path, read by Tortoise in one batch for all objects of a level.

A relation takes two statements per level, whatever the number of rows: one for the keys of the
related rows in their order, one for the rows.
"""

from asyncio import Task, current_task, shield, wait
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise import Model

from lk_graphql.kit import ids
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from lk_graphql.planner.audit_marks import DataAccesses, access_of
from lk_graphql.planner.declare.connections import PageRequest
from lk_graphql.planner.declare.sources import (
    PUBLIC,
    ConnectionSource,
    Filters,
    ListSource,
    LookupSource,
    RelationSource,
    TypeDeclaration,
    declaration_of,
)
from lk_graphql.planner.declare.tables import attribute, field, python_value
from lk_graphql.planner.principal import RequestInfo
from lk_graphql.planner.resolvers.querysets import (
    Computed,
    RelationBatch,
    by_key,
    computed_filters,
    condition_lookups,
    gates,
    lookups,
    order,
    permitted,
)

_NO_KEY = UUID(int=0)
Load = Callable[[list[UUID]], Awaitable[list[Any]]]


class Batches:
    """Loads by key; keys of one kind, from one iteration of the event loop, make one batch.

    Fields share the futures of the same rows. When a field fails, graphql-core 3.3 cancels its
    siblings. A shield keeps the cancellation from other fields that await the same future.
    """

    def __init__(self) -> None:
        self._loaders: dict[object, DataLoader[UUID, Any]] = {}
        self._running: set[Task[Any]] = set()
        self._is_settled = False

    async def load(self, kind: object, load: Load, key: UUID) -> Any:
        """The value for a key; all keys of a kind are loaded by the first call's `load`."""
        return await shield(self._loader(kind, load).load(key))

    async def load_many(self, kind: object, load: Load, keys: Sequence[UUID]) -> list[Any]:
        return await shield(self._loader(kind, load).load_many(keys))

    async def settle(self) -> None:
        """Wait for the running batches, and start no more.

        When a field fails, graphql-core doesn't await its siblings. Without this method, their
        batches would use a connection that the pool may already have given to another request.
        """
        self._is_settled = True
        if self._running:
            await wait(self._running)

    def _loader(self, kind: object, load: Load) -> DataLoader[UUID, Any]:
        async def tracked(keys: list[UUID]) -> list[Any]:
            if self._is_settled or (task := current_task()) is None:
                return [None] * len(keys)  # their fields have been cancelled
            self._running.add(task)
            try:
                return await load(keys)
            finally:
                self._running.discard(task)

        return self._loaders.setdefault(kind, DataLoader(load_fn=tracked))


T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A row as one GraphQL type, with the reader that loaded it."""

    row: Model
    declared: TypeDeclaration
    rows: "RowReader"

    @property
    def key(self) -> UUID:
        return cast("UUID", self.row.pk)

    def column(self, name: str) -> object:
        """The value of a column of the row itself."""
        model = self.declared.model
        return python_value(field(model, name), getattr(self.row, attribute(model, name)))


@dataclass(frozen=True)
class Ref(Generic[T]):
    """One object or a list of a mutation's payload, by key; read when the payload is serialized.

    An object that the viewer may not see is null; a list omits it.
    """

    cls: type[T]
    keys: tuple[UUID, ...]
    many: bool
    rows: "RowReader"

    def __await__(self) -> Generator[Any, None, Any]:
        return self._read().__await__()

    def __iter__(self) -> Iterator["Ref[T]"]:
        """Refs to the single objects of a list, for a plan."""
        return (replace(self, keys=(key,), many=False) for key in self.keys)

    async def _read(self) -> Any:
        declared = declaration_of(self.cls)
        if declared is None:
            raise TypeError(f"{self.cls.__name__} has no declaration")
        rows_by_key = await self.rows.owned(declared, self.keys)
        items = [rows_by_key[key] for key in self.keys if key in rows_by_key]
        return items if self.many else next(iter(items), None)


class RowReader:
    """Reads the rows that a request's principal may see."""

    def __init__(
        self,
        nodes: Mapping[str, TypeDeclaration],
        request_info: RequestInfo,
        accesses: DataAccesses | None = None,
    ) -> None:
        self.request_info = request_info
        self.accesses: DataAccesses = set() if accesses is None else accesses
        self._nodes = nodes
        self.batches = Batches()

    async def settle(self) -> None:
        """Wait for the running batches, and start no more."""
        await self.batches.settle()

    def as_viewer(self, viewer: Viewer) -> "RowReader":
        """A reader for another viewer, such as a user who has just signed in."""
        return RowReader(self._nodes, replace(self.request_info, viewer=viewer), self.accesses)

    def as_staff(self, staff: StaffViewer) -> "RowReader":
        """A reader for a staff member."""
        return RowReader(self._nodes, replace(self.request_info, staff=staff), self.accesses)

    def item(self, row: Model, declared: TypeDeclaration) -> Row:
        """A row for the result; records the access to it."""
        if access := access_of(declared, row):
            self.accesses.add(access)
        return Row(row, declared, self)

    def by_key(self, cls: type[T], key: UUID) -> T:
        """An object for a payload; don't await it, because the payload's plan reads it."""
        return cast("T", Ref(cls, (key,), many=False, rows=self))

    def by_keys(self, cls: type[T], keys: Sequence[UUID]) -> list[T]:
        """Objects for a payload, in the order of their keys; see `by_key`."""
        return cast("list[T]", Ref(cls, tuple(keys), many=True, rows=self))

    async def signed_in(self, declared: TypeDeclaration) -> Row | None:
        viewer = self.request_info.viewer
        return (await self.owned(declared, [viewer.id])).get(viewer.id) if viewer else None

    async def current_staff(self, declared: TypeDeclaration) -> Row | None:
        staff = self.request_info.staff
        return (await self.owned(declared, [staff.id])).get(staff.id) if staff else None

    def may(self, role: Role) -> bool:
        """True for staff with this role or a higher one."""
        staff = self.request_info.staff
        return staff is not None and staff.may(role)

    async def by_ids(self, public_ids: Iterable[str]) -> list[Row | None]:
        objects = [
            (self._nodes.get(ids.prefix_of(public_id)), ids.key_of(public_id))
            for public_id in public_ids
        ]
        rows_by_key: dict[tuple[TypeDeclaration, UUID], Row] = {}
        for declared in {declared for declared, _ in objects if declared}:
            keys = [key for type_, key in objects if type_ is declared and key]
            rows = await self.owned(declared, keys)
            rows_by_key |= {(declared, key): item for key, item in rows.items()}
        return [
            rows_by_key.get((declared, key)) if declared and key else None
            for declared, key in objects
        ]

    async def owned(self, declared: TypeDeclaration, keys: Iterable[UUID]) -> dict[UUID, Row]:
        """The rows that the principal owns or may see, by key."""
        query = self._owned_by_principal(declared, by_key(declared.model, keys))
        if query is None:
            return {}
        rows = await (query if declared.role else permitted(declared.model, query))
        return {row.pk: self.item(row, declared) for row in rows}

    async def owned_by_key(self, declared: TypeDeclaration, key: UUID | None) -> Row | None:
        """One row that the principal owns or may see, read in a batch."""

        async def load(keys: list[UUID]) -> list[Row | None]:
            rows_by_key = await self.owned(declared, keys)
            return [rows_by_key.get(key) for key in keys]

        return key and await self.batches.load((declared, "owned"), load, key)

    def _owned_by_principal(self, declared: TypeDeclaration, query: Any) -> Any:
        """Restrict a queryset to the principal's rows; None if the principal can have no rows."""
        path, viewer = declared.path, self.request_info.viewer
        if declared.role and self.may(declared.role):
            return query.filter(**condition_lookups(declared.where, str, self.request_info.now))
        if declared.owned_through == PUBLIC:
            return query
        if path is None or viewer is None:
            return None
        owner = f"{path}__id" if path else "pk"
        return query.filter(
            **{owner: viewer.id},
            **gates(declared.model, path, start=False, now=self.request_info.now),
        )

    async def listed(self, declared: TypeDeclaration, source: ListSource) -> list[Row]:
        model = declared.model
        query = model.filter(**condition_lookups(source.where, str, self.request_info.now))
        query = query.order_by(*order(source.order_by, lambda name: attribute(model, name)))
        return [self.item(row, declared) for row in await query]

    async def lookup(
        self, declared: TypeDeclaration, source: LookupSource, value: str
    ) -> Row | None:
        column, value = field(source.model, source.column), source.read(value)
        if len(value) > column.max_length:
            return None  # Tortoise would raise an exception for the value

        async def load(keys: list[UUID]) -> list[Model | None]:
            row = await source.model.filter(**{source.column: value}).first()
            return [row] * len(keys)

        row = await self.batches.load((source, value), load, _NO_KEY)
        return row and self.item(row, declared)

    async def related(
        self,
        item: Row,
        source: RelationSource,
        declared: TypeDeclaration,
        limit: int | None,
        where: Any = None,
    ) -> list[Row]:
        """The rows behind a relation, at most `limit`. Raises `BadArgument`."""
        filter_lookups = lookups(declared.model, source.filters, where)
        batch = RelationBatch(
            item.declared.model,
            source.relation,
            source.order_by,
            source.where,
            self.request_info.now,
            filter_lookups,
            item.declared.role is None,
            self._computed(declared, source.filters, where, gated=item.declared.role is None),
        )
        keys = await self.batches.load((batch, "keys"), batch.keys, item.key)
        return await self._items(declared, keys[:limit])

    async def page(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, request: PageRequest
    ) -> tuple[list[Row], bool]:
        """A page in the list's order, and True if there are more rows in its direction."""
        batch = self._pages(item, source, declared, request.where)
        beyond = batch.beyond(source.by, request)

        async def load(parents: list[UUID]) -> list[list[UUID]]:
            return await batch.keys(parents, beyond)

        keys = await self.batches.load((batch, request.after, request.before), load, item.key)
        page_keys = keys[-request.count :] if request.backward else keys[: request.count]
        return await self._items(declared, page_keys), len(keys) > request.count

    async def count(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, where: Any
    ) -> int:
        """The number of rows behind the relation that match the filters."""
        batch = self._pages(item, source, declared, where)
        return len(await self.batches.load((batch, "keys"), batch.keys, item.key))

    def _pages(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, where: Any
    ) -> RelationBatch:
        filter_lookups = lookups(declared.model, source.filters, where)
        return RelationBatch(
            source.of_all or item.declared.model,
            source.relation,
            (source.by,),
            source.where,
            self.request_info.now,
            filter_lookups,
            item.declared.role is None,
            self._computed(declared, source.filters, where, gated=item.declared.role is None),
        )

    def _computed(
        self, declared: TypeDeclaration, filters: Filters, where: Any, *, gated: bool
    ) -> Computed:
        return computed_filters(declared.model, filters, where, self.request_info, gated=gated)

    async def _items(self, declared: TypeDeclaration, keys: Sequence[UUID]) -> list[Row]:
        async def load(batch_keys: list[UUID]) -> list[Model]:
            rows_by_key = {row.pk: row async for row in by_key(declared.model, batch_keys)}
            return [rows_by_key[key] for key in batch_keys]

        rows = await self.batches.load_many(declared.model, load, keys)
        return [self.item(row, declared) for row in rows]

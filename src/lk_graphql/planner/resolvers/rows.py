"""Rows of the resolver path: Tortoise querysets, one batch for all rows of a level.

A relation costs two statements for a level, however many rows there are: the keys of the related
rows in their order, then the rows themselves.
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
    ListSource,
    RelationSource,
    TypeDeclaration,
    declaration_of,
)
from lk_graphql.planner.declare.tables import attribute, field, python_value
from lk_graphql.planner.principal import RequestInfo
from lk_graphql.planner.resolvers.querysets import (
    RelationBatch,
    by_key,
    condition_lookups,
    gates,
    lookups,
    order,
)

Load = Callable[[list[UUID]], Awaitable[list[Any]]]


class Batches:
    """Loads by key; everything of one kind that is asked for in one turn of the loop together.

    Fields that want the same rows share one future. When a field fails, graphql-core 3.3 cancels
    those beside it; a shield keeps that from the others who wait.
    """

    def __init__(self) -> None:
        self._loaders: dict[object, DataLoader[UUID, Any]] = {}
        self._running: set[Task[Any]] = set()
        self._over = False

    async def one(self, kind: object, load: Load, key: UUID) -> Any:
        """What `load` gives for this key; the first `load` of a kind serves them all."""
        return await shield(self._loader(kind, load).load(key))

    async def many(self, kind: object, load: Load, keys: Sequence[UUID]) -> list[Any]:
        return await shield(self._loader(kind, load).load_many(keys))

    async def settle(self) -> None:
        """Wait for what is being read, and read nothing more.

        When a field fails, graphql-core doesn't wait for those beside it: their batches would
        otherwise use a connection that already serves somebody else.
        """
        self._over = True
        if self._running:
            await wait(self._running)

    def _loader(self, kind: object, load: Load) -> DataLoader[UUID, Any]:
        async def tracked(keys: list[UUID]) -> list[Any]:
            if self._over or (task := current_task()) is None:
                return [None] * len(keys)  # nobody waits for it any more
            self._running.add(task)
            try:
                return await load(keys)
            finally:
                self._running.discard(task)

        return self._loaders.setdefault(kind, DataLoader(load_fn=tracked))


T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A row as one GraphQL type, seen through one viewer's eyes."""

    row: Model
    declared: TypeDeclaration
    rows: "RowReader"

    @property
    def key(self) -> UUID:
        return cast("UUID", self.row.pk)

    def column(self, name: str) -> object:
        """The row's own column."""
        model = self.declared.model
        return python_value(field(model, name), getattr(self.row, attribute(model, name)))


@dataclass(frozen=True)
class Ref(Generic[T]):
    """An object (or objects) of a mutation's payload, named by key and read when it is shown.

    What the viewer may not see is not there: null, or missing from the list.
    """

    cls: type[T]
    keys: tuple[UUID, ...]
    many: bool
    rows: "RowReader"

    def __await__(self) -> Generator[Any, None, Any]:
        return self._read().__await__()

    def __iter__(self) -> Iterator["Ref[T]"]:
        """One by one, for a plan to answer."""
        return (replace(self, keys=(key,), many=False) for key in self.keys)

    async def _read(self) -> Any:
        declared = declaration_of(self.cls)
        if declared is None:
            raise TypeError(f"{self.cls.__name__} has no declaration")
        found = await self.rows.owned(declared, self.keys)
        items = [found[key] for key in self.keys if key in found]
        return items if self.many else next(iter(items), None)


class RowReader:
    """The database as `occasion.viewer` may see it, for one request."""

    def __init__(
        self,
        nodes: Mapping[str, TypeDeclaration],
        occasion: RequestInfo,
        looks: DataAccesses | None = None,
    ) -> None:
        self.request_info = occasion
        self.accesses: DataAccesses = set() if looks is None else looks
        self._nodes = nodes
        self.batches = Batches()

    async def settle(self) -> None:
        """Wait for what is being read, and read nothing more."""
        await self.batches.settle()

    def as_viewer(self, viewer: Viewer) -> "RowReader":
        """The same request through another's eyes: those of one who has just signed in."""
        return RowReader(self._nodes, replace(self.request_info, viewer=viewer), self.accesses)

    def as_staff(self, staff: StaffViewer) -> "RowReader":
        """The same for a member of staff."""
        return RowReader(self._nodes, replace(self.request_info, staff=staff), self.accesses)

    def item(self, row: Model, declared: TypeDeclaration) -> Row:
        """A row that is about to be shown."""
        if seen := access_of(declared, row):
            self.accesses.add(seen)
        return Row(row, declared, self)

    def by_key(self, cls: type[T], key: UUID) -> T:
        """An object for a payload. Don't await it: it is read when its selection is answered."""
        return cast("T", Ref(cls, (key,), many=False, rows=self))

    def by_keys(self, cls: type[T], keys: Sequence[UUID]) -> list[T]:
        """Objects for a payload, in the order of their keys; not to be awaited either."""
        return cast("list[T]", Ref(cls, tuple(keys), many=True, rows=self))

    async def signed_in(self, declared: TypeDeclaration) -> Row | None:
        viewer = self.request_info.viewer
        return (await self.owned(declared, [viewer.id])).get(viewer.id) if viewer else None

    async def current_staff(self, declared: TypeDeclaration) -> Row | None:
        staff = self.request_info.staff
        return (await self.owned(declared, [staff.id])).get(staff.id) if staff else None

    def may(self, role: Role) -> bool:
        """Whether staff ask who have this role."""
        staff = self.request_info.staff
        return staff is not None and staff.may(role)

    async def by_ids(self, publics: Iterable[str]) -> list[Row | None]:
        asked = [(self._nodes.get(ids.prefix_of(p)), ids.key_of(p)) for p in publics]
        found: dict[tuple[TypeDeclaration, UUID], Row] = {}
        for declared in {declared for declared, _ in asked if declared}:
            keys = [key for d, key in asked if d is declared and key]
            rows = await self.owned(declared, keys)
            found |= {(declared, key): item for key, item in rows.items()}
        return [found.get((d, k)) if d and k else None for d, k in asked]

    async def owned(self, declared: TypeDeclaration, keys: Iterable[UUID]) -> dict[UUID, Row]:
        """Those rows of a type that the viewer may see by themselves, by key."""
        mine = self._owned_by_principal(declared, by_key(declared.model, keys))
        return {row.pk: self.item(row, declared) for row in await mine} if mine else {}

    def _owned_by_principal(self, declared: TypeDeclaration, found: Any) -> Any:
        """A queryset without what isn't the asker's; None if nothing of the type can be."""
        path, viewer = declared.path, self.request_info.viewer
        if declared.role and self.may(declared.role):
            return found.filter(**condition_lookups(declared.where, str, self.request_info.now))
        if declared.owned_through == PUBLIC:
            return found
        if path is None or viewer is None:
            return None
        owner = f"{path}__id" if path else "pk"
        return found.filter(
            **{owner: viewer.id},
            **gates(declared.model, path, start=False, now=self.request_info.now),
        )

    async def listed(self, declared: TypeDeclaration, source: ListSource) -> list[Row]:
        model = declared.model
        query = model.filter(**condition_lookups(source.where, str, self.request_info.now))
        query = query.order_by(*order(source.order_by, lambda name: attribute(model, name)))
        return [self.item(row, declared) for row in await query]

    async def related(
        self,
        item: Row,
        source: RelationSource,
        declared: TypeDeclaration,
        limit: int | None,
        where: Any = None,
    ) -> list[Row]:
        """The rows behind a relation, at most `limit` of them; raises `BadArgument`."""
        wanted = lookups(declared.model, source.filters, where)
        batch = RelationBatch(
            item.declared.model,
            source.relation,
            source.order_by,
            source.where,
            self.request_info.now,
            wanted,
            item.declared.role is None,
        )
        keys = await self.batches.one((batch, "keys"), batch.keys, item.key)
        return await self._items(declared, keys[:limit])

    async def page(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, window: PageRequest
    ) -> tuple[list[Row], bool]:
        """A page in the list's order, and whether there is more in the direction of travel."""
        batch = self._pages(item, source, declared, window.where)
        beyond = batch.beyond(source.by, window)

        async def load(parents: list[UUID]) -> list[list[UUID]]:
            return await batch.keys(parents, beyond)

        keys = await self.batches.one((batch, window.after, window.before), load, item.key)
        shown = keys[-window.count :] if window.backward else keys[: window.count]
        return await self._items(declared, shown), len(keys) > window.count

    async def count(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, where: Any
    ) -> int:
        """How many rows there are behind the relation, of those that are wanted."""
        batch = self._pages(item, source, declared, where)
        return len(await self.batches.one((batch, "keys"), batch.keys, item.key))

    def _pages(
        self, item: Row, source: ConnectionSource, declared: TypeDeclaration, where: Any
    ) -> RelationBatch:
        wanted = lookups(declared.model, source.filters, where)
        return RelationBatch(
            source.of_all or item.declared.model,
            source.relation,
            (source.by,),
            source.where,
            self.request_info.now,
            wanted,
            item.declared.role is None,
        )

    async def _items(self, declared: TypeDeclaration, keys: Sequence[UUID]) -> list[Row]:
        async def load(missing: list[UUID]) -> list[Model]:
            found = {row.pk: row async for row in by_key(declared.model, missing)}
            return [found[key] for key in missing]

        rows = await self.batches.many(declared.model, load, keys)
        return [self.item(row, declared) for row in rows]

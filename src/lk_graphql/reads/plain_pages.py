"""The plain path's connections: one page of rows as an object that graphql-core walks through."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from strawberry import UNSET

from lk_graphql.reads import connections
from lk_graphql.reads.connections import Edge, Given, PageInfo, Window
from lk_graphql.reads.cursors import Place, ordering
from lk_graphql.reads.resolving import Info, declared_in, returned
from lk_graphql.reads.rows import Item
from lk_graphql.reads.sources import Declared, Pages
from lk_graphql.reads.tables import field


def pages(source: Pages) -> Callable[..., Any]:
    async def page(  # noqa: PLR0913, PLR0917 - what clients may say of a page
        root: Item,
        info: Info,
        first: Given[int] = UNSET,
        after: Given[str] = UNSET,
        last: Given[int] = UNSET,
        before: Given[str] = UNSET,
        where: Any = None,
    ) -> Any:
        window = replace(connections.window(first, after, last, before), where=where)
        declared = declared_in(returned(info))
        items, more = await root.rows.page(root, source, declared, window)
        return _Page(root, source, declared, window, items, more)

    return page


@dataclass(frozen=True)
class _Page:
    """A connection's fields, as graphql-core looks them up."""

    parent: Item
    source: Pages
    declared: Declared
    window: Window
    nodes: list[Item]
    more: bool

    @cached_property
    def edges(self) -> list[Edge[Item]]:
        return [Edge(cursor=self._cursor(item), node=item) for item in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        ends = [edge.cursor for edge in self.edges] or [None]
        backward = self.window.backward
        return PageInfo(
            has_next_page=self.window.before is not None if backward else self.more,
            has_previous_page=self.more if backward else self.window.after is not None,
            start_cursor=ends[0],
            end_cursor=ends[-1],
        )

    @property
    def total_count(self) -> Any:
        return self.parent.rows.count(self.parent, self.source, self.declared, self.window.where)

    def _cursor(self, item: Item) -> str:
        by = self.source.by.removeprefix("-")
        kind = ordering(field(item.declared.model, by))
        return kind.cursor(Place(item.column(by), item.key))

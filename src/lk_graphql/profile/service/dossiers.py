"""What slices keep of people: how it is told to them, and how it is destroyed.

A slice's hooks register its `Dossier`, in the worker as in the server.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lk_graphql.database import SLICES
from lk_graphql.kit.registry import Registry
from lk_graphql.ports.jobs import World


@dataclass(frozen=True)
class Listing:
    """Rows of somebody's, each as a JSON object.

    `sql` selects a key, by which they are ordered, and the object; $1 is the person. `name` is
    what the list is called in the export. Sums are rubles, times have their offset.
    """

    name: str
    sql: str


class Enclosed(NamedTuple):
    """A file of the export: where it lies in the archive, and its bytes, in pieces."""

    path: str
    content: AsyncIterator[bytes]


@dataclass(frozen=True)
class Eraser:
    """Destroys what names a person, inside the transaction of the erasure, and counts the rows.

    `what` stands in the protocol. It is not deletion where the law wants the rows kept: then
    they stay and name nobody.
    """

    what: str
    erase: Callable[[UUID, datetime], Awaitable[int]]
    deletes: bool = True


@dataclass(frozen=True)
class Dossier:
    """All that one slice keeps of people."""

    listings: tuple[Listing, ...] = ()
    enclosed: Callable[[UUID, World], AsyncIterator[Enclosed]] | None = None
    erasers: tuple[Eraser, ...] = ()


KNOWN = Registry[str, Dossier]()
"""By slice."""


def of_all_slices() -> list[Dossier]:
    """In the order of the slices: a later slice's rows point to an earlier one's."""
    return [KNOWN[name] for name in SLICES if name in KNOWN]

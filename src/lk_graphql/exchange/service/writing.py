"""The SQL that takes checked rows into the cabinet's tables, a range of pages at a time.

A range keeps each statement short enough to tell how far it is; all of them are one transaction.
Rows that are as they were aren't touched (no new version, nothing for autovacuum and replicas), but
for the stamp of those that say as of which file they are.
"""

from collections.abc import Iterable

from lk_graphql.exchange.service.records import Part, Records
from lk_graphql.exchange.service.statements import key_of


def index(records: Records) -> str:
    """Before known rows are looked at.

    PostgreSQL may believe that the table is empty, if it was when it was last analyzed, and look
    through all of this import's rows for each of the table's.
    """
    columns = records.key if records.part_of else ("id",)
    return f"CREATE INDEX ON row_{records.name} ({', '.join(columns)})"


def insert(records: Records) -> str:
    """Rows that the table hasn't; of a part, those of new documents."""
    key = key_of("r") if records.part_of else "r.id"
    return f"{_into(records, key)} WHERE r.is_new AND NOT r.is_stale AND {_IN_RANGE}"


def update(records: Records) -> str:
    """Rows that differ from the table's, unless the table's are newer."""
    columns = records.compared
    values = list(columns)
    if records.is_stamped_by_run:
        values.append(records.stamp)
    return (
        f'UPDATE "{records.table}" t SET {_set(values or records.key)} FROM row_{records.name} r'
        f" WHERE {_same(records)} AND NOT r.is_new AND NOT r.is_stale AND {_IN_RANGE}"
        f" AND {_differ(columns)}"
    )


def restamp(records: Records) -> str:
    """Rows that are as they were, but said again by a newer file: an older one can't replace them.

    After `update`. Not counted among the changed: what customers see is the same.
    """
    return (
        f'UPDATE "{records.table}" t SET {records.stamp} = r.{records.stamp}'
        f" FROM row_{records.name} r WHERE {_same(records)} AND NOT r.is_new AND NOT r.is_stale"
        f" AND {_IN_RANGE} AND t.{records.stamp} IS DISTINCT FROM r.{records.stamp}"
    )


def add(records: Records) -> str:
    """Parts that a known document has more than before."""
    known = f'SELECT FROM "{records.table}" t WHERE {_same(records)}'
    return (
        f"{_into(records, key_of('r'))} WHERE NOT r.is_new AND NOT r.is_stale"
        f" AND {_IN_RANGE} AND NOT EXISTS ({known})"
    )


def prune(records: Records, part: Part) -> str:
    """Parts that a known document has no more."""
    on = " AND ".join(f"r.{name} = t.{name}" for name in records.key)
    return (
        f'DELETE FROM "{records.table}" t USING row_{part.of} p'
        f" WHERE t.{part.into} = p.id AND NOT p.is_new AND NOT p.is_stale"
        f" AND NOT EXISTS (SELECT FROM row_{records.name} r WHERE {on})"
    )


_IN_RANGE = "r.ctid >= $1::text::tid AND r.ctid < $2::text::tid"


def _into(records: Records, key: str) -> str:
    columns = list(records.stored)
    if records.is_stamped_by_run:
        columns.append(records.stamp)
    values = ", ".join(f"r.{name}" for name in columns)
    return (
        f'INSERT INTO "{records.table}" (id, {", ".join(columns)})'
        f" SELECT {key}, {values} FROM row_{records.name} r"
    )


def _same(records: Records) -> str:
    if not records.part_of:
        return "t.id = r.id"
    return " AND ".join(f"t.{name} = r.{name}" for name in records.key)


def _set(columns: Iterable[str]) -> str:
    return ", ".join(f"{name} = r.{name}" for name in columns)


def _differ(columns: Iterable[str]) -> str:
    """A table all of whose columns are its key never differs."""
    names = list(columns)
    if not names:
        return "false"
    ours, theirs = (", ".join(f"{alias}.{name}" for name in names) for alias in "tr")
    return f"({ours}) IS DISTINCT FROM ({theirs})"

"""SQL of an import, generated from the declarations: staging, typed rows, writing.

A file's rows pass through staging tables, temporary or unlogged (`Staging`): `stage_x` holds them
as text, `row_x` the well-formed ones, typed and with their keys resolved, `fault` the faults of the
others. The cabinet's own tables are written in the last step only, in ranges of pages, so that the
progress can be reported.

Unchanged rows aren't written, which spares autovacuum and replicas; only their timestamp is, if
they have one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from lk_graphql.import_formats.service.records import ChildOf, FileColumn, Records
from lk_graphql.tabular.value_formats import is_well_formed

_LINE_BITS = 27
MOST_FILES = (1 << 32 - _LINE_BITS) - 1
"""Limit of files in an import: file and line share the 32 bits of a row's number."""
FEW_ROWS = 1000
"""With fewer rows, PostgreSQL's default estimates are as good as statistics."""
_IN_RANGE = "r.ctid >= $1::text::tid AND r.ctid < $2::text::tid"


@dataclass(frozen=True)
class Staging:
    """The kind of tables that a run creates."""

    command: str
    options: str = ""

    def table(self, name: str, columns: str) -> str:
        return f"{self.command} {name} ({columns}){self.options}"

    def table_of(self, name: str, query: str) -> str:
        return f"{self.command} {name}{self.options} AS {query}"


TEMPORARY = Staging("CREATE TEMP TABLE", " ON COMMIT DROP")
"""Tables until the end of the transaction."""
UNLOGGED = Staging("CREATE UNLOGGED TABLE")
"""Tables until the end of the run, even if its process dies. They are in the first schema of the
search path. They are unlogged: a crash of PostgreSQL and the promotion of a standby empty them."""


def keys(base: UUID) -> str:
    """Define a function that builds UUIDv7 keys from `base` and a number of up to 32 bits.

    A key contains the number and 42 pseudorandom bits. So keys are unique, and they increase, which
    appends to indexes. PostgreSQL's own `uuidv7()` is about seven times slower. In PostgreSQL the
    operators <<, >>, & and | have the same precedence.
    """
    seed = base.int & (1 << 62) - 1
    high = base.int >> 64 & ~0xFFF
    return f"""
    CREATE OR REPLACE FUNCTION pg_temp.import_key(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN encode(int8send({high} | (n >> 20)) || int8send((-9223372036854775808)
        | ((n & 1048575) << 42) | (hashint8extended(n, {seed}) & 4398046511103)), 'hex')::uuid
    """


def key_of(alias: str) -> str:
    """SQL of a new key for a row of the run."""
    return f"pg_temp.import_key(({alias}.file::bigint << {_LINE_BITS}) | {alias}.line)"


def stage_columns(records: Records) -> str:
    """The columns of `stage_x`."""
    columns = ", ".join(f'"{name}" text' for name in records.names)
    return (
        "file smallint, line integer DEFAULT nextval('pg_temp.import_line'), fault_code text,"
        f" fault_column text, content text, {columns}"
    )


def typed_rows(records: Records, signs: str, pages: range | None = None, source: str = "") -> str:
    """Select the rows of `row_x`; `id` is the existing row's key or a new one.

    `signs` are the decimal signs that the file proves (`tabular.value_formats`). `pages` limits the
    pages of `stage_x` (default: all). Their numbers are constants, so that PostgreSQL can estimate
    the number of rows. `source` is the table to read, by default `stage_x`.

    The condition is a single CASE, whose selectivity PostgreSQL estimates as one half. For
    conditions joined by AND, PostgreSQL would multiply the estimates, expect one row in a million,
    and choose nested loops over whole tables.
    """
    typed_columns = ", ".join(
        f"{_typed(column)} AS {column.typed_name}" for column in records.columns
    )
    select = [f"SELECT s.file, s.line, {typed_columns}"]
    joins: list[str] = []
    for number, reference in enumerate(records.references):
        select.append(f", f{number}.id AS {reference.target}")
        on = same_columns(reference.by, reference.by, f"f{number}", "s")
        joins.append(f"LEFT JOIN ({reference.lookup_sql}) f{number} ON {on}")
    if part := records.part_of:
        select.append(f", p.id AS {part.target}, p.is_new, p.is_stale")
        joins.append(
            f"LEFT JOIN row_{part.parent} p ON {same_columns(part.matches, part.by, 'p', 's')}"
        )
    is_row = f"s.fault_code IS NULL AND {is_well_formed(records.columns, signs)}"
    well_formed = f"CASE WHEN {is_row} THEN true ELSE false END"
    source = source or f"stage_{records.name}"
    sql = f"{''.join(select)} FROM {source} s {' '.join(joins)} WHERE {well_formed}"
    if pages:
        sql += f" AND s.ctid >= '({pages.start},0)' AND s.ctid < '({pages.stop},0)'"
    if records.lookups:
        lookups = ", ".join(f"({lookup.query}) AS {lookup.target}" for lookup in records.lookups)
        sql = f"SELECT x.*, {lookups} FROM ({sql}) x"
    if not records.part_of:
        sql = existing_rows(records, sql)
    return sql


def no_rows(records: Records) -> str:
    """Select no rows, for the `row_x` of records without files."""
    texts = ", ".join(f'NULL::text AS "{name}"' for name in records.names)
    place = "NULL::smallint AS file, NULL::integer AS line, NULL::text AS fault_code"
    nothing = f"(SELECT {place}, {texts} WHERE false)"
    return typed_rows(records, "", source=nothing)


def rows_of_batch(schema: str, records: Records, owner: str, number: int) -> str:
    """Select the staged rows of a batch; of parts, those whose documents are in `row_x`."""
    rows = f"{schema}.row_{records.name} r"
    if part := records.part_of:
        return f"SELECT r.* FROM row_{part.parent} p JOIN {rows} ON r.{part.target} = p.id"
    return (
        f"SELECT r.* FROM {schema}.batch b JOIN {rows} ON r.{owner} = b.owner"
        f" WHERE b.number = {number}"
    )


def same_columns(
    left_columns: Iterable[str], right_columns: Iterable[str], left: str, right: str
) -> str:
    pairs = zip(left_columns, right_columns, strict=True)
    return " AND ".join(
        f"{left}.{left_column} = {right}.{right_column}" for left_column, right_column in pairs
    )


def index(records: Records) -> str:
    """Create an index on `row_x` for updates of existing rows.

    If the table was empty when PostgreSQL last analyzed it, PostgreSQL expects no rows in it, and
    without the index it would scan all of `row_x` for each row of the table.
    """
    columns = records.key if records.part_of else ("id",)
    return f"CREATE INDEX ON row_{records.name} ({', '.join(columns)})"


def insert(records: Records) -> str:
    """Insert rows that the table lacks; of parts, those of new documents."""
    key = key_of("r") if records.part_of else "r.id"
    return f"{_insert_columns(records, key)} WHERE r.is_new AND NOT r.is_stale AND {_IN_RANGE}"


def update(records: Records) -> str:
    """Update the table's rows that differ from the file's, unless the table's are newer."""
    columns = records.compared_columns
    values = list(columns)
    if records.is_stamped_by_run:
        values.append(records.stamp)
    return (
        f'UPDATE "{records.table}" t SET {_set(values or records.key)} FROM row_{records.name} r'
        f" WHERE {_same(records)} AND NOT r.is_new AND NOT r.is_stale AND {_IN_RANGE}"
        f" AND {_differ(columns)}"
    )


def restamp(records: Records) -> str:
    """Set the file's timestamp on unchanged rows, so that no older file can replace them.

    Execute it after `update`. These rows don't count as changed.
    """
    return (
        f'UPDATE "{records.table}" t SET {records.stamp} = r.{records.stamp}'
        f" FROM row_{records.name} r WHERE {_same(records)} AND NOT r.is_new AND NOT r.is_stale"
        f" AND {_IN_RANGE} AND t.{records.stamp} IS DISTINCT FROM r.{records.stamp}"
    )


def insert_new(records: Records) -> str:
    """Insert additional parts of existing documents."""
    existing_part = f'SELECT FROM "{records.table}" t WHERE {_same(records)}'
    return (
        f"{_insert_columns(records, key_of('r'))} WHERE NOT r.is_new AND NOT r.is_stale"
        f" AND {_IN_RANGE} AND NOT EXISTS ({existing_part})"
    )


def delete_missing(records: Records, part: ChildOf) -> str:
    """Delete the parts that existing documents no longer have in the file."""
    on = " AND ".join(f"r.{name} = t.{name}" for name in records.key)
    return (
        f'DELETE FROM "{records.table}" t USING row_{part.parent} p'
        f" WHERE t.{part.target} = p.id AND NOT p.is_new AND NOT p.is_stale"
        f" AND NOT EXISTS (SELECT FROM row_{records.name} r WHERE {on})"
    )


def existing_rows(records: Records, rows: str) -> str:
    """Join the table's rows by natural key; select `id`, `is_new` and `is_stale`."""
    on = " AND ".join(f"t.{name} = y.{name}" for name in records.key)
    if records.existing_where:
        on += f" AND {records.existing_where}"
    stamp = "current_setting('lk.as_of')::timestamptz"
    columns = [f"{computed.initial} AS {computed.target}" for computed in records.computed]
    if records.is_stamped_by_run:
        columns.append(f"{stamp} AS {records.stamp}")
    elif records.stamp:
        stamp = f"y.{records.stamp}"
    stale = f"coalesce(t.{records.stamp} > {stamp}, false)" if records.stamp else "false"
    if records.stale_where:
        stale += f" OR {records.stale_where}"
    existing_id = f"coalesce(({records.preferred}), t.id)" if records.preferred else "t.id"
    columns += [f"coalesce({existing_id}, {key_of('y')}) AS id", f"{existing_id} IS NULL AS is_new"]
    columns += [f"{stale} AS is_stale"]
    names = ", ".join(["y.*", *columns])
    return f'SELECT {names} FROM ({rows}) y LEFT JOIN "{records.table}" t ON {on}'


def _typed(column: FileColumn) -> str:
    name = f"s.{column.name}"
    value = column.value.cast_sql.format(c=name)
    if not column.required:
        otherwise = f"({column.default})::{column.value.type}" if column.default else "NULL"
        value = f"CASE WHEN {name} IS NULL THEN {otherwise} ELSE {value} END"
    return f"({value})::{column.value.type}"


def _insert_columns(records: Records, key: str) -> str:
    columns = list(records.stored_columns)
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
    """SQL condition of a difference; false for a table whose columns are all in its key."""
    names = list(columns)
    if not names:
        return "false"
    left, right = (", ".join(f"{alias}.{name}" for name in names) for alias in "tr")
    return f"({left}) IS DISTINCT FROM ({right})"

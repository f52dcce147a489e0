"""SQL of an import, generated from the declarations: staging, checks, writing.

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

from lk_graphql.import_formats.service.records import ChildOf, FileColumn, Records, SetCheck
from lk_graphql.tabular.value_formats import is_valid, is_well_formed

_TOTAL = "^([Ии]того|ИТОГО|[Вв]сего|ВСЕГО|[Tt]otal|TOTAL)([ :.]|$)"
_LINE_BITS = 27
MOST_FILES = (1 << 32 - _LINE_BITS) - 1
"""Limit of files in an import: file and line share the 32 bits of a row's number."""
FEW_ROWS = 1000
"""With fewer rows, PostgreSQL's default estimates are as good as statistics."""
FAULT_COLUMNS = """
    records text, file smallint, line integer, "column" text, code text, value text,
    is_note boolean NOT NULL DEFAULT false
"""
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
    well_formed = f"CASE WHEN {is_well_formed(records.columns, signs)} THEN true ELSE false END"
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
    nothing = f"(SELECT NULL::smallint AS file, NULL::integer AS line, {texts} WHERE false)"
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


def mark_headings(records: Records, signs: str) -> str:
    """Mark rows that repeat the column names; return file, line, and whether in the same order."""
    names = ", ".join(f"'{name}'" for name in records.names)
    own = (f"coalesce(lower(s.{name}), '{name}') = '{name}'" for name in records.names)
    condition = f"(SELECT bool_and(lower(v) IN ({names})) FROM unnest({_values(records)}) v)"
    return (
        f"{_mark(records, 'HEADING', condition, signs)} RETURNING file, line, {' AND '.join(own)}"
    )


def mark_totals(records: Records, signs: str) -> str:
    """Mark rows that begin with the word for a total."""
    condition = f"({_values(records)})[1] ~ '{_TOTAL}'"
    return _mark(records, "TOTAL_ROW", condition, signs)


def _values(records: Records) -> str:
    values = ", ".join(f"s.{name}" for name in records.names)
    return f"array_remove(ARRAY[{values}], NULL)"


def _mark(records: Records, code: str, condition: str, signs: str) -> str:
    return (
        f"UPDATE stage_{records.name} s SET fault_code = '{code}',"
        f" content = left(array_to_string({_values(records)}, ' '), 200)"
        f" WHERE s.fault_code IS NULL AND ({is_well_formed(records.columns, signs)}) IS NOT TRUE"
        f" AND {condition}"
    )


def broken_lines(records: Records) -> str:
    """Record the lines that aren't rows as faults."""
    return (
        f"INSERT INTO fault SELECT '{records.name}', file, line, fault_column, fault_code, content"
        f" FROM stage_{records.name} WHERE fault_code IS NOT NULL"
    )


def format_faults(records: Records, signs: str) -> str:
    """Record missing and malformed values as faults."""
    faults = (
        (column.name, _fault_of(column, signs), f"s.{column.name}") for column in records.columns
    )
    condition = f"s.fault_code IS NULL AND ({is_well_formed(records.columns, signs)}) IS NOT TRUE"
    return _faults(records, f"stage_{records.name} s", condition, faults)


def row_faults(records: Records) -> str | None:
    """Record unresolved keys and failed row checks; None if the records have neither."""
    checks = [
        (reference.by[-1], f"r.{reference.target} IS NULL", reference.code, _joined(reference.by))
        for reference in records.references
    ]
    checks += [
        (
            lookup.inputs,
            f"r.{lookup.target} IS NULL AND r.{lookup.inputs} IS NOT NULL",
            lookup.code,
            f"r.{lookup.inputs}",
        )
        for lookup in records.lookups
        if lookup.code
    ]
    names = {column.name: column.typed_name for column in records.columns}
    checks += [
        (check.column, check.condition, check.code, f"r.{names[check.column]}")
        for check in records.checks
    ]
    if not checks:
        return None
    any_fault = " OR ".join(f"({condition})" for _, condition, _, _ in checks)
    faults = (
        (column, f"CASE WHEN {condition} THEN '{code}' END", f"({value})::text")
        for column, condition, code, value in checks
    )
    return _faults(records, f"row_{records.name} r", any_fault, faults)


def duplicates(records: Records, key: tuple[str, ...]) -> str:
    """Refuse all rows with the same key, because the right one can't be determined."""
    names = ", ".join(key)
    fault_column = _fault_column(records, key)
    return (
        f"INSERT INTO fault SELECT '{records.name}', r.file, r.line, '{fault_column}', 'DUPLICATE',"
        f" {_joined(_key_text(records, key))} FROM row_{records.name} r"
        f" JOIN (SELECT {names} FROM row_{records.name} GROUP BY {names} HAVING count(*) > 1) d"
        f" USING ({names})"
    )


def duplicate_in_table(records: Records, column: str) -> str:
    """Refuse rows with a unique value that another row of the table has."""
    return (
        f"INSERT INTO fault SELECT '{records.name}', r.file, r.line, '{column}', 'TAKEN',"
        f" r.{column}::text FROM row_{records.name} r"
        f' JOIN "{records.table}" t ON t.{column} = r.{column} AND t.id <> r.id'
    )


def set_faults(check: SetCheck, *, is_note: bool = False) -> str:
    return (
        f"INSERT INTO fault SELECT '{check.records}', bad.file, bad.line, '{check.column}',"
        f" '{check.code}', bad.value, {is_note} FROM ({check.query}) bad"
    )


def broken_documents(parts: Records, part: ChildOf) -> str:
    """Refuse a document with a refused part."""
    on = same_columns(part.matches, part.by, "r", "s")
    return (
        f"INSERT INTO fault SELECT DISTINCT '{part.parent}', r.file, r.line, '{parts.name}',"
        f" 'PART_REFUSED', {_joined(part.matches)} FROM fault b"
        f" JOIN stage_{parts.name} s USING (file, line) JOIN row_{part.parent} r ON {on}"
        f" WHERE b.records = '{parts.name}'"
    )


def orphans(parts: Records, part: ChildOf) -> str:
    """Refuse parts whose document is missing or refused."""
    return (
        f"INSERT INTO fault SELECT '{parts.name}', r.file, r.line, '{part.by[-1]}',"
        f" 'DOCUMENT_MISSING', {_joined(part.by)} FROM row_{parts.name} r WHERE NOT EXISTS"
        f" (SELECT FROM row_{part.parent} p WHERE p.id = r.{part.target})"
    )


def without_faulty(records: Records) -> str:
    return (
        f"DELETE FROM row_{records.name} r USING fault f"
        f" WHERE f.records = '{records.name}' AND f.file = r.file AND f.line = r.line"
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


def _faults(
    records: Records, source: str, condition: str, faults: Iterable[tuple[str, str, str]]
) -> str:
    """Insert column, code and value of each fault for rows of `source` that meet `condition`."""
    alias = source.rpartition(" ")[2]
    values = ", ".join(f"('{column}', {code}, {value})" for column, code, value in faults)
    return (
        f"INSERT INTO fault SELECT '{records.name}', {alias}.file, {alias}.line, v.*"
        f" FROM {source} CROSS JOIN LATERAL (VALUES {values}) v (col, code, value)"
        f" WHERE ({condition}) AND v.code IS NOT NULL"
    )


def _fault_of(column: FileColumn, signs: str) -> str:
    """SQL of a value's fault code; NULL for a valid value."""
    missing = "'REQUIRED'" if column.required else "NULL"
    return (
        f"CASE WHEN s.{column.name} IS NULL THEN {missing}"
        f" WHEN ({is_valid(column, signs)}) IS NOT TRUE THEN '{column.value.code}' END"
    )


def _joined(columns: Iterable[str]) -> str:
    return f"concat_ws(' ', {', '.join(f'r.{name}' for name in columns)})"


def _key_text(records: Records, key: tuple[str, ...]) -> tuple[str, ...]:
    """File columns that make up a key."""
    names = {column.typed_name for column in records.columns}
    columns: list[str] = []
    for name in key:
        if name in names:
            columns.append(name)
        elif records.part_of and records.part_of.target == name:
            columns += records.part_of.by
        else:
            columns += next(
                reference.by for reference in records.references if reference.target == name
            )
    return tuple(dict.fromkeys(columns))


def _fault_column(records: Records, key: tuple[str, ...]) -> str:
    """File column for which a key's fault is reported: the last one."""
    last_column = _key_text(records, key)[-1]
    return next(
        column.name for column in records.columns if last_column in {column.typed_name, column.name}
    )


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

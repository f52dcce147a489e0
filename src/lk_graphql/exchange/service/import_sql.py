"""SQL of an import, made from the declarations: staging, checks, writing.

A file's rows pass three temporary tables: `stage_x` holds them as text, `row_x` those that are well
formed, typed, with their keys looked up, and `fault` says what is wrong with the others. Until the
last step nothing of the cabinet's own is written.

A range keeps each statement short enough to tell how far it is; all of them are one transaction.
Rows that are as they were aren't touched (no new version, nothing for autovacuum and replicas), but
for the stamp of those that say as of which file they are.
"""

from collections.abc import Iterable
from uuid import UUID

from lk_graphql.exchange.service.records import ChildOf, FileColumn, Records, SetCheck

_LINE_BITS = 27
MOST_FILES = (1 << 32 - _LINE_BITS) - 1
"""Of an import: a row's number, of which its key is made, has 32 bits."""


def keys(base: UUID) -> str:
    """A function that makes UUIDv7s out of `base` and a number of up to 32 bits.

    They hold the number, so no two are alike; they grow with it, so that the indexes grow at their
    ends; and have 42 random bits. PostgreSQL's own `uuidv7()` takes seven times as long: a second
    for each 150,000 rows. (Its operators <<, >>, & and | are all of one precedence.)
    """
    seed = base.int & (1 << 62) - 1
    high = base.int >> 64 & ~0xFFF
    return f"""
    CREATE OR REPLACE FUNCTION pg_temp.import_key(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN encode(int8send({high} | (n >> 20)) || int8send((-9223372036854775808)
        | ((n & 1048575) << 42) | (hashint8extended(n, {seed}) & 4398046511103)), 'hex')::uuid
    """


def key_of(alias: str) -> str:
    """A new key for a row of the run."""
    return f"pg_temp.import_key(({alias}.file::bigint << {_LINE_BITS}) | {alias}.line)"


def stage_table(records: Records) -> str:
    columns = ", ".join(f'"{name}" text' for name in records.names)
    return (
        f"CREATE TEMP TABLE stage_{records.name}"
        " (file smallint, line integer DEFAULT nextval('pg_temp.import_line'), broken text,"
        f" said text, {columns}) ON COMMIT DROP"
    )


def typed_rows(records: Records) -> str:
    """Make `row_x`; `id` is the known row's key or a new one.

    The condition is one CASE, which PostgreSQL takes for true half of the time. Of conditions
    joined by AND it multiplies the chances, expects one row of a million to be good, and looks
    through a whole table for each.
    """
    typed = ", ".join(f"{_typed(one)} AS {one.typed}" for one in records.columns)
    inner = [f"SELECT s.file, s.line, {typed}"]
    joins: list[str] = []
    for number, reference in enumerate(records.references):
        inner.append(f", f{number}.id AS {reference.target}")
        on = same_columns(reference.by, reference.by, f"f{number}", "s")
        joins.append(f"LEFT JOIN ({reference.lookup_sql}) f{number} ON {on}")
    if part := records.part_of:
        inner.append(f", p.id AS {part.target}, p.is_new, p.is_stale")
        joins.append(
            f"LEFT JOIN row_{part.parent} p ON {same_columns(part.matches, part.by, 'p', 's')}"
        )
    good = f"CASE WHEN {is_well_formed(records)} THEN true ELSE false END"
    sql = f"{''.join(inner)} FROM stage_{records.name} s {' '.join(joins)} WHERE {good}"
    if records.lookups:
        sought = ", ".join(f"({one.query}) AS {one.target}" for one in records.lookups)
        sql = f"SELECT x.*, {sought} FROM ({sql}) x"
    if not records.part_of:
        sql = _existing_rows(records, sql)
    return f"CREATE TEMP TABLE row_{records.name} ON COMMIT DROP AS {sql}"


def _existing_rows(records: Records, rows: str) -> str:
    """The rows with the keys that the table has for them, or new ones."""
    on = " AND ".join(f"t.{name} = y.{name}" for name in records.key)
    if records.known_where:
        on += f" AND {records.known_where}"
    stamp = "current_setting('lk.as_of')::timestamptz"
    added = [f"{one.initial} AS {one.target}" for one in records.computed]
    if records.is_stamped_by_run:
        added.append(f"{stamp} AS {records.stamp}")
    elif records.stamp:
        stamp = f"y.{records.stamp}"
    stale = f"coalesce(t.{records.stamp} > {stamp}, false)" if records.stamp else "false"
    if records.stale_where:
        stale += f" OR {records.stale_where}"
    added += [
        f"coalesce(t.id, {key_of('y')}) AS id",
        "t.id IS NULL AS is_new",
        f"{stale} AS is_stale",
    ]
    known = f'LEFT JOIN "{records.table}" t ON {on}'
    return f"SELECT {', '.join(['y.*', *added])} FROM ({rows}) y {known}"


def is_well_formed(records: Records) -> str:
    return " AND ".join(map(_is_well_formed, records.columns))


def _is_well_formed(column: FileColumn) -> str:
    form = column.value.well_formed.format(c=f"s.{column.name}")
    return f"({form})" if column.required else f"(s.{column.name} IS NULL OR ({form}))"


def _typed(column: FileColumn) -> str:
    name = f"s.{column.name}"
    value = column.value.typed.format(c=name)
    if not column.required:
        otherwise = f"({column.default})::{column.value.type}" if column.default else "NULL"
        value = f"CASE WHEN {name} IS NULL THEN {otherwise} ELSE {value} END"
    return f"({value})::{column.value.type}"


def same_columns(
    left_columns: Iterable[str], right_columns: Iterable[str], left: str, right: str
) -> str:
    pairs = zip(left_columns, right_columns, strict=True)
    return " AND ".join(f"{left}.{one} = {right}.{other}" for one, other in pairs)


FAULTS = """
CREATE TEMP TABLE fault (
    records text, file smallint, line integer, "column" text, code text, value text
) ON COMMIT DROP
"""


def broken_lines(records: Records) -> str:
    """Lines that aren't rows at all."""
    return (
        f"INSERT INTO fault SELECT '{records.name}', file, line, NULL, broken, said"
        f" FROM stage_{records.name} WHERE broken IS NOT NULL"
    )


def format_faults(records: Records) -> str:
    """What is missing or badly written."""
    faults = ((one.name, _fault_of(one), f"s.{one.name}") for one in records.columns)
    wrong = f"s.broken IS NULL AND ({is_well_formed(records)}) IS NOT TRUE"
    return _faults(records, f"stage_{records.name} s", wrong, faults)


def row_faults(records: Records) -> str | None:
    """Keys that weren't found and checks of a row; None where there is nothing to check."""
    found = [
        (one.by[-1], f"r.{one.target} IS NULL", one.code, _together(one.by))
        for one in records.references
    ]
    found += [
        (
            one.inputs,
            f"r.{one.target} IS NULL AND r.{one.inputs} IS NOT NULL",
            one.code,
            f"r.{one.inputs}",
        )
        for one in records.lookups
        if one.code
    ]
    names = {column.name: column.typed for column in records.columns}
    found += [
        (one.column, one.condition, one.code, f"r.{names[one.column]}") for one in records.checks
    ]
    if not found:
        return None
    wrong = " OR ".join(f"({condition})" for _, condition, _, _ in found)
    faults = (
        (column, f"CASE WHEN {condition} THEN '{code}' END", f"({value})::text")
        for column, condition, code, value in found
    )
    return _faults(records, f"row_{records.name} r", wrong, faults)


def duplicates(records: Records, key: tuple[str, ...]) -> str:
    """Rows of which only one can be right; which one, nobody knows, so all are refused."""
    names = ", ".join(key)
    blamed = _blamed_column(records, key)
    return (
        f"INSERT INTO fault SELECT '{records.name}', r.file, r.line, '{blamed}', 'DUPLICATE',"
        f" {_together(_key_text(records, key))} FROM row_{records.name} r"
        f" JOIN (SELECT {names} FROM row_{records.name} GROUP BY {names} HAVING count(*) > 1) d"
        f" USING ({names})"
    )


def duplicate_in_table(records: Records, column: str) -> str:
    """Rows whose value, which has to be unique, another row of the table has already."""
    return (
        f"INSERT INTO fault SELECT '{records.name}', r.file, r.line, '{column}', 'TAKEN',"
        f" r.{column}::text FROM row_{records.name} r"
        f' JOIN "{records.table}" t ON t.{column} = r.{column} AND t.id <> r.id'
    )


def set_faults(check: SetCheck) -> str:
    return (
        f"INSERT INTO fault SELECT '{check.records}', bad.file, bad.line, '{check.column}',"
        f" '{check.code}', bad.value FROM ({check.query}) bad"
    )


def broken_documents(parts: Records, part: ChildOf) -> str:
    """A document one of whose parts was refused is refused: half of it would be wrong."""
    on = same_columns(part.matches, part.by, "r", "s")
    return (
        f"INSERT INTO fault SELECT DISTINCT '{part.parent}', r.file, r.line, '{parts.name}',"
        f" 'PART_REFUSED', {_together(part.matches)} FROM fault b"
        f" JOIN stage_{parts.name} s USING (file, line) JOIN row_{part.parent} r ON {on}"
        f" WHERE b.records = '{parts.name}'"
    )


def orphans(parts: Records, part: ChildOf) -> str:
    """Parts whose document isn't there, or was refused."""
    return (
        f"INSERT INTO fault SELECT '{parts.name}', r.file, r.line, '{part.by[-1]}',"
        f" 'DOCUMENT_MISSING', {_together(part.by)} FROM row_{parts.name} r WHERE NOT EXISTS"
        f" (SELECT FROM row_{part.parent} p WHERE p.id = r.{part.target})"
    )


def without_faulty(records: Records) -> str:
    return (
        f"DELETE FROM row_{records.name} r USING fault f"
        f" WHERE f.records = '{records.name}' AND f.file = r.file AND f.line = r.line"
    )


def _faults(
    records: Records, source: str, wrong: str, faults: Iterable[tuple[str, str, str]]
) -> str:
    """For each row of `source` that is `wrong`: column, code and value of each fault."""
    alias = source.rpartition(" ")[2]
    values = ", ".join(f"('{column}', {code}, {value})" for column, code, value in faults)
    return (
        f"INSERT INTO fault SELECT '{records.name}', {alias}.file, {alias}.line, v.*"
        f" FROM {source} CROSS JOIN LATERAL (VALUES {values}) v (col, code, value)"
        f" WHERE ({wrong}) AND v.code IS NOT NULL"
    )


def _fault_of(column: FileColumn) -> str:
    """The code of what is wrong with a text; NULL when nothing is."""
    missing = "'REQUIRED'" if column.required else "NULL"
    form = column.value.well_formed.format(c=f"s.{column.name}")
    return (
        f"CASE WHEN s.{column.name} IS NULL THEN {missing}"
        f" WHEN ({form}) IS NOT TRUE THEN '{column.value.code}' END"
    )


def _together(columns: Iterable[str]) -> str:
    return f"concat_ws(' ', {', '.join(f'r.{name}' for name in columns)})"


def _key_text(records: Records, key: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of the file that say a key."""
    said = {column.typed for column in records.columns}
    found: list[str] = []
    for name in key:
        if name in said:
            found.append(name)
        elif records.part_of and records.part_of.target == name:
            found += records.part_of.by
        else:
            found += next(one.by for one in records.references if one.target == name)
    return tuple(dict.fromkeys(found))


def _blamed_column(records: Records, key: tuple[str, ...]) -> str:
    """The file's column that a fault of the key is blamed on: the last."""
    last = _key_text(records, key)[-1]
    return next(column.name for column in records.columns if last in {column.typed, column.name})


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
    return f"{_insert_columns(records, key)} WHERE r.is_new AND NOT r.is_stale AND {_IN_RANGE}"


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


def insert_new(records: Records) -> str:
    """Parts that a known document has more than before."""
    known = f'SELECT FROM "{records.table}" t WHERE {_same(records)}'
    return (
        f"{_insert_columns(records, key_of('r'))} WHERE NOT r.is_new AND NOT r.is_stale"
        f" AND {_IN_RANGE} AND NOT EXISTS ({known})"
    )


def delete_missing(records: Records, part: ChildOf) -> str:
    """Parts that a known document has no more."""
    on = " AND ".join(f"r.{name} = t.{name}" for name in records.key)
    return (
        f'DELETE FROM "{records.table}" t USING row_{part.parent} p'
        f" WHERE t.{part.target} = p.id AND NOT p.is_new AND NOT p.is_stale"
        f" AND NOT EXISTS (SELECT FROM row_{records.name} r WHERE {on})"
    )


_IN_RANGE = "r.ctid >= $1::text::tid AND r.ctid < $2::text::tid"


def _insert_columns(records: Records, key: str) -> str:
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

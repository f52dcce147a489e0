"""The SQL that takes files to typed rows, made from the declarations in `catalog`.

A file's rows pass three temporary tables: `stage_x` holds them as text, `row_x` those that are well
formed, typed, with their keys looked up, and `fault` says what is wrong with the others. Until the
last step nothing of the cabinet's own is written.
"""

from collections.abc import Iterable
from uuid import UUID

from lk_graphql.exchange.service.records import Column, Records

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
        inner.append(f", f{number}.id AS {reference.into}")
        on = alike(reference.by, reference.by, f"f{number}", "s")
        joins.append(f"LEFT JOIN ({reference.found_in}) f{number} ON {on}")
    if part := records.part_of:
        inner.append(f", p.id AS {part.into}, p.is_new, p.is_stale")
        joins.append(f"LEFT JOIN row_{part.of} p ON {alike(part.matches, part.by, 'p', 's')}")
    good = f"CASE WHEN {is_good(records)} THEN true ELSE false END"
    sql = f"{''.join(inner)} FROM stage_{records.name} s {' '.join(joins)} WHERE {good}"
    if records.sought:
        sought = ", ".join(f"({one.query}) AS {one.into}" for one in records.sought)
        sql = f"SELECT x.*, {sought} FROM ({sql}) x"
    if not records.part_of:
        sql = _known(records, sql)
    return f"CREATE TEMP TABLE row_{records.name} ON COMMIT DROP AS {sql}"


def _known(records: Records, rows: str) -> str:
    """The rows with the keys that the table has for them, or new ones."""
    on = " AND ".join(f"t.{name} = y.{name}" for name in records.key)
    if records.known_where:
        on += f" AND {records.known_where}"
    stamp = "current_setting('lk.as_of')::timestamptz"
    added = [f"{one.initial} AS {one.into}" for one in records.computed]
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


def is_good(records: Records) -> str:
    return " AND ".join(map(_is_well_formed, records.columns))


def _is_well_formed(column: Column) -> str:
    form = column.value.well_formed.format(c=f"s.{column.name}")
    return f"({form})" if column.required else f"(s.{column.name} IS NULL OR ({form}))"


def _typed(column: Column) -> str:
    name = f"s.{column.name}"
    value = column.value.typed.format(c=name)
    if not column.required:
        otherwise = f"({column.default})::{column.value.type}" if column.default else "NULL"
        value = f"CASE WHEN {name} IS NULL THEN {otherwise} ELSE {value} END"
    return f"({value})::{column.value.type}"


def alike(theirs: Iterable[str], ours: Iterable[str], left: str, right: str) -> str:
    pairs = zip(theirs, ours, strict=True)
    return " AND ".join(f"{left}.{one} = {right}.{other}" for one, other in pairs)

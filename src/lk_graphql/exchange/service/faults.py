"""Faults of rows: the statements that record them, generated from the declarations; the report."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from asyncpg import Connection

from lk_graphql.exchange.errors import FAULTS
from lk_graphql.exchange.service.import_sql import same_columns
from lk_graphql.import_formats.service.records import ChildOf, FileColumn, Records, SetCheck
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import find_look_alike
from lk_graphql.tabular.spreadsheet_cells import cell_of, csv_line
from lk_graphql.tabular.table_files import Source
from lk_graphql.tabular.value_formats import is_valid, is_well_formed

_TOTAL = "^([Ии]того|ИТОГО|[Вв]сего|ВСЕГО|[Tt]otal|TOTAL)([ :.]|$)"
FAULT_COLUMNS = """
    records text, file smallint, line integer, "column" text, code text, value text,
    is_note boolean NOT NULL DEFAULT false
"""


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


_ROWS_PER_FETCH = 1000
REPORT_COLUMNS = ("file", "line", "column", "code", "value", "message")
_BY_LINE = """
SELECT s.name AS file, f.line, f."column", f.code, f.value, concat_ws('; ', m.message, n.note)
    AS message
FROM fault f
JOIN unnest($1::text[]) WITH ORDINALITY s (name, file) ON s.file = f.file
LEFT JOIN unnest($2::text[], $3::text[]) m (code, message) ON m.code = f.code
LEFT JOIN unnest($4::text[], $5::text[]) n (value, note)
    ON n.value = f.value AND f.code = ANY($6::text[])
ORDER BY f.file, f.line
"""
_OF_IDENTIFIERS = ["BAD_FORM", "BAD_NAME", "ACCOUNT_UNKNOWN", "REGISTER_UNKNOWN"]
"""Codes of faults for which the report names a character that looks like another one."""
_IDENTIFIERS = """
SELECT DISTINCT value FROM fault WHERE code = ANY($1) AND value IS NOT NULL LIMIT 10000
"""
_BY_CODE = """
SELECT code, "column", count(*) FROM fault WHERE is_note = $1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


async def write_report(connection: Connection, path: Path, sources: Sequence[Source]) -> None:
    """Write all faults by file and line, as CSV for Russian spreadsheets: with `;` and a BOM."""
    texts = {code: ru for code, (ru, _) in FAULTS.items()}
    names = [source.name for source in sources]
    rows = await connection.fetch(_IDENTIFIERS, _OF_IDENTIFIERS)
    look_alikes = {row["value"]: find_look_alike(row["value"]) for row in rows}
    notes = {value: strange.text(Language.RU) for value, strange in look_alikes.items() if strange}
    values = (names, [*texts], [*texts.values()], [*notes], [*notes.values()], _OF_IDENTIFIERS)
    cursor = await connection.cursor(_BY_LINE, *values)
    with path.open("wb") as file:
        file.write("\N{BYTE ORDER MARK}".encode() + csv_line(REPORT_COLUMNS))
        while rows := await cursor.fetch(_ROWS_PER_FETCH):
            file.writelines(csv_line(map(cell_of, row.values())) for row in rows)


async def count_by_code(
    connection: Connection, *, is_note: bool = False
) -> list[tuple[str, str, int]]:
    """Return the code, column and number of the faults or notes, the most frequent first."""
    rows = await connection.fetch(_BY_CODE, is_note)
    return [(code, column or "", count) for code, column, count in rows]

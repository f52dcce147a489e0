"""The SQL of an import's checks: each puts what it finds into `fault`."""

from collections.abc import Iterable

from lk_graphql.exchange.service.records import Column, Part, Records, SetCheck
from lk_graphql.exchange.service.statements import alike, is_good

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


def form_faults(records: Records) -> str:
    """What is missing or badly written."""
    faults = ((one.name, _fault_of(one), f"s.{one.name}") for one in records.columns)
    wrong = f"s.broken IS NULL AND ({is_good(records)}) IS NOT TRUE"
    return _faults(records, f"stage_{records.name} s", wrong, faults)


def row_faults(records: Records) -> str | None:
    """Keys that weren't found and checks of a row; None where there is nothing to check."""
    found = [
        (one.by[-1], f"r.{one.into} IS NULL", one.code, _together(one.by))
        for one in records.references
    ]
    found += [
        (
            one.given,
            f"r.{one.into} IS NULL AND r.{one.given} IS NOT NULL",
            one.code,
            f"r.{one.given}",
        )
        for one in records.sought
        if one.code
    ]
    names = {column.name: column.typed for column in records.columns}
    found += [(one.column, one.wrong, one.code, f"r.{names[one.column]}") for one in records.checks]
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
    return (
        f"INSERT INTO fault SELECT '{records.name}', r.file, r.line, '{_blamed(records, key)}',"
        f" 'DUPLICATE', {_together(_said(records, key))} FROM row_{records.name} r"
        f" JOIN (SELECT {names} FROM row_{records.name} GROUP BY {names} HAVING count(*) > 1) d"
        f" USING ({names})"
    )


def taken(records: Records, column: str) -> str:
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


def broken_documents(parts: Records, part: Part) -> str:
    """A document one of whose parts was refused is refused: half of it would be wrong."""
    on = alike(part.matches, part.by, "r", "s")
    return (
        f"INSERT INTO fault SELECT DISTINCT '{part.of}', r.file, r.line, '{parts.name}',"
        f" 'PART_REFUSED', {_together(part.matches)} FROM fault b"
        f" JOIN stage_{parts.name} s USING (file, line) JOIN row_{part.of} r ON {on}"
        f" WHERE b.records = '{parts.name}'"
    )


def orphans(parts: Records, part: Part) -> str:
    """Parts whose document isn't there, or was refused."""
    return (
        f"INSERT INTO fault SELECT '{parts.name}', r.file, r.line, '{part.by[-1]}',"
        f" 'DOCUMENT_MISSING', {_together(part.by)} FROM row_{parts.name} r WHERE NOT EXISTS"
        f" (SELECT FROM row_{part.of} p WHERE p.id = r.{part.into})"
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


def _fault_of(column: Column) -> str:
    """The code of what is wrong with a text; NULL when nothing is."""
    missing = "'REQUIRED'" if column.required else "NULL"
    form = column.value.well_formed.format(c=f"s.{column.name}")
    return (
        f"CASE WHEN s.{column.name} IS NULL THEN {missing}"
        f" WHEN ({form}) IS NOT TRUE THEN '{column.value.code}' END"
    )


def _together(columns: Iterable[str]) -> str:
    return f"concat_ws(' ', {', '.join(f'r.{name}' for name in columns)})"


def _said(records: Records, key: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of the file that say a key."""
    said = {column.typed for column in records.columns}
    found: list[str] = []
    for name in key:
        if name in said:
            found.append(name)
        elif records.part_of and records.part_of.into == name:
            found += records.part_of.by
        else:
            found += next(one.by for one in records.references if one.into == name)
    return tuple(dict.fromkeys(found))


def _blamed(records: Records, key: tuple[str, ...]) -> str:
    """The file's column that a fault of the key is blamed on: the last."""
    last = _said(records, key)[-1]
    return next(column.name for column in records.columns if last in {column.typed, column.name})

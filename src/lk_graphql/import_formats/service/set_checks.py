"""Checks of several rows at once: similar identifiers, gaps, incomplete sets."""

from collections.abc import Mapping

from lk_graphql.import_formats.service.records import Records, SetCheck
from lk_graphql.kit.pasted_text import LOOK_ALIKES

_FOLDED = "translate(upper({{}}), '{} ', '{}')".format(*LOOK_ALIKES)
"""Identifiers that look the same, as SQL: without blanks, in capital letters of one alphabet."""


def zeros_lost(records: str, table: str, column: str, *, same: str = "true") -> SetCheck:
    """Check for new rows with the identifier of another row without its leading zeros.

    A spreadsheet that reads an identifier as a number drops its leading zeros. `same` is a further
    condition on both rows.
    """
    others = {table: column, f"row_{records}": column}
    return _almost_equal("ZEROS_LOST", records, column, others, "ltrim({}, '0')", same)


def spelt_otherwise(records: str, table: str, column: str, *, same: str) -> SetCheck:
    """Check for new rows whose identifier differs from another's in case, blanks or alphabet only.

    People read both as the same identifier. `same` is a further condition on both rows.
    """
    others = {table: column, f"row_{records}": column}
    return _almost_equal("SPELT_OTHERWISE", records, column, others, _FOLDED, same)


def exported_otherwise(records: str, column: str, *, table: str, exported: str) -> SetCheck:
    """Check for new rows whose identifier is another spelling of an exported one.

    `exported` is its column of the table. The other systems' identifiers aren't compared, because
    they may differ in case only.
    """
    return _almost_equal("SPELT_OTHERWISE", records, column, {table: exported}, _FOLDED, "true")


def _almost_equal(
    code: str, records: str, column: str, others: Mapping[str, str], folded: str, same: str
) -> SetCheck:
    """Compare new rows with those of `others`, columns by table, by the expression `folded`."""
    query = " UNION ".join(
        f"SELECT r.file, r.line, r.{column} AS value FROM row_{records} r JOIN {table} t"
        f" ON {folded.format(f't.{other}')} = {folded.format(f'r.{column}')} AND {same}"
        f" AND t.{other} <> r.{column} WHERE r.is_new"
        for table, other in others.items()
    )
    return SetCheck(records, code, column, query)


def merged_rows(records: Records, *columns: str) -> str:
    """CTE `merged`: the file's rows, with file and line, and the table's rows not replaced."""
    of_file = f"row_{records.name} r WHERE NOT r.is_stale"
    names = ", ".join(columns)
    return (
        f"WITH merged AS (SELECT file, line, {names} FROM {of_file} UNION ALL"
        f' SELECT NULL, NULL, {names} FROM "{records.table}" t'
        f" WHERE NOT EXISTS (SELECT FROM {of_file} AND r.id = t.id))"
    )


def gap_check(records: Records, *series: str, where: str = "true") -> SetCheck:
    """Check for days between two rows of a series on which no row is in force.

    A row without an end is in force until the next row begins, so it fills no gap after that row.
    """
    names = ", ".join(series)
    same = " AND ".join(f"{{0}}.{name} = a.{name}" for name in series)
    covered = (
        f"SELECT FROM merged c WHERE {same.format('c')} AND c.valid_from <= a.valid_to + 1"
        " AND (c.valid_to IS NULL AND c.valid_from >= a.valid_from OR c.valid_to > a.valid_to)"
    )
    following = f"SELECT min(n.valid_from) FROM merged n WHERE {same.format('n')}"
    return SetCheck(
        records.name,
        "LEAVES_A_GAP",
        "valid_from",
        f"{merged_rows(records, *series, 'valid_from', 'valid_to')}, gap AS ("
        f"SELECT {names}, a.valid_to + 1 AS first_day,"
        f" ({following} AND n.valid_from > a.valid_to) - 1 AS last_day"
        f" FROM merged a WHERE a.valid_to IS NOT NULL AND NOT EXISTS ({covered}) AND {where})"
        " SELECT DISTINCT ON (m.file, m.line) m.file, m.line,"
        " concat(a.first_day, ' - ', a.last_day) AS value"
        f" FROM gap a JOIN merged m ON {same.format('m')}"
        " AND (m.valid_to = a.first_day - 1 OR m.valid_from = a.last_day + 1)"
        " WHERE a.last_day IS NOT NULL AND m.file IS NOT NULL",
    )


def incomplete_set_check(
    records: Records,
    set_key: tuple[str, ...],
    column: str,
    fault: str,
    *,
    number: str = "",
    end: str = "NULL::bigint",
) -> SetCheck:
    """Check for sets of rows with a fault; a set has one `set_key`, whose last column is its start.

    `fault` is an SQL condition on the set `s`. `s.numbers` and `s.ends` are the values of `number`
    and `end` (SQL over a row) in the order of the numbers; `s.before` are the numbers of the set
    that it replaces. `number` is the bad rows' `column`, unless several columns make up a number.
    """
    names, start = ", ".join(set_key), set_key[-1]
    same = " AND ".join(
        [f"b.{start} < s.{start}", *(f"b.{name} = s.{name}" for name in set_key[:-1])]
    )
    return SetCheck(
        records.name,
        "INCOMPLETE_SET",
        column,
        f"{merged_rows(records, *set_key, f'{number or column} AS number', f'{end} AS up_to')},"
        f" numbered AS (SELECT {names}, array_agg(number ORDER BY number) AS numbers,"
        f" array_agg(up_to ORDER BY number) AS ends FROM merged GROUP BY {names}),"
        f" s AS (SELECT s.*, (SELECT b.numbers FROM numbered b WHERE {same}"
        f" ORDER BY b.{start} DESC LIMIT 1) AS before FROM numbered s)"
        " SELECT file, line, concat_ws(', ', variadic s.numbers::text[]) AS value"
        f" FROM merged JOIN s USING ({names}) WHERE file IS NOT NULL AND ({fault})",
    )

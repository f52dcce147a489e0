"""Formats of values in files of other programs, as SQL.

Most files have standard spellings, which `valid_sql` accepts and `cast_sql` converts. `normal_sql`
rewrites other spellings of accountants, spreadsheets and mainframes (`100,50 ₽`, `100-`,
`01.10.2026 0:00:00`), but only in rows that are otherwise invalid, so that standard files cost no
more. A spelling that may mean two values is a fault.

Three digits after a number's only separator, as in `1,234`, are decimals in some programs, and in
others they belong to the integer. They are decimals if other numbers of the file prove that the
separator is the decimal sign, or if the sender of the file has named it (docs/decisions/0164).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DecimalSign(StrEnum):
    """The sign before the decimals of a program's numbers."""

    COMMA = "COMMA"
    POINT = "POINT"

    @property
    def character(self) -> str:
        return "," if self is DecimalSign.COMMA else "."


@dataclass(frozen=True)
class ValueFormat:
    """A format of values; `code` is the fault code of a malformed one.

    In the templates, `{c}` is the text, trimmed and not empty. `cast_sql` may assume `valid_sql`.

    `normal_sql` yields the usual spelling of a text, null for a text that means no value, and any
    other text unchanged. `ambiguous_sql` is true for a text that is valid only if `{signs}`, the
    proven decimal signs, contains its separator. Without `has_thousands`, such a text itself proves
    the sign, because the value can't be that large. In `export_sql`, `{c}` is the typed column,
    which is converted to a text that `cast_sql` accepts.
    """

    code: str
    type: str
    valid_sql: str
    cast_sql: str
    syntax: str
    """Description for authors of files."""
    export_sql: str = "{c}::text"
    normal_sql: str = ""
    ambiguous_sql: str = ""
    has_thousands: bool = True

    @property
    def is_number(self) -> bool:
        return self.type in {"numeric", "bigint"}


class Column(Protocol):
    """A column of texts in a table with the alias `s`."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> ValueFormat: ...
    @property
    def required(self) -> bool: ...


_MOMENT = (
    r"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]|[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}} )"
    r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?$"
)
"""Days with a time, including the spellings of 1C and .NET; a template like those of formats."""
FUNCTIONS = (
    r"""
CREATE OR REPLACE FUNCTION pg_temp.usual_number(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN (
    WITH amount AS ( -- without a currency, with ASCII blanks and minus signs
        SELECT regexp_replace(
            translate(t, U&'\2212\2010\2011\2012\2013\00A0\2009\202F', '-----   '),
            ' *(₽|[Рр]уб\.?|р\.|RUB)$', '') AS n
    ), negative AS ( -- with the minus in front
        SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(n,
            '^\(([0-9].*)\)$', '-\1'), '^([0-9].*?) ?-$', '-\1'), '^- +([0-9])', '-\1'),
            '^\+([0-9])', '\1') AS n FROM amount
    ), ungrouped AS (
        SELECT CASE WHEN n ~ '^-?[0-9]{1,3}(( [0-9]{3})+|([''’][0-9]{3})+)([.,][0-9]+)?$'
            THEN translate(n, ' ''’', '') ELSE n END AS n FROM negative
    ), whole AS (
        SELECT regexp_replace(n, '^(-?)([.,][0-9]+)$', '\10\2') AS n FROM ungrouped
    ) -- without zeros at the end, unless they may be a thousand's; 1,2340 becomes 01,234
    SELECT CASE WHEN n ~ '^-?[1-9][0-9]{0,2}[.,][0-9]{3}$' THEN n ELSE regexp_replace(
        regexp_replace(n, '^(-?[0-9]+)(?:[.,]0+|([.,][0-9]*[1-9])0+)$', '\1\2'),
        '^(-?)([1-9][0-9]{0,2}[.,][0-9]{3})$', '\10\2') END FROM whole
)""",
    rf"""
CREATE OR REPLACE FUNCTION pg_temp.usual_day(t text) RETURNS text LANGUAGE sql STABLE RETURN CASE
    -- what Excel, 1C, .NET and SQL Server write for no day
    WHEN regexp_replace(t, '[T ]0?0:00(:00(\.0+)?)?$', '') IN ('0', '00.00.0000', '0000-00-00',
        '01.01.0001', '0001-01-01', '30.12.1899', '1899-12-30', '31.12.1899', '1899-12-31',
        '00.01.1900', '01.01.1900', '1900-01-01') OR t ~ '^[-–—./ ]+$' THEN NULL
    -- a moment, unless it is on another day in the company's zone
    WHEN t ~ '{_MOMENT.format()}' AND pg_input_is_valid(t, 'timestamptz') THEN
        CASE WHEN t::timestamptz::date = left(t, 10)::date THEN left(t, 10) ELSE t END
    ELSE t END""",
)
"""SQL that defines the usual spellings of numbers and days, for one connection."""

_USUAL_NUMBER, _USUAL_DAY = "pg_temp.usual_number({c})", "pg_temp.usual_day({c})"
_USUAL_QUANTITY = (
    f"CASE WHEN {{c}} ~ '(₽|[Рр]уб\\.?|р\\.|RUB)$' THEN {{c}} ELSE {_USUAL_NUMBER} END"
)
"""Only rubles may have a currency sign; elsewhere it means that the value is of another column."""
_POINTED = "translate({c}, ',', '.')"
_MAX_DIGITS = 40  # the most digits of a number that can be converted
_RETYPED = (
    "({c} LIKE '%+%' AND {c} ~ '^[0-9]+([.,][0-9]+)?[EeЕе][+][0-9]+$'"
    " OR {c} LIKE '%0' AND {c} ~ '^[0-9]+[.,]0+$'"
    " OR ({c} LIKE '%\u00a0%' OR {c} LIKE '%\u202f%')"
    " AND {c} ~ '^[0-9]{{1,3}}([\u00a0\u202f][0-9]{{3}})+$')"
)
"""SQL for an identifier that a program has read as a number; LIKE is cheaper than a pattern."""
_MIXED = "[A-Za-z][0-9A-Za-z]*[А-яЁё]|[А-яЁё][0-9А-яЁё]*[A-Za-z]"
"""Letters of two alphabets in a word, as a pattern of PostgreSQL."""
_MONTH_NAME = (
    "(янв|февр?|мар|апр|ма[йя]|июн|июл|авг|сент?|окт|нояб?|дек"
    "|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_REDATED = (
    f"^([0-9]{{{{1,2}}}}[.-])?{_MONTH_NAME}([.-][0-9]{{{{2,4}}}})?$"
    r"|^NaN$|^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}})[ T]0?0:00"
)
"""A day into which a spreadsheet has converted a number with a sign, such as `5-10` or `1/23`."""

_DASHES = "^[-–—_.]+$"
"""Signs that people write for a missing number."""
_NO_NAME = "^([-–—_. ]+|NaN|[Нн]ет|НЕТ|[Оо]тсутствует|ОТСУТСТВУЕТ|[Бб]ез отчества|БЕЗ ОТЧЕСТВА)$"


def text(max_length: int) -> ValueFormat:
    return ValueFormat(
        "TOO_LONG",
        "text",
        f"length({{c}}) <= {max_length}",
        "{c}",
        f"text, up to {max_length} characters",
        "{c}",
    )


def identifier(max_length: int) -> ValueFormat:
    """Text, except a number in scientific notation, which has lost digits.

    A spreadsheet's day, and a word with both Cyrillic and Latin letters, are refused too, because
    they wouldn't equal the same identifier in another file.
    """
    return ValueFormat(
        "BAD_FORM",
        "text",
        f"length({{c}}) <= {max_length} AND NOT {_RETYPED}"
        f" AND {{c}} !~ '{_MIXED}|{_REDATED}|{_DASHES}'",
        "{c}",
        f"text, up to {max_length} characters",
        "{c}",
        f"CASE WHEN {{c}} !~ '{_DASHES}' THEN {{c}} END",
    )


def person_name(max_length: int) -> ValueFormat:
    """Part of a person's name, refused only if it might become another person's name.

    A placeholder for a missing name counts as no name, so the stored name stays.
    """
    return ValueFormat(
        "BAD_NAME",
        "text",
        f"length({{c}}) <= {max_length} AND {{c}} !~ '{_MIXED}|[?]|{_NO_NAME}'",
        "{c}",
        f"name, up to {max_length} characters",
        "{c}",
        f"CASE WHEN {{c}} !~ '{_NO_NAME}' THEN {{c}} END",
    )


def _number(pattern: str, bounds: str) -> str:
    """SQL that is true for a text of this form that satisfies the condition `bounds`.

    The pattern has no bounded repetitions, which would take PostgreSQL several times longer.
    """
    is_short = f"length({{c}}) <= {_MAX_DIGITS}"
    return f"CASE WHEN {{c}} ~ '^{pattern}$' THEN {is_short} AND {bounds} ELSE false END"


def _fraction(digits: int) -> str:
    return f"([.,][0-9]{'[0-9]?' * (digits - 1)})?"


def decimal(
    digits: int, fraction: int, *, is_signed: bool = False, is_price: bool = False
) -> ValueFormat:
    """Number with up to `digits` before the point; negative only if `is_signed`."""
    sign = "-?" if is_signed else ""
    bounds, ambiguous = f"abs({_POINTED}::numeric) < {10**digits}", ""
    if fraction > 2:
        ambiguous = f"{{c}} ~ '^{sign}[1-9][0-9]?[0-9]?[{{signs}}][0-9][0-9][0-9]$'"
        has_three = "({c} LIKE '%.___' OR {c} LIKE '%,___')"
        bounds += f" AND NOT ({has_three} AND {ambiguous.replace('{signs}', '.,')})"
    return ValueFormat(
        "BAD_NUMBER",
        "numeric",
        _number(f"{sign}[0-9]+{_fraction(fraction)}", bounds),
        f"{_POINTED}::numeric",
        f"number, up to {fraction} decimals",
        "trim_scale({c})::text",
        _USUAL_NUMBER if is_price else _USUAL_QUANTITY,
        ambiguous,
        has_thousands=digits > 3,
    )


def integer(low: int, high: int) -> ValueFormat:
    return ValueFormat(
        "BAD_NUMBER",
        "bigint",
        _number("[0-9]+", f"{{c}}::numeric BETWEEN {low} AND {high}"),
        "{c}::bigint",
        f"whole number, {low} to {high}",
        normal_sql=_USUAL_QUANTITY,
    )


MONEY = ValueFormat(
    "BAD_MONEY",
    "bigint",
    _number(f"-?[0-9]+{_fraction(2)}", f"abs({_POINTED}::numeric) < {10**11}"),
    f"({_POINTED}::numeric * 100)::bigint",
    "rubles, up to 2 decimals",
    "round({c}::numeric / 100, 2)::text",
    _USUAL_NUMBER,
)
DAY = ValueFormat(
    "BAD_DATE",
    "date",
    "CASE WHEN ({c} LIKE '____-__-__' OR {c} LIKE '__.__.____') AND pg_input_is_valid({c}, 'date')"
    " THEN {c}::date BETWEEN '1900-01-02' AND '2199-12-31' ELSE false END",
    "{c}::date",
    "day, `2026-11-22` or `22.11.2026`",
    normal_sql=_USUAL_DAY,
)
MONTH = ValueFormat(
    "BAD_PERIOD",
    "date",
    "{c} ~ '^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])(-01)?$'"
    " OR {c} ~ '^(01\\.)?(0[1-9]|1[0-2])\\.(19|20|21)[0-9][0-9]$'",
    "CASE WHEN {c} LIKE '____-%' THEN left({c}, 7) || '-01'"
    " ELSE right({c}, 4) || '-' || left(right({c}, 7), 2) || '-01' END::date",
    "month, `2026-11` or `11.2026`",
    "to_char({c}, 'YYYY-MM')",
    _USUAL_DAY,
)
MOMENT = ValueFormat(
    "BAD_TIME",
    "timestamptz",
    f"CASE WHEN {{c}} ~ '{_MOMENT}' AND pg_input_is_valid({{c}}, 'timestamptz')"
    " THEN {c}::timestamptz BETWEEN '1900-01-02' AND '2199-12-31' ELSE false END",
    "{c}::timestamptz",
    "moment, `2026-11-22T14:05+07:00` or `22.11.2026 14:05` in the company's zone",
    "to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    "CASE WHEN pg_temp.usual_day({c}) IS NOT NULL THEN {c} END",
)
BOOLEAN = ValueFormat(
    "BAD_CHOICE",
    "boolean",
    "lower({c}) IN ('1', '0', 'true', 'false', 'да', 'нет')",
    "lower({c}) IN ('1', 'true', 'да')",
    "`1`, `true`, `да` or `0`, `false`, `нет`",
    "CASE WHEN {c} THEN '1' ELSE '0' END",
    "CASE WHEN {c} IN ('ИСТИНА', 'Истина', 'Да', 'ДА') THEN '1'"
    " WHEN {c} IN ('ЛОЖЬ', 'Ложь', 'Нет', 'НЕТ') THEN '0' ELSE {c} END",
)
KEY = ValueFormat(
    "BAD_KEY", "uuid", "pg_input_is_valid({c}, 'uuid')", "{c}::uuid", "key, as it was exported"
)


def choice(enum: type[StrEnum]) -> ValueFormat:
    names = [member.value for member in enum]
    values = ", ".join(f"'{name}'" for name in names)
    return ValueFormat(
        "BAD_CHOICE",
        "text",
        f"{{c}} IN ({values})",
        "{c}",
        ", ".join(f"`{name}`" for name in names),
        "{c}",
        f"CASE WHEN upper({{c}}) IN ({values}) THEN upper({{c}}) ELSE {{c}} END",
    )


def matching(pattern: str, description: str, *, cast_sql: str = "{c}") -> ValueFormat:
    """Text that matches `pattern`, a POSIX regular expression for the whole value."""
    escaped = pattern.replace("{", "{{").replace("}", "}}")
    form = cast_sql + f" ~ '^({escaped})$'"
    return ValueFormat("BAD_FORM", "text", form, cast_sql, description, "{c}")


def is_valid(column: Column, signs: str) -> str:
    """SQL that is true for a valid value; `signs` are the proven decimal signs."""
    name, value = f"s.{column.name}", column.value
    form = value.valid_sql.format(c=name)
    if signs and value.ambiguous_sql:
        return f"({form}) OR ({value.ambiguous_sql.format(c=name, signs=signs)})"
    return form


def is_well_formed(columns: Sequence[Column], signs: str) -> str:
    """SQL that is true for a row whose values are valid."""
    return " AND ".join(
        f"({is_valid(column, signs)})"
        if column.required
        else f"(s.{column.name} IS NULL OR ({is_valid(column, signs)}))"
        for column in columns
    )


def normalize(table: str, columns: Sequence[Column], signs: str) -> str | None:
    """SQL that rewrites unusual spellings in rows of the table that aren't well-formed."""
    unusual = [column for column in columns if column.value.normal_sql]
    if not unusual:
        return None
    names = [f"s.{column.name}" for column in unusual]
    usual = [
        f"CASE WHEN {is_valid(column, signs)} THEN {name}"
        f" ELSE {column.value.normal_sql.format(c=name)} END"
        for column, name in zip(unusual, names, strict=True)
    ]
    assignments = (f"{column.name} = {sql}" for column, sql in zip(unusual, usual, strict=True))
    return (
        f"UPDATE {table} s SET {', '.join(assignments)} WHERE s.fault_code IS NULL"
        f" AND ({is_well_formed(columns, signs)}) IS NOT TRUE"
        f" AND ({', '.join(names)}) IS DISTINCT FROM ({', '.join(usual)})"
    )


def has_ambiguous(table: str, columns: Sequence[Column], rows: int) -> str | None:
    """SQL that tests the first rows for a number whose separator needs a proof."""
    forms = [
        column.value.ambiguous_sql.format(c=f"s.{column.name}", signs=".,")
        for column in columns
        if column.value.ambiguous_sql
    ]
    if not forms:
        return None
    sample = f"(SELECT * FROM {table} LIMIT {rows}) s"
    return f"SELECT EXISTS (SELECT FROM {sample} WHERE {' OR '.join(forms)})"


def proven_signs(tables: Mapping[str, Sequence[Column]], named: DecimalSign | None) -> str:
    """SQL for the proven decimal signs, without signs that other numbers have between thousands.

    A number proves that its separator is the decimal sign in three cases: the digits after it
    aren't three, the digits before it can't be the first group of a number, or the column has no
    thousands. A sign that was `named` needs no proof, unless the numbers prove only the other sign.
    All tables come from one program.
    """
    columns = [
        (table, column)
        for table, some in tables.items()
        for column in some
        if column.value.is_number
    ]
    proofs, tests = {sign: _is_proven(columns, sign.character) for sign in DecimalSign}, list[str]()
    for sign, other in (
        (DecimalSign.POINT, DecimalSign.COMMA),
        (DecimalSign.COMMA, DecimalSign.POINT),
    ):
        is_sign = proofs[sign] if sign is not named else f"({proofs[sign]} OR NOT {proofs[other]})"
        is_grouped = _has_groups(columns, sign.character, other.character)
        condition = f"{is_sign} AND NOT {is_grouped}"
        tests.append(f"CASE WHEN {condition} THEN '{sign.character}' ELSE '' END")
    return f"SELECT {' || '.join(tests)}"


def _is_proven(columns: Sequence[tuple[str, Column]], sign: str) -> str:
    few_or_many = f"[0-9]+[{sign}]([0-9]{{1,2}}|[0-9]{{4,}})"
    no_group = f"(0[0-9]*|[0-9]{{4,}})[{sign}][0-9]{{3}}"
    any_three = f"[0-9]+[{sign}][0-9]{{3}}"

    def pattern(column: Column) -> str:
        forms = (few_or_many, no_group if column.value.has_thousands else any_three)
        return f"^-?({'|'.join(forms)})$"

    return _exists(columns, pattern)


def _has_groups(columns: Sequence[tuple[str, Column]], sign: str, other: str) -> str:
    pattern = f"^-?[0-9]{{1,3}}([{sign}][0-9]{{3}})+([{sign}][0-9]{{3}}|[{other}][0-9]*)$"
    return _exists(columns, lambda _: pattern)


def _exists(columns: Sequence[tuple[str, Column]], pattern: Callable[[Column], str]) -> str:
    """SQL that is true if a value in one of the tables matches the pattern of its column."""
    conditions = defaultdict[str, list[str]](list)
    for table, column in columns:
        conditions[table].append(f"s.{column.name} ~ '{pattern(column)}'")
    rows = (
        f"EXISTS (SELECT FROM {table} s WHERE s.fault_code IS NULL AND ({' OR '.join(some)}))"
        for table, some in conditions.items()
    )
    return f"({' OR '.join(rows)})"

"""How values are written in files, as SQL over a text column: is it well formed, what is it.

A `Value` is three templates. In `well_formed` and `typed` `{c}` is the text, trimmed and not empty;
`typed` may rely on `well_formed`. In `shown` `{c}` is the typed column: it writes what `typed`
reads. Files come from people, too: a decimal comma, spaces between thousands, `22.11.2026`.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Value:
    """A kind of value; `code` is what a badly written one is called in reports."""

    code: str
    type: str
    well_formed: str
    typed: str
    written: str
    """For whoever makes files: how to write it."""
    shown: str = "{c}::text"


_PLAIN = "translate({c}, U&',\\2212 \\00A0\\202F', '.-')"
"""A number without what people put between thousands, with a point and a plain minus."""


def text(longest: int) -> Value:
    return Value(
        "TOO_LONG",
        "text",
        f"length({{c}}) <= {longest}",
        "{c}",
        f"text, up to {longest} characters",
        "{c}",
    )


def _number(pattern: str, and_then: str) -> str:
    """Whether a text is a number of this form, of which `and_then` holds.

    Most are written plainly, and `translate` costs as much as all the rest.
    """
    return (
        f"CASE WHEN {{c}} ~ '^{pattern}$' OR {_PLAIN} ~ '^{pattern}$'"
        f" THEN {and_then} ELSE false END"
    )


def _fraction(digits: int) -> str:
    return f"([.,][0-9]{'[0-9]?' * (digits - 1)})?"


def decimal(digits: int, fraction: int, *, signed: bool = False) -> Value:
    """With up to `digits` before the point; negative only where it is `signed`."""
    pattern = f"{'-?' if signed else ''}[0-9]+{_fraction(fraction)}"
    return Value(
        "BAD_NUMBER",
        "numeric",
        _number(pattern, f"abs({_PLAIN}::numeric) < {10**digits}"),
        f"{_PLAIN}::numeric",
        f"number, up to {fraction} decimals",
        "trim_scale({c})::text",
    )


def integer(low: int, high: int) -> Value:
    return Value(
        "BAD_NUMBER",
        "bigint",
        _number("[0-9]+", f"{_PLAIN}::numeric BETWEEN {low} AND {high}"),
        f"{_PLAIN}::bigint",
        f"whole number, {low} to {high}",
    )


MONEY = Value(
    "BAD_MONEY",
    "bigint",
    _number(f"-?[0-9]+{_fraction(2)}", "length({c}) <= 20"),
    f"({_PLAIN}::numeric * 100)::bigint",
    "rubles, up to 2 decimals",
    "round({c}::numeric / 100, 2)::text",
)
DAY = Value(
    "BAD_DATE",
    "date",
    "CASE WHEN ({c} LIKE '____-__-__' OR {c} LIKE '__.__.____') AND pg_input_is_valid({c}, 'date')"
    " THEN {c}::date BETWEEN '1900-01-01' AND '2199-12-31' ELSE false END",
    "{c}::date",
    "day, `2026-11-22` or `22.11.2026`",
)
MONTH = Value(
    "BAD_PERIOD",
    "date",
    "{c} ~ '^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])(-01)?$'"
    " OR {c} ~ '^(01\\.)?(0[1-9]|1[0-2])\\.(19|20|21)[0-9][0-9]$'",
    "CASE WHEN {c} LIKE '____-%' THEN left({c}, 7) || '-01'"
    " ELSE right({c}, 4) || '-' || left(right({c}, 7), 2) || '-01' END::date",
    "month, `2026-11` or `11.2026`",
    "to_char({c}, 'YYYY-MM')",
)
MOMENT = Value(
    "BAD_TIME",
    "timestamptz",
    "CASE WHEN {c} ~ '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]|[0-9]{{2}}\\.[0-9]{{2}}\\.[0-9]{{4}} )"
    "[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\\.[0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?$'"
    " AND pg_input_is_valid({c}, 'timestamptz')"
    " THEN {c}::timestamptz BETWEEN '1900-01-01' AND '2199-12-31' ELSE false END",
    "{c}::timestamptz",
    "moment, `2026-11-22T14:05+07:00` or `22.11.2026 14:05` in the company's zone",
    "to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
)
YES_NO = Value(
    "BAD_CHOICE",
    "boolean",
    "lower({c}) IN ('1', '0', 'true', 'false', 'да', 'нет')",
    "lower({c}) IN ('1', 'true', 'да')",
    "`1`, `true`, `да` or `0`, `false`, `нет`",
    "CASE WHEN {c} THEN '1' ELSE '0' END",
)
KEY = Value(
    "BAD_KEY", "uuid", "pg_input_is_valid({c}, 'uuid')", "{c}::uuid", "key, as it was exported"
)


def choice(of: type[StrEnum]) -> Value:
    names = [one.value for one in of]
    listed = ", ".join(f"'{name}'" for name in names)
    return Value(
        "BAD_CHOICE",
        "text",
        f"upper({{c}}) IN ({listed})",
        "upper({c})",
        ", ".join(f"`{name}`" for name in names),
        "{c}",
    )


def matching(pattern: str, written: str, *, typed: str = "{c}") -> Value:
    """A text of one form; `pattern` is a POSIX regular expression for the whole of it."""
    doubled = pattern.replace("{", "{{").replace("}", "}}")
    form = typed + f" ~ '^({doubled})$'"
    return Value("BAD_FORM", "text", form, typed, written, "{c}")

"""Scalars, each with a serializer in SQL and one in Python.

Both serializers of a `ScalarCodec` must write the same bytes; a property test compares them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry

from lk_graphql.kit import money
from lk_graphql.kit.typed_numbers import (
    MONEY_PATTERN,
    QUANTITY_PATTERN,
    UnreadableNumber,
    read_decimal,
    read_kopecks,
)

Money = NewType("Money", int)
Quantity = NewType("Quantity", Decimal)
Period = NewType("Period", date)
Url = NewType("Url", str)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
PERIOD_PATTERN = r"[0-9]{4}-(0[1-9]|1[0-2])"
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 30, tzinfo=UTC)
"""One day inside the ends of Python's calendar, so that a moment exists in every time zone."""


@dataclass(frozen=True)
class ScalarCodec:
    """A scalar's serializers (an SQL template around `{}`, a Python function) and its parser.

    `parse` raises ValueError for text that doesn't have the form in the description. For a number
    that people type, it returns a `UnreadableNumber` instead, see `kit.typed_numbers`. `pattern`
    matches the whole text; it is in ECMAScript's syntax, for clients' forms.
    """

    name: str
    sql: str
    python: Callable[[Any], str]
    parse: Callable[[Any], Any]
    description: str
    specified_by: str | None = None
    pattern: str | None = None


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("It is not written in the form that the scalar's description states")
    return value


def _day(value: object) -> date:
    return date.fromisoformat(_matching(_DAY, value))


def _month(value: object) -> date:
    return _day(f"{_matching(re.compile(PERIOD_PATTERN), value)}-01")


def _decimal(value: object) -> Decimal | UnreadableNumber:
    return read_decimal(_text(value))


def _kopecks(value: object) -> int | UnreadableNumber:
    return read_kopecks(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        text = 'It has to be a string, such as "1234.56": JSON\'s numbers are inexact'
        raise ValueError(text)  # noqa: TRY004 - graphql-core asks for it
    return value


def _plain(number: Decimal) -> str:
    """Format like PostgreSQL's `trim_scale`; `Decimal.normalize` would round long numbers."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rubles(kopecks: Any) -> str:
    return money.to_rubles(int(kopecks))  # PostgreSQL's sum() of integers is a numeric


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_matching(_MOMENT, value).upper())
    if not _FIRST_MOMENT <= moment <= _LAST_MOMENT:
        raise ValueError("It is not between the years 1 and 9999 in every time zone")
    return moment


def _url(value: object) -> str:
    return _matching(re.compile(r"https?://\S{1,2000}"), value)


def _instant(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


CODECS: dict[Any, ScalarCodec] = {
    # bigint * 0.01 is numeric with exactly two decimals: no rounding, no float
    Money: ScalarCodec(
        "Money", "({}*0.01)::text", _rubles, _kopecks,
        "Rubles and kopecks as text, always with two decimals: `1234.56`. Inputs also accept "
        f"the forms that people type, `1 234,5`: `^{MONEY_PATTERN}$`.",
        pattern=MONEY_PATTERN,
    ),
    Quantity: ScalarCodec(
        "Quantity", "trim_scale({})::text", _plain, _decimal,
        "A decimal number as text, without trailing zeros, `120.5`, in the field's unit. Inputs "
        f"also accept the forms that people type, `1 120,5`: `^{QUANTITY_PATTERN}$`.",
        pattern=QUANTITY_PATTERN,
    ),
    date: ScalarCodec(
        "Date", "{}", date.isoformat, _day,
        "A calendar day, `2026-10-31`, in the supplier's time zone.",
        "https://scalars.graphql.org/andimarek/local-date",
    ),
    Period: ScalarCodec(
        "Period", "to_char({}, 'YYYY-MM')", "{:%Y-%m}".format, _month,
        f"A calendar month («расчётный период»), `2026-10`: `^{PERIOD_PATTERN}$`.",
        pattern=PERIOD_PATTERN,
    ),
    # JSON in PostgreSQL has as many decimals as the timestamp, `isoformat` none or six
    datetime: ScalarCodec(
        "DateTime", """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')""",
        _instant, _moment,
        "A date and time in UTC, `2026-10-31T08:00:00.000Z`; inputs accept any offset.",
        "https://scalars.graphql.org/andimarek/date-time",
    ),
    Url: ScalarCodec(
        "Url", "{}", str, _url,
        "An absolute address: `https:` (`http:` in development), or `webcal:` for calendars.",
    ),
}  # fmt: skip

SCALARS = {
    python_type: strawberry.scalar(
        name=codec.name,
        description=codec.description,
        specified_by_url=codec.specified_by,
        serialize=codec.python,
        parse_value=codec.parse,
    )
    for python_type, codec in CODECS.items()
}
"""For `StrawberryConfig(scalar_map=…)`."""

_SQL = {codec.name: codec.sql for codec in CODECS.values()}


def encode_sql(type_name: str, sql: str) -> str:
    """Wrap an SQL expression so that its JSON is the GraphQL type's."""
    return _SQL.get(type_name, "{}").format(sql)

"""Cursors: opaque positions in an ordered list, encoded equally by SQL and by Python."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields

from lk_graphql.kit.errors import BadArgument

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class CursorPosition(NamedTuple):
    """A row's position: its value in the ordering column, and its key."""

    value: Any
    key: UUID


@dataclass(frozen=True)
class Ordering:
    """A column type for ordering lists, with the encoding of its values in cursors."""

    cast: str
    sql: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]

    def cursor(self, position: CursorPosition) -> str:
        text = f"{position.key.hex}{self.write(position.value)}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def cursor_sql(self, value: str, key: str) -> str:
        """The SQL expression that yields the same cursor."""
        text = f"replace({key}::text, '-', '') || {self.sql.format(value)}"
        # PostgreSQL's base64 has line breaks, and only the alphabet with + and /
        return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"

    def position(self, cursor: object) -> CursorPosition:
        """Decode a cursor. Raises `BadArgument` if it isn't one of this list's."""
        try:
            padded = str(cursor) + "=" * (-len(str(cursor)) % 4)
            text = urlsafe_b64decode(padded.encode("ascii")).decode()
            return CursorPosition(self.read(text[32:]), UUID(hex=text[:32]))
        except (ValueError, ArithmeticError) as error:
            raise BadArgument("This cursor is not one of this list's.") from error


def _int(text: str, bits: int = 64) -> int:
    value, end = int(text[:20]), 2 ** (bits - 1)
    if not -end <= value < end:
        raise ValueError("out of the column's range")
    return value


def _text(text: str, longest: int = 2**30) -> str:
    if "\x00" in text:
        raise ValueError("PostgreSQL text can't contain U+0000")
    if len(text) > longest:
        raise ValueError("longer than the column, which Tortoise doesn't compare")
    return text


def _moment(text: str) -> datetime:
    return _EPOCH + _int(text) * _TICK


def _decimal(text: str) -> Decimal:
    value = Decimal(text[:60])
    if not value.is_finite():
        raise ValueError("not a number")
    return value


_ORDERINGS: dict[type[Any], Ordering] = {
    fields.DateField: Ordering("date", "({})::text", date.isoformat, date.fromisoformat),
    fields.DatetimeField: Ordering(
        "timestamptz",
        "(extract(epoch FROM {}) * 1000000)::bigint::text",
        lambda moment: str((moment - _EPOCH) // _TICK),
        _moment,
    ),
    fields.IntField: Ordering("int", "({})::text", str, partial(_int, bits=32)),
    fields.BigIntField: Ordering("bigint", "({})::text", str, _int),
    fields.SmallIntField: Ordering("smallint", "({})::text", str, partial(_int, bits=16)),
    fields.DecimalField: Ordering("numeric", "({})::text", "{:f}".format, _decimal),
    fields.TextField: Ordering("text", "{}", str, _text),
}


def ordering(field: Any) -> Ordering:
    """The ordering by a Tortoise field. Raises TypeError for other column types."""
    if isinstance(field, fields.CharField):
        return Ordering("text", "{}", str, partial(_text, longest=field.max_length))
    result = _ORDERINGS.get(field.__class__)
    if result is None:
        raise TypeError(f"{field.model_field_name} can't order pages: its type")
    return result

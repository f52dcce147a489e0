"""Scalars parse only their own form, and cursors decode to the position they encode."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tortoise import fields

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.pasted_text import StrangeCharacter
from lk_graphql.kit.typed_numbers import AmountMalformed, NumberMalformed, UnreadableNumber
from lk_graphql.planner.declare.scalars import CODECS, Money, Period, Quantity, Url
from lk_graphql.planner.sql.cursors import CursorPosition, ordering

READ = [
    (Money, "1234.56", 123456),
    (Money, "-0.05", -5),
    (Money, "7", 700),
    (Money, "12,5", 1250),
    (Quantity, "120.500", Decimal("120.500")),
    (Quantity, "123,4", Decimal("123.4")),
    (Money, "1 234,5", 123450),
    (Money, "1.234", UnreadableNumber(AmountMalformed)),
    (Quantity, "abc", UnreadableNumber(NumberMalformed, StrangeCharacter(1, "a"))),
    (date, "2026-10-31", date(2026, 10, 31)),
    (Period, "2026-10", date(2026, 10, 1)),
    (datetime, "2026-10-31T08:00:00Z", datetime(2026, 10, 31, 8, tzinfo=UTC)),
    (datetime, "2026-10-31T08:00:00.5+07:00", datetime(2026, 10, 31, 1, 0, 0, 500000, tzinfo=UTC)),
    (Url, "https://example.org/ы", "https://example.org/ы"),
]
REFUSED: list[tuple[Any, list[Any]]] = [
    (Money, [5, 1.5, None, True, [], {}]),
    (Quantity, [5, 1.5, None, True, [], {}]),
    (date, ["20261031", "2026-W10-1", "2026-13-01", "2026-10-31T00:00:00", 20261031, ""]),
    (Period, ["2026", "2026-13", "2026-10-01", 202610]),
    (datetime, ["2026-10-31T08:00:00", "2026-10-31", "2026-10-31 08:00:00Z", 0, "x"]),
    (Url, ["javascript:alert(1)", "//example.org", "https://a b", "", 1]),
]


@pytest.mark.parametrize(("scalar", "text", "value"), READ)
def test_a_scalar_parses_its_written_forms(scalar: Any, text: str, value: object) -> None:
    assert CODECS[scalar].parse(text) == value


@pytest.mark.parametrize(
    ("scalar", "value"), [(scalar, value) for scalar, values in REFUSED for value in values]
)
def test_a_scalar_refuses_other_values(scalar: Any, value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - graphql-core asks for no more
        CODECS[scalar].parse(value)


KEY = UUID(int=7)
PLACES = [
    (fields.DateField(), date(2026, 10, 31)),
    (fields.DatetimeField(), datetime(2026, 10, 31, 8, 0, 0, 123456, tzinfo=UTC)),
    (fields.DatetimeField(), datetime(1969, 10, 31, 8, 0, 0, 999999, tzinfo=UTC)),
    (fields.IntField(), -5),
    (fields.SmallIntField(), 2**15 - 1),
    (fields.BigIntField(), 2**62),
    (fields.DecimalField(10, 3), Decimal("-0.500")),
    (fields.CharField(max_length=10), "Ёлка_+/="),
    (fields.TextField(), ""),
]


@pytest.mark.parametrize(("field", "value"), PLACES)
def test_a_cursor_comes_back(field: Any, value: object) -> None:
    column_ordering = ordering(field)
    assert column_ordering.position(
        column_ordering.cursor(CursorPosition(value, KEY))
    ) == CursorPosition(value, KEY)


@pytest.mark.parametrize("field", [field for field, _ in PLACES])
@pytest.mark.parametrize("text", ["", "x", "A" * 43, "____", "=", "9" * 5000, "\x00", None, "é"])
def test_a_strange_cursor_is_refused(field: Any, text: object) -> None:
    with pytest.raises(BadArgument):
        ordering(field).position(text)


@pytest.mark.parametrize(("field", "bits"), [(fields.IntField(), 32), (fields.SmallIntField(), 16)])
def test_a_cursor_of_another_list_is_refused(field: Any, bits: int) -> None:
    cursor = ordering(fields.BigIntField()).cursor(CursorPosition(2 ** (bits - 1), KEY))
    with pytest.raises(BadArgument):
        ordering(field).position(cursor)


def test_a_cursor_with_a_text_longer_than_the_column_is_refused() -> None:
    cursor = ordering(fields.TextField()).cursor(CursorPosition("x" * 11, KEY))
    with pytest.raises(BadArgument):
        ordering(fields.CharField(max_length=10)).position(cursor)


def test_not_every_kind_orders_pages() -> None:
    with pytest.raises(TypeError):
        ordering(fields.JSONField())
